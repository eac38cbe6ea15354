"""What a compute target looks like at a moment: its states go on with the clock.

A document holds what was asked for and when each change is done; ``shown`` makes of it what Azure
answers now. So no thread runs for a target, and a restart loses nothing.
"""

from __future__ import annotations

import time
from typing import Any

from loopback.calls import Call
from loopback.emulator import Emulator
from loopback.state import Document
from loopback.world import IDENTITIES, USER, Workspace

# Seconds that Azure takes minutes for: creating, deleting, starting, stopping, adding nodes.
DURATION = 2.0


def exists(emulator: Emulator, workspace: Workspace, name: str) -> bool:
    """Say whether a job can be sent to a target of this name."""
    kept = emulator.state.documents("computes", workspace.arm_id).get(name.lower())
    return kept is not None and not gone(kept)


def room(emulator: Emulator, workspace: Workspace, name: str) -> int:
    """Return how many jobs a target can run at once: none while it is not up."""
    target = emulator.state.documents("computes", workspace.arm_id).get(name.lower())
    if target is None or _provisioning(target) != "Succeeded":
        return 0
    asked = target["wanted"]["properties"]
    if asked["computeType"] == "ComputeInstance":
        return 1 if state_of(target) == "Running" else 0
    return int((asked.get("properties", {}).get("scaleSettings") or {}).get("maxNodeCount") or 0)


def shown(call: Call, target: Document) -> Document:
    """Return a target as Azure answers it now."""
    workspace, wanted = call.workspace, target["wanted"]
    asked = wanted["properties"]
    kind = asked["computeType"]
    of_kind = _cluster if kind == "AmlCompute" else _instance
    return {
        "id": f"{workspace.arm_id}/computes/{target['name']}",
        "name": target["name"],
        "type": "Microsoft.MachineLearningServices/workspaces/computes",
        "location": workspace.region,
        "tags": wanted.get("tags"),
        **({"identity": wanted["identity"]} if wanted.get("identity") else {}),
        "properties": {
            "computeType": kind,
            "computeLocation": asked.get("computeLocation") or workspace.region,
            "description": asked.get("description"),
            "createdOn": target["createdOn"],
            "modifiedOn": target["createdOn"],
            "provisioningState": _provisioning(target),
            "provisioningErrors": None,
            "isAttachedCompute": False,
            "disableLocalAuth": False,
            "resourceId": None,
            "properties": of_kind(call, target, asked.get("properties", {})),
        },
    }


def _cluster(call: Call, target: Document, asked: dict[str, Any]) -> Document:
    counts = node_counts(call.emulator, call.workspace, target)
    # Absent, not null: the client looks into what it finds here.
    account = asked.get("userAccountCredentials")
    return {
        "vmSize": asked.get("vmSize"),
        "vmPriority": (asked.get("vmPriority") or "Dedicated").capitalize(),
        "scaleSettings": asked.get("scaleSettings"),
        "subnet": asked.get("subnet"),
        "remoteLoginPortPublicAccess": asked.get("remoteLoginPortPublicAccess", "NotSpecified"),
        "allocationState": "Steady" if counts["current"] == counts["target"] else "Resizing",
        "allocationStateTransitionTime": target["createdOn"],
        "currentNodeCount": counts["current"],
        "targetNodeCount": counts["target"],
        "nodeStateCounts": {
            "preparingNodeCount": 0,
            "runningNodeCount": counts["running"],
            "idleNodeCount": counts["current"] - counts["running"],
            "unusableNodeCount": 0,
            "leavingNodeCount": 0,
            "preemptedNodeCount": 0,
        },
        "errors": None,
        "enableNodePublicIp": asked.get("enableNodePublicIp", True),
        "osType": "Linux",
        **(
            {"userAccountCredentials": {"adminUserName": account["adminUserName"]}}
            if account
            else {}
        ),
    }


def node_counts(emulator: Emulator, workspace: Workspace, target: Document) -> dict[str, int]:
    """Return how many nodes a cluster has, wants and keeps busy."""
    scale = target["wanted"]["properties"].get("properties", {}).get("scaleSettings") or {}
    least, most = scale.get("minNodeCount") or 0, scale.get("maxNodeCount") or 0
    busy = min(len(_busy(emulator, workspace, target["name"])), most)
    wanted = max(least, busy)
    grown = time.time() >= max(target["ready"], target["changed"]) + DURATION
    return {"current": wanted if grown else busy, "target": wanted, "running": busy}


def _busy(emulator: Emulator, workspace: Workspace, name: str) -> list[Document]:
    jobs = emulator.state.documents("jobs", workspace.arm_id).all()
    return [job for job in jobs if job["target"].lower() == name.lower() and not job["ended"]]


def _instance(call: Call, target: Document, asked: dict[str, Any]) -> Document:
    owner = IDENTITIES.get(target["createdBy"], USER)
    state = state_of(target)
    host = f"{target['name']}.{call.workspace.region}.instances.azureml.ms"
    names = (("Jupyter", "tree"), ("Jupyter Lab", "lab"), ("VS Code", "vscode"))
    return {
        "vmSize": asked.get("vmSize"),
        "subnet": asked.get("subnet"),
        "applicationSharingPolicy": "Personal",
        "sshSettings": asked.get("sshSettings") or {"sshPublicAccess": "Disabled"},
        "state": state,
        "errors": [],
        "applications": [
            {"displayName": name, "endpointUri": f"https://{host}/{path}"} for name, path in names
        ],
        "connectivityEndpoints": {"publicIpAddress": None, "privateIpAddress": "10.0.0.4"},
        "createdBy": {
            "userObjectId": owner.object_id,
            "userId": owner.object_id,
            "userOrgId": call.claims.get("tid"),
            "userName": owner.name,
        },
        "lastOperation": {
            "operationName": "Start" if target["state"] == "Running" else "Stop",
            "operationTime": target["createdOn"],
            "operationStatus": "Succeeded" if state == target["state"] else "InProgress",
        },
    }


def state_of(target: Document) -> str:
    now = time.time()
    if now < target["ready"]:
        return "Creating"
    if target["deleting"]:
        return "Deleting"
    if now < target["changed"] + DURATION and target["changed"] > target["ready"]:
        return "Starting" if target["state"] == "Running" else "Stopping"
    return str(target["state"])


def _provisioning(target: Document) -> str:
    if target["deleting"]:
        return "Deleting"
    return "Succeeded" if time.time() >= target["ready"] else "Creating"


def gone(document: Document) -> bool:
    return bool(document["deleting"]) and time.time() >= document["deleting"]
