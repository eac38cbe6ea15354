"""Where code comes from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from amlflow_jupyter.capture import SourceInfo, find


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.delenv("AZUREML_RUN_ID", raising=False)
    path = tmp_path / "n.ipynb"
    path.write_text("{}")
    return path


def shell(**namespace: Any) -> SimpleNamespace:
    """Nothing but what is looked at: a shell's namespace, and that it has a kernel."""
    return SimpleNamespace(user_ns=namespace, kernel=object())


def test_jupyter(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    assert find(shell()) == SourceInfo(notebook, "n.ipynb", "NOTEBOOK")


def test_jupyter_with_collaboration(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook.parent / "RTC:n.ipynb"))
    assert find(shell()).path == notebook


def test_jupyter_with_a_relative_path(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "n.ipynb")
    monkeypatch.chdir(notebook.parent)
    assert find(shell()).path == notebook


def test_a_script_that_jupyter_shows_as_a_notebook(
    notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = notebook.with_suffix(".py")
    script.write_text("")
    monkeypatch.setenv("JPY_SESSION_NAME", str(script))
    assert find(shell()).kind == "NOTEBOOK"


def test_vs_code(notebook: Path) -> None:
    assert find(shell(__vsc_ipynb_file__=str(notebook))).path == notebook


def test_a_notebook_that_was_never_saved(notebook: Path) -> None:
    found = find(shell(__vsc_ipynb_file__=str(notebook.parent / "Untitled-1.ipynb")))
    assert found == SourceInfo(None, "Untitled-1.ipynb", "NOTEBOOK")


def test_what_is_run_by_a_notebook_goes_first(
    notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = notebook.with_name("other.ipynb")
    other.write_text("{}")
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    assert find(shell(__file__=str(other))).path == other


def test_nothing_is_known(notebook: Path) -> None:
    assert find(shell()) == SourceInfo(None, None, "NOTEBOOK")
    assert find(SimpleNamespace(user_ns={})) == SourceInfo(None, None, "LOCAL")
    assert notebook.exists()


@pytest.mark.parametrize(("variables", "kind"), [({}, "LOCAL"), ({"AZUREML_RUN_ID": "r"}, "JOB")])
def test_a_script(tmp_path: Path, variables: dict[str, str], kind: str) -> None:
    script = tmp_path / "train.py"
    script.write_text(
        "from amlflow_jupyter.capture import find; f = find(None); print(*vars(f).values())"
    )
    environment = {"PATH": "", "PYTHONPATH": ":".join(sys.path), **variables}
    done = subprocess.run(
        [sys.executable, "train.py"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == [str(script), "train.py", kind]


def test_the_command_line_of_python(tmp_path: Path) -> None:
    code = "from amlflow_jupyter.capture import find; print(*vars(find(None)).values())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == ["None", "None", "LOCAL"]
