"""Extensions that are missing, old or switched off, by real files of Jupyter's configuration."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from doctor_parts import SUBJECT, only

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor.checks import front_end
from amlflow_jupyter.doctor.finding import Level

OURS = f"amlflow-jupyter=={__version__}"


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration folder of Jupyter."""
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))
    monkeypatch.setenv("JUPYTERLAB_DIR", str(tmp_path / "lab"))
    return folder


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def labextension(folders: list[str] | None = None):
    extensions = front_end.installed_extensions(folders)
    return only(front_end.labextension(SUBJECT, extensions, "amlflow", OURS))


def test_what_is_installed_here_is_sound():
    assert {finding.level for finding in front_end.check(SUBJECT)} == {Level.OK}


def test_none_is_installed(tmp_path):
    finding = labextension([str(tmp_path)])
    assert finding.level is Level.FAILURE
    assert "JupyterLab has no extension amlflow" in finding.message
    assert finding.remedy == f'/env/bin/python -m pip install "{OURS}"'


def test_the_widgets_are_missing(tmp_path):
    extensions = front_end.installed_extensions([str(tmp_path)])
    name = "@jupyter-widgets/jupyterlab-manager"
    finding = only(front_end.labextension(SUBJECT, extensions, name, "jupyterlab-widgets>=3"))
    assert finding.level is Level.FAILURE
    assert finding.remedy == '/env/bin/python -m pip install "jupyterlab-widgets>=3"'


def test_one_of_another_version(tmp_path):
    package = {"name": "amlflow", "version": "0.0.1", "jupyterlab": {}}
    write(tmp_path / "amlflow" / "package.json", package)
    finding = labextension([str(tmp_path)])
    assert finding.level is Level.FAILURE
    assert f"is of version 0.0.1, the package of {__version__}" in finding.message


@pytest.mark.parametrize("pattern", ["amlflow", "aml.*"])
def test_it_is_switched_off(config, pattern):
    write(config / "labconfig" / "page_config.json", {"disabledExtensions": {pattern: True}})
    finding = labextension()
    assert finding.level is Level.FAILURE
    assert finding.remedy == "/env/bin/python -m jupyter labextension enable amlflow"


def test_another_one_is_switched_off(config):
    write(config / "labconfig" / "page_config.json", {"disabledExtensions": {"other": True}})
    assert labextension().level is Level.OK


def test_a_part_is_switched_off(config):
    disabled = {"disabledExtensions": {"amlflow:sidebar": True}}
    write(config / "labconfig" / "page_config.json", disabled)
    finding = labextension()
    assert finding.level is Level.WARNING
    assert finding.remedy == "/env/bin/python -m jupyter labextension enable amlflow:sidebar"


@pytest.mark.parametrize("name", ["labconfig/page_config.json", "jupyter_server_config.d/any.json"])
def test_a_file_that_is_no_json(config, name):
    path = write(config / name, "{")
    finding = only(front_end.check(SUBJECT))
    assert finding.level is Level.FAILURE
    assert f"{path} cannot be read" in finding.message
    assert finding.remedy == f"mv {path} {path}.broken"


def test_the_servers_part_is_switched_off(config, monkeypatch):
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")  # else an environment's goes before a user's
    switched = {"ServerApp": {"jpserver_extensions": {"amlflow_jupyter": False}}}
    write(config / "jupyter_server_config.d" / "zz.json", switched)
    finding = front_end.server_extension(SUBJECT)
    assert finding.level is Level.FAILURE
    assert finding.remedy == "/env/bin/python -m jupyter server extension enable amlflow_jupyter"


def test_the_server_does_not_know_it(tmp_path):
    finding = front_end.server_extension(SUBJECT, [str(tmp_path)])
    assert finding.level is Level.FAILURE
    assert "does not know amlflow" in finding.message
    assert finding.remedy == "/env/bin/python -m jupyter server extension enable amlflow_jupyter"


def test_no_jupyterlab_at_all(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)  # as Python notes what is not to be had
    finding = only(front_end.check(SUBJECT))
    assert finding.level is Level.SKIPPED
