"""Creating and deleting a workspace, as azureml-core asks Resource Manager for it.

The client deploys a template that holds the workspace and what it depends on (storage account, key
vault, application insights). Here only the workspace comes to be; the rest is said to be there.
"""

from __future__ import annotations

import time

from starlette.responses import JSONResponse, Response

from loopback import arm, clock
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.state import Document, Documents
from loopback.world import PROVIDER, Workspace

REGIONS = ("East US", "East US 2", "West Europe", "North Europe", "UK South")
# Seconds that Azure takes minutes for.
DURATION = 0.5
# Old clients wait half a minute between two questions, unless they are told.
SOON = {"Retry-After": "1"}


async def create_group(call: Call) -> Answer:
    """Create a resource group."""
    may_write(call, "Microsoft.Resources/subscriptions/resourceGroups/write")
    body = await call.json()
    shown = arm.described_group(call, call["group"], body.get("location", "westeurope"))
    return JSONResponse(shown, 201)


def provider(call: Call) -> Answer:
    """Answer where workspaces can be."""
    workspaces = {"resourceType": "workspaces", "locations": list(REGIONS), "apiVersions": []}
    return {
        "id": f"/subscriptions/{call['subscription']}/providers/{PROVIDER}",
        "namespace": PROVIDER,
        "registrationState": "Registered",
        "resourceTypes": [workspaces],
    }


async def deploy(call: Call) -> Answer:
    """Deploy a template: each workspace in it is created."""
    may_write(call, "Microsoft.Resources/deployments/write")
    template = (await call.json())["properties"]["template"]
    resources = template.get("resources", [])
    for resource in resources:
        if resource["type"].lower() == f"{PROVIDER}/workspaces".lower():
            _add(call, resource["name"], resource["location"])
    document = {
        "name": call["deployment"],
        "began": clock.now(),
        "done": time.time() + DURATION,
        "resources": [
            {"type": each["type"], "name": each["name"]}
            for each in resources
            if each["type"] != "Microsoft.Resources/deployments"
        ],
    }
    _deployments(call).put(_key(call), document)
    address = f"https://management.azure.com{_deployment_id(call)}/operationStatuses/1"
    headers = {"Azure-AsyncOperation": f"{address}?api-version=2019-10-01", **SOON}
    return JSONResponse(_deployment(call, document, "Accepted"), 201, headers)


def deployment(call: Call) -> Answer:
    """Answer a deployment."""
    document = _find(call)
    return _deployment(call, document, _state(document))


def deployment_status(call: Call) -> Answer:
    """Answer how far a deployment is."""
    return JSONResponse({"status": _state(_find(call))}, headers=SOON)


def deployment_operations(call: Call) -> Answer:
    """Answer how far each resource of a deployment is."""
    document = _find(call)
    return {"value": [_operation(call, document, each) for each in document["resources"]]}


def deployments(call: Call) -> Answer:
    """Answer the deployments of a subscription: none is ever kept there."""
    arm.checked(call)
    return {"value": []}


async def put(call: Call) -> Answer:
    """Create a workspace without a template, as newer clients do."""
    may_write(call, f"{PROVIDER}/workspaces/write")
    body = await call.json()
    _add(call, call["workspace"], body.get("location", "westeurope"))
    return JSONResponse(arm.described_workspace(call.workspace), 201)


def delete(call: Call) -> Answer:
    """Delete a workspace."""
    may_write(call, f"{PROVIDER}/workspaces/delete")
    arm.checked_group(call)
    workspace = call.workspace
    call.emulator.remove(workspace)
    call.emulator.state.run("DELETE FROM documents WHERE scope = ?", workspace.arm_id.lower())
    address = (
        f"https://management.azure.com/subscriptions/{workspace.subscription}/providers/{PROVIDER}"
        f"/locations/{workspace.region}/workspaceOperationsStatus/{workspace.id}"
    )
    headers = {"Azure-AsyncOperation": address, "Location": address, **SOON}
    return Response(None, 202, headers)


def deletion_status(_: Call) -> Answer:
    """Answer that a workspace is deleted."""
    return {"status": "Succeeded"}


def delete_dependent(call: Call) -> None:
    """Say that a resource which never was is deleted."""
    may_write(call, "Microsoft.Resources/subscriptions/resourceGroups/write")


def _add(call: Call, name: str, region: str) -> None:
    subscription = arm.checked(call)
    wanted = Workspace(subscription, call["group"], name, region.lower().replace(" ", ""))
    call.emulator.add(wanted)


def _find(call: Call) -> Document:
    document = _deployments(call).get(_key(call))
    if document is None:
        name = call["deployment"]
        raise AzureError(404, "DeploymentNotFound", f"Deployment '{name}' could not be found.")
    return document


def _deployments(call: Call) -> Documents:
    return call.emulator.state.documents("deployments", call["subscription"])


def _key(call: Call) -> str:
    return f"{call['group']}/{call['deployment']}".lower()


def _deployment_id(call: Call) -> str:
    return (
        f"/subscriptions/{call['subscription']}/resourceGroups/{call['group']}"
        f"/providers/Microsoft.Resources/deployments/{call['deployment']}"
    )


def _state(document: Document) -> str:
    return "Succeeded" if time.time() >= document["done"] else "Running"


def _deployment(call: Call, document: Document, state: str) -> Document:
    return {
        "id": _deployment_id(call),
        "name": document["name"],
        "type": "Microsoft.Resources/deployments",
        "properties": {
            "provisioningState": state,
            "mode": "Incremental",
            "timestamp": document["began"],
            "duration": f"PT{DURATION}S",
            "outputs": {},
            "outputResources": [],
        },
    }


def _operation(call: Call, document: Document, resource: Document) -> Document:
    group = f"/subscriptions/{call['subscription']}/resourceGroups/{call['group']}"
    return {
        "id": f"{_deployment_id(call)}/operations/{resource['name']}",
        "operationId": resource["name"],
        "properties": {
            "provisioningOperation": "Create",
            "provisioningState": _state(document),
            "timestamp": document["began"],
            "duration": f"PT{DURATION}S",
            "targetResource": {
                "id": f"{group}/providers/{resource['type']}/{resource['name']}",
                "resourceType": resource["type"],
                "resourceName": resource["name"],
            },
        },
    }
