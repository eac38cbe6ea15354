"""Model management of SDK v1: the same models as in MLflow's registry.

The MLflow server behind keeps names, versions, descriptions, tags and run ids. What it does not
know (properties, framework, the asset with the files) stands in documents. An asset names files
by the prefix of their artifacts; that of a version which MLflow's client made is made of its
source.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from loopback import clock, run_ids, runs
from loopback.artifacts import RUN
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.experiment_ids import to_azure
from loopback.mlflow_rest import artifact_uri
from loopback.roles import may_write
from loopback.server import Refused, ask
from loopback.state import Document
from loopback.world import TENANT, USER

WRITE = "Microsoft.MachineLearningServices/workspaces/models/write"
OF_RUN = re.compile(r"/runs/([^/]+)/artifacts(?:/(.*))?$")
_KEPT = (
    "framework",
    "frameworkVersion",
    "datasets",
    "url",
    "mimeType",
    "unpack",
    "experimentName",
    "properties",
    "sampleInputData",
    "sampleOutputData",
    "resourceRequirements",
)


async def create_asset(call: Call) -> Answer:
    """Keep which artifacts belong together."""
    may_write(call, WRITE)
    asset = {**await call.json(), "id": str(uuid.uuid4()), "createdTime": clock.now()}
    return call.documents("assets").put(asset["id"], asset)


async def asset(call: Call) -> Answer:
    """Answer an asset."""
    found = call.documents("assets").get(call["asset"])
    if found is None:
        raise _error(404, "AssetNotFound", f"Asset {call['asset']} was not found.")
    return found


async def assets(call: Call) -> Answer:
    """Answer the assets of a name or a run."""
    asked = {"name": call.query.get("name"), "runid": call.query.get("runId")}
    found = [
        each
        for each in call.documents("assets").all()
        if all(each.get(key) == value for key, value in asked.items() if value)
    ]
    return {"value": found, "continuationToken": None, "nextLink": None}


async def register(call: Call) -> Answer:
    """Register an asset as the next version of a model."""
    may_write(call, WRITE)
    model = await call.json()
    name = model["name"]
    try:
        await ask(call, "POST", "registered-models/create", {"name": name})
    except Refused as error:
        if error.reason != "RESOURCE_ALREADY_EXISTS":
            raise
    asked: Document = {
        "name": name,
        "source": await _source(call, model["url"]),
        "description": model.get("description") or "",
        "tags": _pairs(model.get("kvTags")),
    }
    if model.get("runId"):
        asked["run_id"] = run_ids.to_mlflow(call.emulator, model["runId"])
    answer = await ask(call, "POST", "model-versions/create", asked)
    version = answer["model_version"]
    kept = {key: model.get(key) for key in _KEPT}
    call.documents("models").put(f"{name}:{version['version']}", kept)
    return _shown(call, version)


async def get(call: Call) -> Answer:
    """Answer a model of an id, ``name:version``."""
    return _shown(call, await _find(call))


async def listing(call: Call) -> Answer:
    """Answer the models that a query asks for, the newest first, a page each."""
    query = call.query
    found = [_shown(call, each) for each in await _versions(call, query.get("name"))]
    found.sort(key=lambda model: model["createdTime"], reverse=True)
    chosen = [model for model in found if _fits(model, query)]
    if query.get("latestVersionOnly", "").lower() == "true":
        chosen = list({model["name"]: model for model in reversed(chosen)}.values())
    begin = int(query.get("$skipToken") or 0)
    end = begin + int(query.get("count") or 255)
    more = end < len(chosen)
    link = f"https://{call.workspace.api}{call.request.url.path}?$skipToken={end}"
    return {
        "value": chosen[begin:end],
        "continuationToken": str(end) if more else None,
        "nextLink": link if more else None,
    }


async def update(call: Call) -> Answer:
    """Change a model's tags, description or properties, by JSON patches."""
    may_write(call, WRITE)
    version = await _find(call)
    at = {"name": version["name"], "version": version["version"]}
    kept = call.documents("models").get(call["model"]) or {}
    for change in await call.json():
        key, value = change["path"].lstrip("/"), change.get("value")
        if key == "kvTags":
            await _set_tags(call, version, value or {})
        elif key == "description":
            await ask(call, "PATCH", "model-versions/update", {**at, "description": value})
        else:
            kept[key] = value
    call.documents("models").put(call["model"], kept)
    return _shown(call, await _find(call))


async def delete(call: Call) -> None:
    """Delete a version, and the model with the last one."""
    may_write(call, WRITE)
    version = await _find(call)
    name = version["name"]
    at = {"name": name, "version": version["version"]}
    await ask(call, "DELETE", "model-versions/delete", at)
    call.documents("models").delete(call["model"])
    if not await _versions(call, name):
        await ask(call, "DELETE", "registered-models/delete", {"name": name})


async def _find(call: Call) -> Document:
    name, _, version = call["model"].rpartition(":")
    asked = {"name": name, "version": version}
    try:
        answer = await ask(call, "GET", "model-versions/get", asked)
    except Refused as error:
        if error.status not in (400, 404):
            raise
        raise _error(404, "ModelNotFound", f"Model {call['model']} was not found.") from error
    found: Document = answer["model_version"]
    return found


async def _versions(call: Call, name: str | None) -> list[Document]:
    asked: Document = {"max_results": 1000}
    if name:
        asked["filter"] = f"name = '{name}'"
    found: list[Document] = []
    while True:
        answer = await ask(call, "GET", "model-versions/search", asked)
        found += answer.get("model_versions", [])
        if not answer.get("next_page_token"):
            return found
        asked["page_token"] = answer["next_page_token"]


async def _set_tags(call: Call, version: Document, tags: dict[str, str]) -> None:
    at = {"name": version["name"], "version": version["version"]}
    for tag in version.get("tags", []):
        if tag["key"] not in tags:
            await ask(call, "DELETE", "model-versions/delete-tag", {**at, "key": tag["key"]})
    for pair in _pairs(tags):
        await ask(call, "POST", "model-versions/set-tag", {**at, **pair})


def _shown(call: Call, version: Document) -> Document:
    """Return a version of MLflow's registry as model management shows it."""
    name, number = version["name"], version["version"]
    kept = call.documents("models").get(f"{name}:{number}") or _of_mlflow(call, version)
    run = version.get("run_id")
    return {
        **{key: kept.get(key) for key in _KEPT},
        "id": f"{name}:{number}",
        "name": name,
        "version": int(number),
        "description": version.get("description") or None,
        "createdTime": clock.from_milliseconds(version.get("creation_timestamp")),
        "modifiedTime": clock.from_milliseconds(version.get("last_updated_timestamp")),
        "kvTags": {tag["key"]: tag["value"] for tag in version.get("tags", [])},
        "properties": kept.get("properties") or {},
        "datasets": kept.get("datasets") or [],
        "runId": run_ids.to_azure(call.emulator, run) if run else None,
        "parentModelId": None,
        "derivedModelIds": [],
        "createdBy": {
            "userObjectId": USER.object_id,
            "userTenantId": TENANT,
            "userName": USER.name,
        },
    }


def _of_mlflow(call: Call, version: Document) -> Document:
    """Return what there is to know of a version that MLflow's client registered."""
    name = f"azureml_{version['name']}_{version['version']}"
    prefix = _prefix(version.get("source") or "")
    made = {"id": name, "name": version["name"], "artifacts": [{"prefix": prefix}]}
    if call.documents("assets").get(name) is None:
        call.documents("assets").put(name, {**made, "createdTime": clock.now()})
    return {"url": f"aml://asset/{name}", "framework": "Custom", "mimeType": "application/x-python"}


def _prefix(source: str) -> str:
    """Return the artifacts' prefix of a source that MLflow's client gave."""
    match = OF_RUN.search(source)
    if match:
        return f"{RUN}/dcid.{match[1]}/{match[2] or ''}"
    return re.sub(r"^[a-z]+://[^/]*/", "", source)


async def _source(call: Call, url: str) -> str:
    """Return the address by which MLflow's client finds the files of an asset."""
    kept = call.documents("assets").get(url.removeprefix("aml://asset/"))
    artifacts: list[dict[str, Any]] = (kept or {}).get("artifacts") or []
    if not artifacts:
        raise _error(400, "BadArgument", f"The url {url} names no asset of the workspace.")
    place = artifacts[0].get("prefix") or artifacts[0].get("id") or ""
    origin, container, path = place.split("/", 2)
    if origin != RUN:
        return f"azureml://{call.workspace.api}/{place}"
    run = container.removeprefix("dcid.")
    number = (await runs.find(call, run))["info"]["experiment_id"]
    return f"{artifact_uri(call.workspace, to_azure(call.workspace, number), run)}/{path}"


def _fits(model: Document, query: dict[str, str]) -> bool:
    asked = {"runId": query.get("runId"), "framework": query.get("framework")}
    return (
        all(model[key] == value for key, value in asked.items() if value)
        and _has(model["kvTags"], query.get("tags") or query.get("tag") or "")
        and _has(model["properties"], query.get("properties") or "")
    )


def _has(there: dict[str, str], wanted: str) -> bool:
    """Say whether pairs ``key=value`` and keys, separated by commas, are all there."""
    for each in filter(None, wanted.split(",")):
        key, equals, value = each.partition("=")
        if key not in there or (equals and there[key] != value):
            return False
    return True


def _pairs(tags: dict[str, Any] | None) -> list[Document]:
    return [{"key": key, "value": str(value)} for key, value in (tags or {}).items()]


def _error(status: int, code: str, message: str) -> AzureError:
    return ModelError(status, code, message)


class ModelError(AzureError):
    """An error as model management answers it: a shape of its own."""

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        return {
            "code": self.code,
            "statusCode": self.status,
            "message": self.message,
            "details": [],
            "correlation": {"RequestId": str(uuid.uuid4())},
        }
