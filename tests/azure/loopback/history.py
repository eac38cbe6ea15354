"""Run history: the runs of experiments, their events, details and tokens."""

from __future__ import annotations

from starlette.responses import JSONResponse

from loopback import clock, experiments, jobs, odata, run_tokens, runs
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.run_ids import to_mlflow
from loopback.server import ask
from loopback.state import Document

WRITE = "Microsoft.MachineLearningServices/workspaces/experiments/runs/write"
EVENT = "Microsoft.MachineLearning.Run."
_EVENTS = {
    "Start": "Running",
    "Queued": "Queued",
    "Completed": "Completed",
    "Failed": "Failed",
    "Canceled": "Canceled",
    "CancelRequested": "CancelRequested",
}


async def get(call: Call) -> Answer:
    """Answer a run."""
    run = runs.shown(call, await runs.find(call, call["run"]))
    return {**run, "rootRunId": await runs.root(call, run)}


async def patch(call: Call) -> Answer:
    """Change a run, or make it with the id that the client chose."""
    may_write(call, WRITE)
    await _patched(call, await call.json())
    return await get(call)


async def patch_many(call: Call) -> Answer:
    """Change or make several runs."""
    may_write(call, WRITE)
    answers = {}
    for wanted in (await call.json())["runs"]:
        call.parameters["run"] = wanted["runId"]
        await _patched(call, wanted)
        answers[wanted["runId"]] = await get(call)
    return {"runs": answers, "errors": {}}


async def query(call: Call) -> Answer:
    """Answer the runs of an experiment that fit a query."""
    experiment = await experiments.find(call)
    found = await runs.all_of(call, experiment["experiment_id"])
    return odata.page(found, await call.json())


async def children(call: Call) -> Answer:
    """Answer the runs directly below a run."""
    parent = await runs.find(call, call["run"])
    found = await runs.all_of(call, parent["info"]["experiment_id"])
    below = [each for each in found if each["parentRunId"] == call["run"]]
    return odata.page(below, _from_query(call))


async def by_compute(call: Call) -> Answer:
    """Answer the runs of the jobs that a compute target has."""
    found = [
        runs.shown(call, await runs.find(call, job["run"]))
        for job in call.documents("jobs").all()
        if job["target"].lower() == call["compute"].lower() and not job["ended"]
    ]
    return odata.page(found, _from_query(call))


async def details(call: Call) -> Answer:
    """Answer how a run is: its state, definition, errors, and where its logs are."""
    run = runs.shown(call, await runs.find(call, call["run"]))
    kept = ("runId", "target", "status", "startTimeUtc", "endTimeUtc", "error", "warnings")
    return {
        **{key: run[key] for key in (*kept, "properties", "runDefinition")},
        "inputDatasets": run["inputDatasets"] or [],
        "outputDatasets": run["outputDatasets"] or [],
        "services": {},
        "logFiles": jobs.logs(call),
    }


async def event(call: Call) -> None:
    """Take an event of a run."""
    may_write(call, WRITE)
    await runs.find(call, call["run"])
    await _happened(call, await call.json())


async def many_events(call: Call) -> Answer:
    """Take events of several runs."""
    may_write(call, WRITE)
    for each in (await call.json())["events"]:
        call.parameters["run"] = each["data"]["RunId"]
        await _happened(call, each)
    return {"errors": []}


async def delete_tags(call: Call) -> Answer:
    """Drop tags of a run."""
    may_write(call, WRITE)
    mlflow = to_mlflow(call.emulator, call["run"])
    there = runs.shown(call, await runs.find(call, call["run"]))["tags"]
    for key in await call.json():
        if key in there:
            await ask(call, "POST", "runs/delete-tag", {"run_id": mlflow, "key": key})
    return await get(call)


async def token(call: Call) -> Answer:
    """Answer a new token of a run's job."""
    await runs.find(call, call["run"])
    issued, end = run_tokens.issue(call, call["run"])
    return {"token": issued, "expiryTimeUtc": clock.from_milliseconds(end * 1000)}


async def ingested(_: Call) -> Answer:
    """Say that all metrics which were sent are there."""
    return JSONResponse({})


async def _patched(call: Call, wanted: Document) -> None:
    try:
        await runs.find(call, call["run"])
    except AzureError as error:
        if error.status != 404:
            raise
        experiment = await experiments.find(call)
        await runs.create(call, call["run"], experiment["experiment_id"], wanted)
        wanted = {**wanted, "status": None}
    await runs.patch(call, call["run"], wanted)


async def _happened(call: Call, event: Document) -> None:
    name = event["name"].removeprefix(EVENT)
    data = event.get("data") or {}
    if name == "Error":
        await runs.patch(call, call["run"], {"error": data.get("ErrorResponse")})
    if name == "Warning":
        warning = {"source": data.get("Source"), "message": data.get("Message")}
        warnings = runs.kept(call, call["run"]).get("warnings") or []
        await runs.patch(call, call["run"], {"warnings": [*warnings, warning]})
    if name == "Canceled" and jobs.cancel(call, call["run"]):
        return
    if name in _EVENTS:
        await runs.set_state(call, call["run"], _EVENTS[name])


def _from_query(call: Call) -> Document:
    return {key.removeprefix("$"): value for key, value in call.query.items()}
