"""Pythons that are too old or too new, and installations that are not what runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from doctor_parts import SUBJECT, install, only

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor.checks import imports, python
from amlflow_jupyter.doctor.finding import Level
from amlflow_jupyter.doctor.interpreter import Interpreter, prefix_of, site_packages

HERE = Path("/here")


def test_this_one_is_fine():
    assert {finding.level for finding in python.check(SUBJECT)} == {Level.OK}


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ((3, 10, 14), Level.FAILURE),
        ((3, 11, 0), Level.OK),
        ((3, 13, 9), Level.OK),
        ((3, 14, 0), Level.WARNING),
    ],
)
def test_the_version(version, level):
    finding = python.version(SUBJECT, Interpreter(version, HERE, Path("/base")))
    assert finding.level is level
    if level is not Level.OK:
        assert "is made for 3.11 to 3.13" in finding.message
        assert finding.remedy == "uv venv --python 3.12 --seed amlflow-venv"


def test_conda_is_known_by_its_folder(tmp_path, monkeypatch):
    (tmp_path / "conda-meta").mkdir()
    old = Interpreter((3, 9, 1), tmp_path, tmp_path)
    assert old.kind == "conda environment"
    assert python.version(SUBJECT, old).remedy == "conda create --name amlflow python=3.12"
    assert Interpreter((3, 11, 1), HERE, Path("/usr")).kind == "virtual environment"
    assert Interpreter((3, 11, 1), HERE, HERE).kind == "system's Python"
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "16.4")
    assert Interpreter((3, 11, 1), HERE, HERE).kind == "Databricks cluster"


def test_another_amlflow_is_installed_than_runs(tmp_path):
    install(tmp_path, "amlflow-jupyter", "0.0.1")
    finding = only(python.installation(SUBJECT, [str(tmp_path)]))
    assert finding.level is Level.FAILURE
    assert f"amlflow {__version__} runs, but 0.0.1 is installed" in finding.message
    assert finding.remedy == (f'/env/bin/python -m pip install "amlflow-jupyter=={__version__}"')


def test_two_are_installed(tmp_path):
    install(tmp_path / "one", "amlflow-jupyter", __version__)
    install(tmp_path / "two", "amlflow-jupyter", "0.0.1")
    path = [str(tmp_path / "one"), str(tmp_path / "two")]
    finding = only(python.installation(SUBJECT, path))
    assert finding.level is Level.WARNING
    assert "Several amlflow are installed here" in finding.message


def test_it_is_not_installed_at_all(tmp_path):
    finding = only(python.installation(SUBJECT, [str(tmp_path)]))
    assert finding.level is Level.WARNING
    assert "not installed" in finding.message


@pytest.mark.parametrize(
    ("command", "prefix"),
    [
        (["/a/venv/bin/python3", "-m", "ipykernel_launcher"], "/a/venv"),
        (["/a/venv/bin/jupyter-lab"], "/a/venv"),
        (["python3", "/a/venv/bin/jupyter-lab", "--no-browser"], "/a/venv"),
        (["python3", "-m", "jupyterlab"], None),
        (["/opt/conda/python3.11"], "/opt/conda"),
        ([], None),
    ],
)
def test_the_environment_of_a_command(command, prefix):
    assert prefix_of(command) == (Path(prefix) if prefix else None)


def test_where_an_environment_keeps_its_packages(tmp_path):
    folder = tmp_path / "lib" / "python3.12" / "site-packages"
    folder.mkdir(parents=True)
    assert site_packages(tmp_path) == [str(folder)]


def test_a_module_that_raises(tmp_path, monkeypatch):
    (tmp_path / "broken_module.py").write_text("raise RuntimeError('no\\ngood')\n")
    monkeypatch.syspath_prepend(tmp_path)
    finding = imports.imported(SUBJECT, "broken_module", "mlflow")
    assert finding.level is Level.FAILURE
    assert finding.message == "broken_module cannot be imported: RuntimeError: no good"
    assert finding.remedy
    assert finding.remedy.endswith("--force-reinstall")


def test_a_module_that_ends_the_program(tmp_path, monkeypatch):
    (tmp_path / "ending_module.py").write_text("raise SystemExit(2)\n")
    monkeypatch.syspath_prepend(tmp_path)
    finding = imports.imported(SUBJECT, "ending_module", "mlflow")
    assert finding.message == "ending_module cannot be imported: SystemExit: 2"


def test_a_module_that_is_not_there():
    finding = imports.imported(SUBJECT, "no_such_module", "azureml-core")
    assert finding.message == "azureml-core is not installed."
    assert finding.remedy == '/env/bin/python -m pip install "amlflow-jupyter[azure]"'


def test_a_module_that_lacks_another(tmp_path, monkeypatch):
    (tmp_path / "lacking_module.py").write_text("import no_such_part\n")
    monkeypatch.syspath_prepend(tmp_path)
    finding = imports.imported(SUBJECT, "lacking_module", "mlflow")
    assert "cannot be imported, because 'no_such_part' is missing" in finding.message
