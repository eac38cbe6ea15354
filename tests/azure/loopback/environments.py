"""Environments: what a job's Python is to consist of, kept in versions."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.state import Document

WRITE = "Microsoft.MachineLearningServices/workspaces/environments/write"
# The client registers with these keys capitalised, and reads them in camel case.
_SPELLING = {
    "Name": "name",
    "EnvironmentVariables": "environmentVariables",
    "Docker": "docker",
    "Spark": "spark",
    "InferencingStackVersion": "inferencingStackVersion",
}


async def register(call: Call) -> Answer:
    """Keep an environment as a new version, unless the latest is the same."""
    may_write(call, WRITE)
    body = await call.json()
    definition = {_SPELLING.get(key, key): value for key, value in body.items()}
    return keep(call, call["environment"], definition, call.parameters.get("version"))


def keep(call: Call, name: str, definition: Document, version: str | None = None) -> Document:
    """Keep a definition and return it as it is registered."""
    latest = _latest(call, name)
    if version is None and latest and _content(latest) == _content(definition):
        return latest
    version = version or str(len(_versions(call, name)) + 1)
    document = {**definition, "name": name, "version": version}
    return call.documents("environments").put(f"{name}/{version}", document)


async def get(call: Call) -> Answer:
    """Answer an environment, of a version or the latest."""
    return _find(call)


async def listing(call: Call) -> Answer:
    """Answer the latest version of each environment."""
    latest = {each["name"]: each for each in call.documents("environments").all()}
    return {"value": list(latest.values()), "continuationToken": None}


async def label(call: Call) -> Answer:
    """Put labels on a version."""
    may_write(call, WRITE)
    document = _find(call)
    labels = (await call.json()).get("Labels", [])
    key = f"{document['name']}/{document['version']}"
    call.documents("environment_labels").put(key, {"labels": labels, "key": key})
    return {}


async def by_label(call: Call) -> Answer:
    """Answer the version with a label."""
    prefix = f"{call['environment']}/"
    for kept in reversed(call.documents("environment_labels").all(prefix)):
        if call["label"] in kept["labels"]:
            return call.documents("environments").get(kept["key"])
    raise _missing(call)


async def image(call: Call) -> Answer:
    """Answer that the image of an environment is there."""
    document = _find(call)
    return {
        "imageExistsInRegistry": True,
        "ingredients": {"dockerfile": "FROM scratch"},
        "dockerImage": {
            "name": f"azureml/azureml_{document['name'].lower()}:{document['version']}",
            "registry": {"address": "loopback.azurecr.io", "username": None, "password": None},
        },
        "pythonEnvironment": {"interpreterPath": "python", "condaEnvironmentPath": None},
    }


async def build(call: Call) -> Answer:
    """Answer that an image is being built, and where to ask how far it is."""
    document, workspace = _find(call), call.workspace
    location = (
        f"https://{workspace.api}/environment/v2.0{workspace.arm_id}"
        f"/environments/{document['name']}/versions/{document['version']}/build"
    )
    return JSONResponse({"location": location}, 202)


async def build_status(call: Call) -> Answer:
    """Answer that an image is built: there is nothing to build, jobs run in this Python."""
    document = _find(call)
    return {"status": "Succeeded", "logUrl": None, "environment": document["name"], "error": None}


def _find(call: Call) -> Document:
    name, version = call["environment"], call.parameters.get("version")
    kept = call.documents("environments").get(f"{name}/{version}") if version else None
    found = kept or (None if version else _latest(call, name))
    if found is None:
        raise _missing(call)
    return found


def _missing(call: Call) -> AzureError:
    name = call["environment"]
    return AzureError(404, "NotFound", f"The environment {name} was not found in the workspace.")


def _versions(call: Call, name: str) -> list[Document]:
    return call.documents("environments").all(f"{name}/")


def _latest(call: Call, name: str) -> Document | None:
    versions = _versions(call, name)
    return versions[-1] if versions else None


def _content(definition: Document) -> dict[str, Any]:
    return {key: definition[key] for key in definition if key not in ("name", "version")}
