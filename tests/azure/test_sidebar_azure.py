"""The sidebar's view of an Azure workspace: read without asking a person, with links to runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loopback import Loopback, world

LOOPBACK, VISION, *_ = world.WORKSPACES

LOG = """
import amlflow
amlflow.connect({target!r}, experiment="seen", save={name!r}, auth={auth!r})
import mlflow
with mlflow.start_run(run_name="by a notebook"):
    mlflow.log_metric("m", 1)
    mlflow.log_param("p", "x")
    mlflow.log_text("hello", "folder/hello.txt")
"""
LOOK = """
import json
from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.server.service import Service
service = Service()
def look(name):
    connection = service.find(name)
    try:
        (experiment,) = [e for e in service.experiments(connection) if e["name"] == "seen"]
        (run,) = service.runs(connection, experiment["id"], "", 10)["runs"]
        detail = service.run(connection, run["id"])
        files = service.artifacts(connection, run["id"], "folder")
        return {"run": run, "detail": detail, "files": files}
    except AmlflowError as error:
        return {"error": type(error).__name__, "said": str(error)}
print(json.dumps([service.connections(), [look(c["name"]) for c in service.connections()]]))
"""


@pytest.fixture
def log(run_python):
    """Log a run from a script, and save the connection."""

    def log(target: str, name: str, **options) -> None:
        env = {"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "1"}
        auth = options.pop("auth", None)
        run_python(LOG.format(target=target, name=name, auth=auth), env=env, **options)

    return log


def looked(run_python, **options) -> tuple[list[dict], list[dict]]:
    out = run_python(LOOK, **options).out
    assert "eyJ" not in out
    connections, seen = json.loads(out.splitlines()[-1])
    return connections, seen


def test_runs_of_two_workspaces_are_read_without_a_person(log, run_python):
    log(LOOPBACK.arm_id, "one")
    log(VISION.arm_id, "two")
    connections, seen = looked(run_python)
    assert [c["kind"] for c in connections] == ["azure", "azure"]
    for workspace, each in zip((LOOPBACK, VISION), seen, strict=True):
        assert each["run"]["name"] == "by a notebook"
        assert [m["name"] for m in each["run"]["metrics"]] == ["m"]
        assert each["detail"]["params"] == [{"name": "p", "value": "x"}]
        assert [file["path"] for file in each["files"]] == ["folder/hello.txt"]
        link = f"https://ml.azure.com/runs/{each['run']['id']}?wsid={workspace.arm_id}"
        assert each["detail"]["ui_url"] == f"{link}&tid={world.TENANT}"


def test_nobody_is_asked_to_sign_in_and_what_to_do_is_said(log, run_python, loopback: Loopback):
    log(LOOPBACK.arm_id, "one")
    loopback.control.reset()
    _, (seen,) = looked(run_python, signed_in=False)
    assert seen["error"] == "AuthenticationRequired"
    assert f"run `az login --tenant {world.TENANT}` in a terminal" in seen["said"]
    assert "\n" not in seen["said"]
    assert loopback.control.device_codes() == []


def test_what_a_person_signed_in_to_is_read_by_the_azure_cli(
    run_python, loopback: Loopback, home: Path
):
    where = {"uri": LOOPBACK.tracking_uri, "auth": "device", "tenant": world.TENANT}
    profiles = {"profiles": [{"name": "personal", **where}]}
    (home / "profiles.json").write_text(json.dumps(profiles))
    loopback.az_login()
    out = run_python(EXPERIMENTS, signed_in=False).out
    assert out == "True\n"


EXPERIMENTS = """
from amlflow_jupyter.server.service import Service
service = Service()
print(len(service.experiments(service.find("personal"))) > 0)
"""
