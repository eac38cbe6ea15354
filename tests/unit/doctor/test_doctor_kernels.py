"""JupyterLabs and kernels of other environments: real processes, and folders like theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from doctor_parts import SUBJECT, TERMINAL, install

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor import Subject
from amlflow_jupyter.doctor.checks import kernels
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.finding import Finding, Level
from amlflow_jupyter.doctor.interpreter import this_interpreter


@pytest.fixture(autouse=True)
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of Jupyter that hold nothing of this computer's user."""
    for name in ("RUNTIME_DIR", "DATA_DIR", "CONFIG_DIR"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(f"JUPYTER_{name}", str(folder))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    return tmp_path


@contextmanager
def lab(folder: Path, prefix: Path) -> Iterator[int]:
    """A process that looks like the JupyterLab of an environment, and says so where all do."""
    python = prefix / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.symlink_to(sys.executable)
    command = [str(python), "-c", "import sys; print(1, flush=True); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        info = {"pid": process.pid, "url": "http://localhost:8888/", "port": 8888}
        (folder / "runtime_dir" / f"jpserver-{process.pid}.json").write_text(json.dumps(info))
        try:
            yield process.pid
        finally:
            process.kill()


def server(subject: Subject = SUBJECT) -> Finding:
    return next(iter(kernels.check(subject)))


def test_none_runs():
    assert server().level is Level.SKIPPED


def test_one_in_this_environment(jupyter):
    with lab(jupyter, this_interpreter().prefix):
        assert server() == Finding(
            Level.OK, "The JupyterLab at http://localhost:8888/ runs in this environment."
        )


def test_one_in_an_environment_without_amlflow(jupyter):
    other = jupyter / "other"
    with lab(jupyter, other):
        finding = server()
    assert finding.level is Level.WARNING
    assert f"runs in another environment ({other}), which has no amlflow" in finding.message
    assert finding.remedy == (f'{other}/bin/python -m pip install "amlflow-jupyter=={__version__}"')


def test_one_with_another_amlflow(jupyter):
    other = jupyter / "other"
    install(other / "lib" / "python3.12" / "site-packages", "amlflow-jupyter", "0.0.1")
    with lab(jupyter, other):
        finding = server()
    assert finding.level is Level.WARNING
    assert f"has amlflow 0.0.1, not {__version__}" in finding.message


def test_one_with_the_same_amlflow(jupyter):
    other = jupyter / "other"
    install(other / "lib" / "python3.12" / "site-packages", "amlflow-jupyter", __version__)
    with lab(jupyter, other):
        assert server().level is Level.OK


def test_in_a_notebook_only_the_one_that_started_it_counts(jupyter, monkeypatch):
    subject = Subject(commands=Commands(in_notebook=True))
    other = jupyter / "other"
    with lab(jupyter, other) as pid:
        monkeypatch.setenv("JPY_PARENT_PID", str(pid))
        found = list(kernels.check(subject))
    assert [finding.level for finding in found] == [Level.WARNING]
    assert "The JupyterLab that started this kernel runs in another" in found[0].message
    monkeypatch.setenv("JPY_PARENT_PID", str(pid))  # it has ended
    assert server(subject).level is Level.SKIPPED


def test_a_kernel_of_another_environment(jupyter, monkeypatch):
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")  # else an environment's goes before a user's
    folder = jupyter / "data_dir" / "kernels" / "python3"
    folder.mkdir(parents=True)
    argv = ["/elsewhere/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"})
    )
    _, finding = kernels.check(SUBJECT)
    assert finding.level is Level.WARNING
    assert "The kernel 'python3' runs in another environment (/elsewhere)" in finding.message
    assert finding.remedy == TERMINAL.module(
        "ipykernel", "install", "--user", "--name", "amlflow", "--display-name", "amlflow"
    )
