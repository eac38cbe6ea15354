"""Snapshots: the files of a folder at a moment, which a job is made of.

Each file is a blob that its sender writes; a snapshot keeps of each path which blob it is, and
takes what did not change from the snapshot before it.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import AsyncIterator, Iterator
from urllib.parse import unquote, urlsplit

from loopback import clock
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.state import Document

WRITE = "Microsoft.MachineLearningServices/workspaces/snapshots/write"
NOTHING = "00000000-0000-0000-0000-000000000000"


def latest(_: Call) -> Answer:
    """Answer that there is nothing yet to tell the differences to: all files are sent."""
    return {"id": NOTHING, "root": {}}


async def addresses(call: Call) -> Answer:
    """Answer for each file an address to write it to."""
    may_write(call, WRITE)
    names, container = (await call.json())["FileNames"], call.workspace.container
    await call.emulator.blobs.make(container)
    nodes = [{"fullName": name, "blobUri": _address(call, name)} for name in names]
    return {"fileNodes": nodes}


async def create(call: Call) -> Answer:
    """Keep a snapshot of the files of a tree."""
    may_write(call, WRITE)
    sent = await call.json()
    before = call.documents("snapshots").get(sent.get("ParentSnapshotId") or NOTHING)
    blobs = dict(before["files"]) if before else {}
    for node in (sent.get("FileRevisionList") or {}).get("FileNodes") or []:
        blobs[node["FullName"]] = _path(node["BlobUri"])
    paths = list(_files(sent["DirTreeNode"]))
    missing = [path for path in paths if path not in blobs]
    if missing:
        raise AzureError(400, "UserError", f"Files of the snapshot are missing: {missing}")
    document = {
        "id": call["snapshot"],
        "createdUtc": clock.now(),
        "properties": sent.get("Properties") or {},
        "files": {path: blobs[path] for path in paths},
        "root": sent["DirTreeNode"],
    }
    call.documents("snapshots").put(call["snapshot"], document)
    return metadata(call)


def metadata(call: Call) -> Answer:
    """Answer what a snapshot holds."""
    found = _find(call, call["snapshot"])
    return {key: found[key] for key in ("id", "createdUtc", "properties", "root")}


async def zipped(call: Call) -> Answer:
    """Answer the address of a snapshot's files in an archive."""
    name = call["snapshot"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        async for path, content in contents(call, name):
            made.writestr(path, content)
    blobs, container = call.emulator.blobs, call.workspace.container
    await blobs.put(container, f"snapshotzips/{name}.zip", archive.getvalue())
    return {"zipSasUri": blobs.url(container, f"snapshotzips/{name}.zip")}


async def contents(call: Call, snapshot: str) -> AsyncIterator[tuple[str, bytes]]:
    """Return the path and the bytes of each file of a snapshot."""
    for path, blob in _find(call, snapshot)["files"].items():
        yield path, await _content(call, blob)


async def _content(call: Call, blob: str) -> bytes:
    content = await call.emulator.blobs.get(call.workspace.container, blob)
    if content is None:
        raise AzureError(400, "UserError", f"{blob} of the snapshot was never written.")
    return content


def _find(call: Call, snapshot: str) -> Document:
    found = call.documents("snapshots").get(snapshot)
    if found is None:
        raise AzureError(404, "UserError", f"Snapshot {snapshot} was not found.")
    return found


def _files(node: Document, folder: str = "") -> Iterator[str]:
    for child in (node.get("children") or {}).values():
        path = f"{folder}{child['name']}"
        if child["type"] == "File":
            yield path
        else:
            yield from _files(child, f"{path}/")


def _address(call: Call, name: str) -> str:
    """Return where to write a file; the client itself escapes what must be escaped."""
    path = f"snapshots/{uuid.uuid4()}/{name}"
    place, _, signed = call.emulator.blobs.url(call.workspace.container, path, "rcw").partition("?")
    return f"{unquote(place)}?{signed}"


def _path(address: str) -> str:
    """Return the path of a blob in its container."""
    return urlsplit(address).path.lstrip("/").partition("/")[2]
