"""The second demo notebook, as a user would run it, in the loopback workspace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from loopback import Loopback
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[2] / "demo_notebooks" / "02_azure_workspace.ipynb"


@pytest.fixture(scope="module")
def executed(loopback: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after all of its cells ran, beside a ``config.json``."""
    folder = tmp_path_factory.mktemp("azure-demo")
    loopback.write_config(folder)
    loopback.az_login()
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=environment(loopback, folder))
    return notebook


def environment(loopback: Loopback, folder: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    home = folder / "home"
    return {**inherited, **loopback.env(home), "AMLFLOW_HOME": str(home / "amlflow")}


def shown(notebook: Any, cell_id: str) -> str:
    """All text that a cell shows."""
    (cell,) = [cell for cell in notebook.cells if cell.get("id") == cell_id]
    parts = [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    ]
    return "\n".join(parts)


def test_every_cell_runs(executed):
    kinds = {output["output_type"] for cell in executed.cells for output in cell.get("outputs", [])}
    assert "error" not in kinds


def test_it_is_connected(executed, loopback: Loopback):
    text = shown(executed, "connect")
    for fact in (loopback.workspace_name, loopback.resource_group, loopback.region, "diabetes"):
        assert fact in text


def test_the_workspace_is_shown(executed, loopback: Loopback):
    assert loopback.workspace_name in shown(executed, "workspace")
    assert "workspaceblobstore" in shown(executed, "datastores")


def test_the_cells_are_runs(executed):
    text = shown(executed, "runs")
    assert "ridge" in text
    assert "search" in text
    assert "mse" in text


def test_the_link_is_a_page_of_the_studio(executed, loopback: Loopback):
    link = shown(executed, "portal").strip()
    assert link.startswith("https://ml.azure.com/runs/")
    assert loopback.arm_id in link


def test_the_registered_model_predicts(executed):
    assert "array" in shown(executed, "register")


def test_nothing_went_wrong_unseen(executed):
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                assert strangers(output["text"]) == []


def strangers(text: str) -> list[str]:
    """The lines of standard error that MLflow does not write on any server."""
    usual = ("Saving scikit-learn models in the pickle", "Logging the 5 best runs", "Waiting up to")
    usual += ("Successfully registered model", "Created version", "Downloading artifacts")
    return [line for line in text.splitlines() if line and not any(part in line for part in usual)]
