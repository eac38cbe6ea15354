"""Runs as run history shows them: one and the same with the runs of the MLflow server behind.

The server keeps a run's name, state, times, tags and metrics. What run history knows besides
(properties, target, definition, errors, the finer states of a job) stands in a document. So a run
that MLflow's client made is seen by azureml-core, and one of azureml-core by MLflow.
"""

from __future__ import annotations

from typing import Any

from loopback import clock, experiment_ids, run_ids
from loopback.calls import Call
from loopback.errors import AzureError
from loopback.server import Refused, ask, check
from loopback.state import Document
from loopback.world import IDENTITIES, TENANT, USER

PARENT = "mlflow.parentRunId"
# The first of each is what a state of MLflow's means, where the document says nothing finer.
STATES = {
    "SCHEDULED": ("NotStarted", "Queued", "Provisioning", "Preparing", "Starting"),
    "RUNNING": ("Running", "Finalizing", "CancelRequested"),
    "FINISHED": ("Completed",),
    "FAILED": ("Failed",),
    "KILLED": ("Canceled",),
}
ENDED = ("Completed", "Failed", "Canceled")
# What a client may set of a run and only the document keeps.
_KEPT = (
    "name",
    "description",
    "runType",
    "runTypeV2",
    "scriptName",
    "target",
    "hidden",
    "runDefinition",
    "primaryMetricName",
    "createdFrom",
    "cancelUri",
    "diagnosticsUri",
    "queueingInfo",
    "heartbeatEnabled",
    "inputDatasets",
    "outputDatasets",
    "error",
    "warnings",
)


async def find(call: Call, run: str) -> Document:
    """Return the server's run of an Azure id, else run history's 404."""
    wanted = {"run_id": run_ids.to_mlflow(call.emulator, run)}
    try:
        answer = await ask(call, "GET", "runs/get", wanted)
    except Refused as error:
        if error.status not in (400, 404):
            raise
        raise AzureError(404, "UserError", f"Run with id {run} was not found.") from error
    found: Document = answer["run"]
    return found


async def all_of(call: Call, number: str) -> list[Document]:
    """Return all runs of an experiment of the server, as run history shows them."""
    asked: Document = {"experiment_ids": [number], "max_results": 1000}
    found: list[Document] = []
    while True:
        answer = await ask(call, "POST", "runs/search", asked)
        found += [shown(call, each) for each in answer.get("runs", [])]
        if not answer.get("next_page_token"):
            break
        asked["page_token"] = answer["next_page_token"]
    parents = {each["runId"]: each["parentRunId"] for each in found}
    for each in found:
        each["rootRunId"] = _root(each["runId"], parents)
    return found


async def create(call: Call, run: str, number: str, wanted: Document) -> None:
    """Make a run of the client's id on the server."""
    asked: Document = {
        "experiment_id": number,
        "start_time": clock.to_milliseconds(None),
        "tags": [{"key": "mlflow.user", "value": _creator(call)["userName"]}],
    }
    if wanted.get("displayName"):
        asked["run_name"] = wanted["displayName"]
    answer = await ask(call, "POST", "runs/create", asked)
    run_ids.join(call.emulator, run, answer["run"]["info"]["run_id"])
    document = {"createdBy": _creator(call), "createdUtc": clock.now(), "properties": {}}
    call.documents("runs").put(run, document)
    await set_state(call, run, wanted.get("status") or "NotStarted")


async def patch(call: Call, run: str, wanted: Document) -> None:
    """Change what a client gives of a run; tags and properties are added to those there."""
    mlflow = run_ids.to_mlflow(call.emulator, run)
    tags = dict(wanted.get("tags") or {})
    if wanted.get("parentRunId"):
        tags[PARENT] = wanted["parentRunId"]
    if tags:
        batch = [{"key": key, "value": value or ""} for key, value in tags.items()]
        check(call, await find(call, run), {"tags": batch})
        await ask(call, "POST", "runs/log-batch", {"run_id": mlflow, "tags": batch})
    if wanted.get("displayName"):
        renamed = {"run_id": mlflow, "run_name": wanted["displayName"]}
        await ask(call, "POST", "runs/update", renamed)
    document = kept(call, run)
    document.update({key: wanted[key] for key in _KEPT if wanted.get(key) is not None})
    added = {key: value for key, value in (wanted.get("properties") or {}).items() if value}
    document["properties"] = {**document["properties"], **added}
    call.documents("runs").put(run, document)
    if wanted.get("status"):
        await set_state(call, run, wanted["status"])


async def set_state(call: Call, run: str, state: str) -> None:
    """Bring a run into a state of Azure's, and its time of start or end with it."""
    status = next(status for status, states in STATES.items() if state in states)
    update: Document = {
        "run_id": run_ids.to_mlflow(call.emulator, run),
        "status": status,
    }
    if state in ENDED:
        update["end_time"] = clock.to_milliseconds(None)
    document = kept(call, run)
    document["status"] = state
    if state == "Running":
        document.setdefault("startTimeUtc", clock.now())
    call.documents("runs").put(run, document)
    await ask(call, "POST", "runs/update", update)


def kept(call: Call, run: str) -> Document:
    """Return the document of a run, an empty one of a run that MLflow's client made."""
    return call.documents("runs").get(run) or {"properties": {}}


def shown(call: Call, run: Document) -> Document:
    """Return a run of the server as run history shows it; its root is only the next parent."""
    info, data = run["info"], run.get("data", {})
    azure = run_ids.to_azure(call.emulator, info["run_id"])
    document = kept(call, azure)
    tags = {tag["key"]: tag["value"] for tag in data.get("tags", [])}
    began = clock.from_milliseconds(info.get("start_time"))
    started = document.get("startTimeUtc") if document.get("createdUtc") else began
    parent = tags.get(PARENT)
    return {
        **{key: document.get(key) for key in _KEPT},
        "runId": azure,
        "runUuid": azure,
        "runNumber": int(info.get("start_time") or 0) // 1000,
        "rootRunId": parent or azure,
        "parentRunId": parent,
        "experimentId": experiment_ids.to_azure(call.workspace, info["experiment_id"]),
        "dataContainerId": f"dcid.{azure}",
        "status": _state(info["status"], document),
        "createdUtc": document.get("createdUtc") or began,
        "startTimeUtc": started,
        "endTimeUtc": clock.from_milliseconds(info.get("end_time")),
        "displayName": info.get("run_name"),
        "description": document.get("description") or tags.get("mlflow.note.content"),
        "runTypeV2": document.get("runTypeV2") or {"orchestrator": "Local", "traits": []},
        "hidden": bool(document.get("hidden")),
        "properties": document["properties"],
        "params": {each["key"]: each["value"] for each in data.get("params", [])},
        "tags": tags,
        "createdBy": document.get("createdBy") or _user(info.get("user_id")),
        "warnings": document.get("warnings") or [],
    }


async def root(call: Call, run: Document) -> str:
    """Return the id of the first ancestor of a run that is shown."""
    parent, above = run["parentRunId"], str(run["runId"])
    while parent:
        above = str(parent)
        try:
            parent = shown(call, await find(call, above))["parentRunId"]
        except AzureError:
            break
    return above


def _root(run: str, parents: dict[str, Any]) -> str:
    while parents.get(run):
        run = parents[run]
    return run


def _state(status: str, document: Document) -> str:
    """Return the document's state where MLflow's state does not contradict it.

    Of a job the document alone says it: its script cannot end it from within.
    """
    finer = document.get("status")
    states = STATES.get(status, ("Running",))
    return finer if finer and (finer in states or document.get("runDefinition")) else states[0]


def _creator(call: Call) -> Document:
    identity = IDENTITIES.get(call.claims.get("oid", ""), USER)
    return {
        "userObjectId": identity.object_id,
        "userTenantId": call.claims.get("tid", TENANT),
        "userName": identity.name,
    }


def _user(name: str | None) -> Document:
    return {"userObjectId": USER.object_id, "userTenantId": TENANT, "userName": name or USER.name}
