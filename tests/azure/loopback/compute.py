"""Compute targets: clusters and instances, which are created, scaled, started and stopped."""

from __future__ import annotations

import time
import uuid

from starlette.responses import JSONResponse, Response

from loopback import clock, machines
from loopback.calls import Answer, Call
from loopback.compute_states import DURATION, gone, node_counts, shown, state_of
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.state import Document
from loopback.world import USER

COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes"
KINDS = ("AmlCompute", "ComputeInstance")


async def listing(call: Call) -> Answer:
    """Answer all compute targets of a workspace."""
    kept = call.documents("computes").all()
    return {"value": [shown(call, target) for target in kept if not gone(target)]}


async def get(call: Call) -> Answer:
    """Answer one compute target."""
    return shown(call, _find(call))


async def create(call: Call) -> Answer:
    """Create a cluster or an instance, or change the scale of one that is there."""
    may_write(call, f"{COMPUTES}/write")
    wanted = await call.json()
    properties = wanted.get("properties", {})
    if properties.get("computeType") not in KINDS:
        raise AzureError(
            400, "BadRequest", f"Compute type {properties.get('computeType')!r} is not supported."
        )
    _check_size(properties.get("properties", {}).get("vmSize", ""))
    before = call.documents("computes").get(call["compute"].lower())
    if before and not gone(before):
        return await update(call)
    now = time.time()
    document = {
        "name": call["compute"],
        "wanted": wanted,
        "createdOn": clock.now(),
        "createdBy": call.claims.get("oid", USER.object_id),
        "ready": now + DURATION,
        "state": "Running",
        "changed": now,
        "deleting": None,
    }
    call.documents("computes").put(call["compute"].lower(), document)
    return _accepted(call, shown(call, document), 201)


async def update(call: Call) -> Answer:
    """Change the scale of a cluster, its tags or identity."""
    may_write(call, f"{COMPUTES}/write")
    document, change = _find(call), await call.json()
    wanted = document["wanted"]
    scale = change.get("properties", {}).get("properties", {}).get("scaleSettings")
    if scale:
        wanted["properties"]["properties"]["scaleSettings"] = scale
    wanted.update({key: change[key] for key in ("tags", "identity") if change.get(key)})
    document["changed"] = time.time()
    call.documents("computes").put(call["compute"].lower(), document)
    return _accepted(call, shown(call, document), 200)


async def delete(call: Call) -> Answer:
    """Begin to delete a target."""
    may_write(call, f"{COMPUTES}/delete")
    document = _find(call)
    document["deleting"] = time.time() + DURATION
    call.documents("computes").put(call["compute"].lower(), document)
    return _accepted(call, None, 202)


async def start(call: Call) -> Answer:
    """Start an instance that stands."""
    return _turn(call, "Running")


async def stop(call: Call) -> Answer:
    """Stop an instance that runs."""
    return _turn(call, "Stopped")


async def restart(call: Call) -> Answer:
    """Stop and start an instance."""
    return _turn(call, "Running")


async def nodes(call: Call) -> Answer:
    """Answer the nodes of a cluster, and what they run."""
    counts = node_counts(call.emulator, call.workspace, _find(call))
    return {
        "nodes": [
            {
                "nodeId": f"tvmps_{number:016x}",
                "port": 50000 + number,
                "publicIpAddress": None,
                "privateIpAddress": f"10.0.0.{4 + number}",
                "nodeState": "running" if number < counts["running"] else "idle",
                "runId": None,
            }
            for number in range(counts["current"])
        ]
    }


async def operation(call: Call) -> Answer:
    """Answer how far a creation, deletion, start or stop is."""
    kept = call.emulator.state.documents("operations").get(call["operation"])
    if kept is None:
        raise AzureError(404, "NotFound", "The operation was not found.")
    done = time.time() >= kept["done"]
    return {"id": call["operation"], "status": "Succeeded" if done else "InProgress"}


async def name_available(call: Call) -> Answer:
    """Answer whether an instance's name is free in the region."""
    name = (await call.json()).get("Name", "")
    kept = call.documents("computes").get(name.lower())
    if kept is None or gone(kept):
        return {"nameAvailable": True}
    reason = f"The name '{name}' is already in use."
    return {"nameAvailable": False, "reason": "AlreadyExists", "message": reason}


def _turn(call: Call, state: str) -> Answer:
    action = "start" if state == "Running" else "stop"
    may_write(call, f"{COMPUTES}/{action}/action")
    document = _find(call)
    if document["wanted"]["properties"]["computeType"] != "ComputeInstance":
        raise AzureError(400, "BadRequest", "Only compute instances start and stop.")
    if state_of(document) not in ("Running", "Stopped"):
        raise AzureError(
            409, "Conflict", "There is already an active operation submitted for the instance."
        )
    document.update(state=state, changed=time.time())
    call.documents("computes").put(call["compute"].lower(), document)
    return _accepted(call, None, 202)


def _accepted(call: Call, body: Document | None, status: int) -> Response:
    """Answer with the address that tells how far the operation is."""
    workspace, operation_id = call.workspace, str(uuid.uuid4())
    done = {"done": time.time() + DURATION}
    call.emulator.state.documents("operations").put(operation_id, done)
    address = (
        f"https://management.azure.com/subscriptions/{workspace.subscription}/providers"
        f"/Microsoft.MachineLearningServices/locations/{workspace.region}"
        f"/computeOperationsStatus/{operation_id}?api-version=2020-02-02"
    )
    headers = {"Azure-AsyncOperation": address}
    return Response(None, status, headers) if body is None else JSONResponse(body, status, headers)


def _find(call: Call) -> Document:
    document = call.documents("computes").get(call["compute"].lower())
    if document is None or gone(document):
        raise AzureError(
            404, "ComputeNotFound", f"The specified resource {call['compute']} was not found."
        )
    return document


def _check_size(name: str) -> None:
    if machines.size(name) is None:
        raise AzureError(
            400, "InvalidVmSize", f"The VM size '{name}' is not available in the region."
        )
