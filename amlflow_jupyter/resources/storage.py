"""The files of a datastore, whatever kind of storage it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from amlflow_jupyter.resources.failures import ResourceFailed
from amlflow_jupyter.workspaces.azure import cloud

# Bytes that are sent at once: as many as a share takes, and few enough to be interrupted between.
_PIECE: Final = 4 * 1024 * 1024
# A blob is made of no more pieces than this.
_MOST_PIECES: Final = 50_000
Moved = Callable[[int], None]


@dataclass(frozen=True)
class RemoteFile:
    """A file in a datastore.

    Attributes
    ----------
    name
        Its path from the root, with slashes. It is not trusted.
    size
        In bytes.
    """

    name: str
    size: int


class Storage(Protocol):
    """What transferring needs of a storage."""

    def files(self, path: str) -> Iterator[RemoteFile]:
        """Yield the file at ``path``, or those below it; all of them for an empty path."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes in pieces."""

    def write(self, file: RemoteFile, content: BinaryIO, overwrite: bool, moved: Moved) -> bool:
        """Write a file whole or not at all; ``moved`` is told of each piece that arrived.

        Returns False if a file is there and is not to be overwritten.
        """


def storage_of(datastore: Any, credential: Any = None) -> Storage:
    """Return the files of an azureml-core datastore.

    Parameters
    ----------
    datastore
        As ``Workspace.datastores`` or ``Datastore.get`` returns it.
    credential
        An azure-identity credential, for a datastore that keeps no key of its own.

    Raises
    ------
    ResourceFailed
        Its kind of storage holds no files that can be reached from here.
    """
    kind = datastore.datastore_type
    if kind == "AzureBlob":
        return _Blobs(datastore, credential)
    if kind == "AzureFile":
        return _Share(datastore)
    raise ResourceFailed(
        f"The datastore {datastore.name!r} is of the kind {kind}: files can be copied to and from "
        "AzureBlob and AzureFile datastores only. %aml_datastores lists them."
    )


class _Blobs:
    """A blob container. Folders are names with slashes; some tools leave empty blobs for them."""

    def __init__(self, datastore: Any, credential: Any) -> None:
        service = datastore.blob_service
        if datastore.credential_type == "None" and credential is not None:
            _refuse_strangers(datastore.name, service.url)
            service = type(service)(account_url=service.url, credential=credential)
        self._container = service.get_container_client(datastore.container_name)

    def files(self, path: str) -> Iterator[RemoteFile]:
        inside = f"{path}/" if path else ""
        for blob in self._container.list_blobs(name_starts_with=path or None, include=["metadata"]):
            name = str(blob.name)
            if (name == path or name.startswith(inside)) and not _is_folder(blob):
                yield RemoteFile(name, int(blob.size))

    def read(self, name: str) -> Iterator[bytes]:
        yield from self._container.get_blob_client(name).download_blob().chunks()

    def write(self, file: RemoteFile, content: BinaryIO, overwrite: bool, moved: Moved) -> bool:
        from azure.core.exceptions import ResourceExistsError

        blob = self._container.get_blob_client(file.name)
        try:
            if file.size <= _PIECE:  # in one request, as most files are
                whole = content.read()
                blob.upload_blob(whole, overwrite=overwrite)
                moved(len(whole))
            else:
                _upload_pieces(blob, file.size, content, overwrite, moved)
        except ResourceExistsError:
            return False
        return True


def _refuse_strangers(name: str, url: str) -> None:
    """Refuse a datastore whose account is elsewhere: whoever registered it would get a token."""
    host = urlsplit(url).hostname or ""
    if not cloud.is_storage(host):
        raise ResourceFailed(
            f"The datastore {name!r} is at {host}, which is no storage account of Azure's: whoever "
            "it is would get a token of yours. Ask the workspace's owner what it is."
        )


def _upload_pieces(blob: Any, size: int, content: BinaryIO, overwrite: bool, moved: Moved) -> None:
    """Upload a large file in pieces: it appears when all of them are there."""
    from azure.core import MatchConditions

    names: list[str] = []
    for piece in _pieces(content, max(_PIECE, -(-size // _MOST_PIECES))):
        names.append(f"{len(names):06}")
        blob.stage_block(names[-1], piece)
        moved(len(piece))
    missing = {} if overwrite else {"match_condition": MatchConditions.IfMissing}
    blob.commit_block_list(names, **missing)


def _pieces(content: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := content.read(size):
        yield piece


def _is_folder(blob: Any) -> bool:
    marked = (blob.metadata or {}).get("hdi_isfolder", "").lower() == "true"
    return not blob.size and (marked or str(blob.name).endswith("/"))


class _Share:
    """A file share, which has real folders."""

    def __init__(self, datastore: Any) -> None:
        self._share = datastore.file_service

    def files(self, path: str) -> Iterator[RemoteFile]:
        folder, _, last = path.rpartition("/")
        found = self._entries(folder, last) if path else [{"name": "", "is_directory": True}]
        for entry in found:
            if path and entry["name"].lower() != last.lower():
                continue  # The service lists by how names begin.
            if entry["is_directory"]:
                yield from self._below(path)
            else:
                yield RemoteFile(path, int(entry["size"]))

    def read(self, name: str) -> Iterator[bytes]:
        yield from self._share.get_file_client(name).download_file().chunks()

    def write(self, file: RemoteFile, content: BinaryIO, overwrite: bool, moved: Moved) -> bool:
        client = self._share.get_file_client(file.name)
        if not overwrite and _exists(client):
            return False
        self._make_folders(file.name.split("/")[:-1])
        try:
            client.create_file(file.size)
            at = 0
            for piece in _pieces(content, _PIECE):
                client.upload_range(piece, offset=at, length=len(piece))
                at += len(piece)
                moved(len(piece))
        except BaseException:
            client.delete_file()
            raise
        return True

    def _below(self, folder: str) -> Iterator[RemoteFile]:
        for entry in self._entries(folder):
            path = f"{folder}/{entry['name']}" if folder else str(entry["name"])
            if entry["is_directory"]:
                yield from self._below(path)
            else:
                yield RemoteFile(path, int(entry["size"]))

    def _entries(self, folder: str, begin: str | None = None) -> list[Any]:
        directory = self._share.get_directory_client(folder)
        return list(directory.list_directories_and_files(name_starts_with=begin))

    def _make_folders(self, parts: list[str]) -> None:
        from azure.core.exceptions import ResourceExistsError

        for count in range(1, len(parts) + 1):
            try:
                self._share.get_directory_client("/".join(parts[:count])).create_directory()
            except ResourceExistsError:
                continue


def _exists(client: Any) -> bool:
    from azure.core.exceptions import ResourceNotFoundError

    try:
        client.get_file_properties()
    except ResourceNotFoundError:
        return False
    return True
