"""Artifacts: of runs, and of uploads that belong to none; each is written once.

An artifact is a document (origin, container, path) and a blob. Who makes one gets a signed address
to write the blob to; a second one of the same path is refused. Two families of paths lead here:
``/artifact/v2.0`` names origin and container, ``/history/v1.0`` names a run, whose artifacts lie in
the origin ``ExperimentRun`` and the container ``dcid.<run id>``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from loopback import clock, roles
from loopback.calls import Call
from loopback.errors import AzureError
from loopback.state import Document

PAGE = 500
LONGEST_PATH = 5000
RUN = "ExperimentRun"
ACTION = "Microsoft.MachineLearningServices/workspaces/experiments/runs/write"


class Place:
    """Where the artifacts of a request lie: an origin and a container in it."""

    def __init__(self, call: Call) -> None:
        run = call.parameters.get("run")
        self.call = call
        self.origin = call.parameters.get("origin", RUN)
        self.container = f"dcid.{run}" if run else call["container"]
        self.documents = call.documents("artifacts")
        self.blobs = call.emulator.blobs
        self.store = call.workspace.artifact_container

    def key(self, path: str = "") -> str:
        """Return the artifact's id: origin, container and path."""
        return f"{self.origin}/{self.container}/{path}"

    def all(self, prefix: str = "") -> list[Document]:
        """Return the artifacts whose path begins with a prefix."""
        return self.documents.all(self.key(prefix))

    def path(self) -> str:
        """Return the path that a request asks for."""
        path = self.call.parameters.get("path") or self.call.query.get("path") or ""
        return path.lstrip("/")

    def one(self) -> Document:
        """Return the artifact that a request asks for, else Azure's 404."""
        path = self.path()
        found = self.documents.get(self.key(path))
        if found is None:
            raise AzureError(404, "UserError", f"ArtifactId {self.key(path)} not found.")
        return found

    def information(self, artifact: Document, permission: str = "r") -> Document:
        """Return an artifact with the signed address of its blob."""
        return {
            "contentUri": self.blobs.url(self.store, artifact["artifactId"], permission),
            "origin": artifact["origin"],
            "container": artifact["container"],
            "path": artifact["path"],
            "tags": artifact["tags"],
        }

    def add(self, path: str, tags: Document | None = None) -> Document:
        """Make an artifact without a blob, else Azure's refusal of a second one."""
        if self.call.emulator.limits and len(path) > LONGEST_PATH:
            raise AzureError(
                400,
                "ValidationError",
                "A field of the entity is over the size limit. FieldName=Artifact.Path, "
                f"Limit={LONGEST_PATH}, Size={len(path)}. See "
                "https://aka.ms/azure-machine-learning-limits for service limits documentation.",
            )
        key = self.key(path)
        if self.documents.get(key) is not None:
            raise AzureError(
                409, "UserError", f"Resource Conflict: ArtifactId {key} already exists."
            )
        made = {
            "artifactId": key,
            "origin": self.origin,
            "container": self.container,
            "path": path,
            "etag": None,
            "createdTime": clock.now(),
            "dataPath": {
                "dataStoreName": "workspaceartifactstore",
                "relativePath": key,
                "sqlDataPath": None,
            },
            "tags": tags or {},
        }
        return self.documents.put(key, made)


def paged(call: Call, documents: list[Document]) -> Document:
    """Return one page of a list, with the token and the address of the next."""
    begin = int(call.query.get("continuationToken") or 0)
    more = begin + PAGE < len(documents)
    address = call.request.url
    path = call.query.get("path")
    following = f"?continuationToken={begin + PAGE}" + (f"&path={quote(path)}" if path else "")
    return {
        "value": documents[begin : begin + PAGE],
        "continuationToken": str(begin + PAGE) if more else None,
        "nextLink": f"https://{address.hostname}{quote(address.path)}{following}" if more else None,
    }


def listed(call: Call) -> Document:
    """Return the artifacts of a container."""
    return paged(call, Place(call).all())


def listed_below(call: Call) -> Document:
    """Return the artifacts whose path begins with a prefix."""
    place = Place(call)
    return paged(call, place.all(place.path()))


def metadata(call: Call) -> Document:
    """Return one artifact."""
    return Place(call).one()


def content_information(call: Call) -> Document:
    """Return one artifact with an address to read it from."""
    place = Place(call)
    return place.information(place.one())


def content_uri(call: Call) -> Response:
    """Return the address to read one artifact from."""
    return JSONResponse(content_information(call)["contentUri"])


def writable(call: Call) -> Document:
    """Return one artifact with an address to write it to."""
    roles.may_write(call, ACTION)
    place = Place(call)
    return place.information(place.one(), "rcw")


def content_below(call: Call) -> Document:
    """Return the artifacts whose path begins with a prefix, each with its address."""
    place = Place(call)
    page = paged(call, place.all(place.path()))
    return {**page, "value": [place.information(each) for each in page["value"]]}


async def content(call: Call) -> Response:
    """Return an artifact's bytes."""
    place = Place(call)
    data = await place.blobs.get(place.store, place.one()["artifactId"])
    if data is None:
        raise AzureError(404, "UserError", f"ArtifactId {place.key(place.path())} has no content.")
    return Response(data, media_type="application/octet-stream")


async def upload(call: Call) -> Document:
    """Write an artifact's bytes, or append to them."""
    roles.may_write(call, ACTION)
    place, data = Place(call), await call.request.body()
    path = place.path()
    artifact = place.documents.get(place.key(path)) or place.add(path)
    if call.query.get("append", "").lower() == "true":
        data = (await place.blobs.get(place.store, artifact["artifactId"]) or b"") + data
    await place.blobs.put(place.store, artifact["artifactId"], data)
    return artifact


async def create(call: Call) -> Document:
    """Make one artifact without content."""
    roles.may_write(call, ACTION)
    asked = await call.json()
    call.parameters |= {"origin": asked["origin"], "container": asked["container"]}
    return Place(call).add(asked["path"], asked.get("tags"))


async def create_many(call: Call) -> Document:
    """Make artifacts without content; each gets an address to write it to, or an error."""
    roles.may_write(call, ACTION)
    place, asked = Place(call), await call.json()
    await place.blobs.make(place.store)
    made: dict[str, Any] = {"artifacts": {}, "artifactContentInformation": {}, "errors": {}}
    for each in asked.get("paths") or []:
        path = each["path"]
        try:
            artifact = place.add(path, each.get("tags"))
        except AzureError as error:
            made["errors"][path] = error.body()
            continue
        made["artifacts"][path] = artifact
        made["artifactContentInformation"][path] = place.information(artifact, "rcw")
    return made


async def delete(call: Call) -> None:
    """Drop one artifact and its blob."""
    roles.may_write(call, ACTION)
    place = Place(call)
    artifact = place.one()
    place.documents.delete(artifact["artifactId"])
    await place.blobs.delete(place.store, artifact["artifactId"])
