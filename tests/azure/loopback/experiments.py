"""Experiments as run history shows them; the MLflow server behind keeps them."""

from __future__ import annotations

from typing import Any

from loopback import clock, experiment_ids, odata
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.server import Refused, ask
from loopback.state import Document

WRITE = "Microsoft.MachineLearningServices/workspaces/experiments/write"
_VIEWS = {"ActiveOnly": "ACTIVE_ONLY", "ArchivedOnly": "DELETED_ONLY", "All": "ALL"}


async def get(call: Call) -> Answer:
    """Answer the experiment of a name, or of an id."""
    return shown(call, await find(call))


async def create(call: Call) -> Answer:
    """Answer the experiment of a name, which is made when it is not there."""
    may_write(call, WRITE)
    return shown(call, await made(call, call["experiment_name"]))


async def query(call: Call) -> Answer:
    """Answer the experiments that fit a query."""
    wanted = await call.json()
    view = call.query.get("viewType") or wanted.get("viewType") or "ActiveOnly"
    asked: Document = {"view_type": _VIEWS[view], "max_results": 1000}
    found: list[Document] = []
    while True:
        answer = await ask(call, "POST", "experiments/search", asked)
        found += [shown(call, each) for each in answer.get("experiments", [])]
        if not answer.get("next_page_token"):
            return odata.page(found, wanted)
        asked["page_token"] = answer["next_page_token"]


async def update(call: Call) -> Answer:
    """Change an experiment: its name, its tags, whether it is archived."""
    may_write(call, WRITE)
    experiment, change = await find(call), await call.json()
    number = experiment["experiment_id"]
    if change.get("archive") is not None:
        action = "delete" if change["archive"] else "restore"
        await ask(call, "POST", f"experiments/{action}", {"experiment_id": number})
    if change.get("name"):
        named = {"experiment_id": number, "new_name": change["name"]}
        await ask(call, "POST", "experiments/update", named)
    for key, value in (change.get("tags") or {}).items():
        tag = {"experiment_id": number, "key": key, "value": value or ""}
        await ask(call, "POST", "experiments/set-experiment-tag", tag)
    return shown(call, await find(call))


async def delete(call: Call) -> None:
    """Delete an experiment that holds no runs."""
    may_write(call, "Microsoft.MachineLearningServices/workspaces/experiments/delete")
    number = (await find(call))["experiment_id"]
    runs = await ask(call, "POST", "runs/search", {"experiment_ids": [number], "max_results": 1})
    if runs.get("runs"):
        raise AzureError(400, "UserError", "Only empty experiments can be deleted.")
    await ask(call, "POST", "experiments/delete", {"experiment_id": number})


async def find(call: Call) -> Document:
    """Return the server's experiment that a path names, else run history's 404."""
    name, guid = call.parameters.get("experiment_name"), call.parameters.get("experiment")
    try:
        if name is not None:
            found = await ask(call, "GET", "experiments/get-by-name", {"experiment_name": name})
        else:
            number = experiment_ids.to_mlflow(call.workspace, guid or "")
            found = await ask(call, "GET", "experiments/get", {"experiment_id": number})
    except Refused as error:
        if error.status != 404:
            raise
        raise AzureError(404, "UserError", f"Experiment {name or guid} was not found.") from error
    experiment: dict[str, Any] = found["experiment"]
    return experiment


async def made(call: Call, name: str) -> Document:
    """Return the server's experiment of a name, which is made when it is not there."""
    call.parameters["experiment_name"] = name
    try:
        return await find(call)
    except AzureError as error:
        if error.status != 404:
            raise
    await ask(call, "POST", "experiments/create", {"name": name})
    return await find(call)


def shown(call: Call, experiment: Document) -> Document:
    """Return an experiment of the server as run history shows it."""
    archived = experiment.get("lifecycle_stage") == "deleted"
    updated = clock.from_milliseconds(experiment.get("last_update_time"))
    return {
        "experimentId": experiment_ids.to_azure(call.workspace, experiment["experiment_id"]),
        "name": experiment["name"],
        "description": "",
        "createdUtc": clock.from_milliseconds(experiment.get("creation_time")),
        "archivedTime": updated if archived else None,
        "tags": {tag["key"]: tag["value"] for tag in experiment.get("tags", [])},
    }
