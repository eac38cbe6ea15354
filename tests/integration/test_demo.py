"""``amlflow demo``: the first notebook does what it says, and a lack is noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from mlflow import MlflowClient

from amlflow_jupyter.demo import check


def amlflow(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "amlflow_jupyter", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("demo") / "notebooks"
    return amlflow("demo", "--check", "--dir", str(folder)), folder


def test_everything_is_tracked(demo):
    done, folder = demo
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything was tracked." in done.stdout
    assert "loss (100)" in done.stdout
    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    experiment = client.get_experiment_by_name("digits")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert {name: run.info.status for name, run in runs.items()} == {
        "first-try": "FINISHED",
        "smaller-steps": "FINISHED",
        "goes-wrong": "FAILED",
    }
    first = runs["first-try"]
    assert first.data.params["learning_rate"] == "0.05"
    assert first.data.metrics["validation/accuracy"] > 0.9
    assert len(client.get_metric_history(first.info.run_id, "loss")) == 100
    assert len(client.get_metric_history(runs["goes-wrong"].info.run_id, "loss")) == 3
    path = client.download_artifacts(first.info.run_id, "figures/figure-01.png")
    assert Path(path).read_bytes().startswith(b"\x89PNG")


def test_the_notebook_keeps_results_that_need_no_kernel(demo):
    _, folder = demo
    notebook = nbformat.read(folder / "01_first_run.ipynb", as_version=4)
    shown = [
        output["data"]
        for cell in notebook.cells
        if cell.source.startswith("%%track")
        for output in cell.outputs
        if output["output_type"] == "display_data"
    ]
    views = [data for data in shown if "data:image/svg+xml" in data.get("text/html", "")]
    assert len(views) == 3
    assert not any("application/vnd.jupyter.widget-view+json" in data for data in shown)


def test_what_is_missing_is_said(demo, capsys):
    _, folder = demo
    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    experiment = client.get_experiment_by_name("digits")
    (run,) = client.search_runs([experiment.experiment_id], "run_name = 'smaller-steps'")
    client.delete_run(run.info.run_id)
    assert check.report(folder) == ["run smaller-steps"]
    assert "first-try: FINISHED" in capsys.readouterr().out


def test_notebooks_are_never_overwritten(demo):
    _, folder = demo
    done = amlflow("demo", "--check", "--dir", str(folder))
    assert done.returncode == 1
    assert done.stderr.startswith("amlflow: ")
    assert "is there already" in done.stderr


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    done = amlflow("demo", "--check", "--dir", str(tmp_path / "file" / "x"))
    assert done.returncode == 1
    assert "name another folder with --dir" in done.stderr
    assert "Traceback" not in done.stderr
