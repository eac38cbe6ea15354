"""Datastores: the blob containers (and file shares) that a workspace knows by name.

Those of the workspace itself are there from the start, as in Azure; their blobs lie in the real
Azurite, to which clients go with the account's key that they are given here.
"""

from __future__ import annotations

from typing import Any

from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.state import Document
from loopback.world import STORAGE_ACCOUNT, STORAGE_KEY, Workspace

DEFAULT = "workspaceblobstore"
ENDPOINT = "core.windows.net"


async def listing(call: Call) -> Answer:
    """Answer the datastores, a page each: the token is the number that came before."""
    await _make(call)
    kept = _all(call)
    begin = int(call.query.get("continuationToken") or 0)
    end = begin + int(call.query.get("count") or 30)
    wanted = [name for name in call.query.get("dataStoreNames", "").split(",") if name]
    chosen = [each for each in kept if not wanted or each["name"] in wanted]
    token = str(end) if end < len(chosen) else None
    return {"value": chosen[begin:end], "continuationToken": token}


async def get(call: Call) -> Answer:
    """Answer one datastore."""
    await _make(call)
    return _find(call, call["datastore"])


async def create(call: Call) -> None:
    """Register a datastore under a new name."""
    may_write(call, "Microsoft.MachineLearningServices/workspaces/datastores/write")
    body = await call.json()
    name = body["name"].lower()
    if any(each["name"] == name for each in _all(call)):
        raise AzureError(
            400,
            "UserError",
            f"Another datastore with the same name already exists. Name: {name}",
        )
    section = body.get("azureStorageSection") or {}
    if call.query.get("createIfNotExists", "").lower() == "true":
        await call.emulator.blobs.make(section["containerName"])
    _keep(call, name, body)


async def update(call: Call) -> None:
    """Change a registered datastore."""
    may_write(call, "Microsoft.MachineLearningServices/workspaces/datastores/write")
    name = _find(call, call["datastore"])["name"]
    _keep(call, name, await call.json())


async def delete(call: Call) -> None:
    """Forget a datastore; what lies there stays."""
    may_write(call, "Microsoft.MachineLearningServices/workspaces/datastores/delete")
    name = _find(call, call["datastore"])["name"]
    if not call.documents("datastores").delete(name):
        raise AzureError(400, "UserError", f"The system datastore {name} cannot be deleted.")


async def default(call: Call) -> Answer:
    """Answer the default datastore."""
    await _make(call)
    chosen = call.documents("settings").get("datastore") or {"name": DEFAULT}
    return _find(call, chosen["name"])


async def set_default(call: Call) -> None:
    """Make a datastore the default."""
    may_write(call, "Microsoft.MachineLearningServices/workspaces/datastores/write")
    name = _find(call, call["datastore"])["name"]
    call.documents("settings").put("datastore", {"name": name})


async def _make(call: Call) -> None:
    """Make the containers of the workspace's own datastores."""
    for container in (call.workspace.container, call.workspace.artifact_container):
        await call.emulator.blobs.make(container)


def _keep(call: Call, name: str, body: Document) -> None:
    section = body.get("azureStorageSection")
    if section:
        section["endpoint"] = section.get("endpoint") or ENDPOINT
        section["protocol"] = section.get("protocol") or "https"
    if section and section.get("credential"):
        key = "sasToken" if section.get("credentialType") == "Sas" else "accountKey"
        section[key] = section["credential"]
    call.documents("datastores").put(name, {**body, "name": name, "hasBeenValidated": True})


def _find(call: Call, name: str) -> Document:
    found = next((each for each in _all(call) if each["name"] == name.lower()), None)
    if found is None:
        raise AzureError(404, "UserError", f"Could not find datastore: {name}")
    return found


def _all(call: Call) -> list[Document]:
    return [*_of_workspace(call.workspace), *call.documents("datastores").all()]


def _of_workspace(workspace: Workspace) -> list[Document]:
    shares = ("workspaceworkingdirectory", "workspacefilestore")
    blobs = (DEFAULT, "workspaceartifactstore")
    kinds = [(name, "AzureBlob") for name in blobs] + [(name, "AzureFile") for name in shares]
    return [
        {
            "name": name,
            "dataStoreType": kind,
            "hasBeenValidated": True,
            "tags": None,
            "azureStorageSection": _section(workspace, name, kind),
        }
        for name, kind in kinds
    ]


def _section(workspace: Workspace, name: str, kind: str) -> dict[str, Any]:
    return {
        "accountName": STORAGE_ACCOUNT,
        "containerName": _container(workspace, name, kind),
        "endpoint": ENDPOINT,
        "protocol": "https",
        "credentialType": "AccountKey",
        "credential": STORAGE_KEY,
        "accountKey": STORAGE_KEY,
        "sasToken": None,
        "blobCacheTimeout": None,
        "isSas": False,
        "subscriptionId": workspace.subscription,
        "resourceGroup": workspace.group,
        "serviceDataAccessAuthIdentity": "None",
    }


def _container(workspace: Workspace, name: str, kind: str) -> str:
    if kind == "AzureFile":
        return f"azureml-filestore-{workspace.id}"
    return workspace.container if name == DEFAULT else workspace.artifact_container
