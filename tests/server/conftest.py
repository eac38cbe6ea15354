"""A real Jupyter server with the extension, and a real MLflow store for it to read."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from made_store import Store
from pytest_jupyter.jupyter_server import *  # noqa: F403 - its fixtures, for this folder alone

import amlflow_jupyter.server
from amlflow_jupyter.workspaces.presence import Presence, Presences, this_process
from amlflow_jupyter.workspaces.profiles import Profile, Profiles


@pytest.fixture(scope="session")
def rest_api():
    path = Path(amlflow_jupyter.server.__file__).with_name("rest-api.yml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "amlflow-home"
    monkeypatch.setenv("AMLFLOW_HOME", str(folder))
    return folder


@pytest.fixture
def jp_server_config():
    """Enable the extension with the file that the wheel installs."""
    return json.loads(Path(amlflow_jupyter.server.__file__).with_name("amlflow.json").read_text())


@pytest.fixture
def ask(jp_fetch, rest_api):
    """Ask a route; the answer must be what rest-api.yml says, whatever its status."""

    async def fetch(*parts, expect=200, **params):
        answer = await jp_fetch("amlflow", "api", *parts, params=params, raise_error=False)
        document = json.loads(answer.body, parse_constant=_no_constant)
        assert answer.code == expect, document
        assert answer.headers["Content-Type"].startswith("application/json")
        _validate(document, _schema(rest_api, parts, answer.code), rest_api)
        return document

    return fetch


def _no_constant(name):
    raise ValueError(f"{name} is no JSON")


def _schema(rest_api, parts, code):
    names = ["connections", "{name}", "runs", "{id}", "artifacts"]
    path = "/".join(["", "amlflow", "api", *names[: len(parts)]])
    if parts[-1] == "experiments":
        path = "/amlflow/api/connections/{name}/experiments"
    response = rest_api["paths"][path]["get"]["responses"][str(code)]
    if "$ref" in response:
        response = rest_api["components"]["responses"]["Refusal"]
    return response["content"]["application/json"]["schema"]


def _validate(document, schema, rest_api):
    Draft202012Validator({**schema, "components": rest_api["components"]}).validate(document)


@pytest.fixture
def save():
    """Save a profile."""

    def save(name, uri, **fields):
        Profiles().save(Profile(name, str(uri), **fields))

    return save


@pytest.fixture
def announce():
    """Announce a kernel: this process, unless another is given."""

    def announce(uri, process=None, since=1.76e9, experiment=None, notebook="/w/a.ipynb"):
        pid, created = process or this_process()
        Presences().announce(Presence(pid, created, str(uri), experiment, notebook, since))

    return announce


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """Make a store with MLflow itself, that the tests only read."""
    return Store(tmp_path_factory.mktemp("store"))
