"""Kinds of storage: real clients as far as they go without a network; shares have no emulator."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azureml.data.azure_data_lake_datastore import AzureDataLakeGen2Datastore
from azureml.data.azure_storage_datastore import AzureBlobDatastore

from amlflow_jupyter.errors import AuthenticationRequired
from amlflow_jupyter.resources.failures import ResourceFailed
from amlflow_jupyter.resources.storage import RemoteFile, storage_of


class Share:
    """What a file share's client does, in memory: folders are real, and listed by prefix."""

    def __init__(self) -> None:
        self.folders: set[str] = {""}
        self.kept: dict[str, bytearray] = {}

    def get_directory_client(self, path: str) -> Any:
        def listed(name_starts_with: str | None = None) -> Iterator[dict[str, Any]]:
            for folder in sorted(self.folders - {""}):
                parent, _, name = folder.rpartition("/")
                if parent == path and name.startswith(name_starts_with or ""):
                    yield {"name": name, "is_directory": True}
            for file, content in sorted(self.kept.items()):
                parent, _, name = file.rpartition("/")
                if parent == path and name.startswith(name_starts_with or ""):
                    yield {"name": name, "is_directory": False, "size": len(content)}

        def create() -> None:
            if path in self.folders:
                raise ResourceExistsError
            assert path.rpartition("/")[0] in self.folders
            self.folders.add(path)

        return SimpleNamespace(list_directories_and_files=listed, create_directory=create)

    def get_file_client(self, path: str) -> Any:
        def properties() -> None:
            if path not in self.kept:
                raise ResourceNotFoundError

        def create(size: int) -> None:
            assert path.rpartition("/")[0] in self.folders
            self.kept[path] = bytearray(size)

        def upload(data: bytes, offset: int, length: int) -> None:
            self.kept[path][offset : offset + length] = data

        def download() -> Any:
            return SimpleNamespace(chunks=lambda: iter([bytes(self.kept[path])]))

        return SimpleNamespace(
            get_file_properties=properties,
            create_file=create,
            upload_range=upload,
            download_file=download,
            delete_file=lambda: self.kept.pop(path),
        )


@pytest.fixture
def share() -> Share:
    return Share()


@pytest.fixture
def files(share: Share) -> Any:
    return storage_of(SimpleNamespace(name="s", datastore_type="AzureFile", file_service=share))


def put(files: Any, name: str, content: bytes, overwrite: bool = False) -> bool:
    file = RemoteFile(name, len(content))
    return bool(files.write(file, io.BytesIO(content), overwrite, lambda _: None))


def test_a_share_makes_the_folders_on_the_way(files: Any, share: Share):
    assert put(files, "a/b/c.txt", b"123")
    assert share.folders == {"", "a", "a/b"}
    assert b"".join(files.read("a/b/c.txt")) == b"123"


def test_a_share_keeps_what_is_there(files: Any):
    assert put(files, "a.txt", b"old")
    assert not put(files, "a.txt", b"new")
    assert b"".join(files.read("a.txt")) == b"old"
    assert put(files, "a.txt", b"newer", overwrite=True)
    assert b"".join(files.read("a.txt")) == b"newer"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("", ["x", "data/a", "data/in/b", "data2/c"]),
        ("data", ["data/a", "data/in/b"]),
        ("data/in", ["data/in/b"]),
        ("data/in/b", ["data/in/b"]),
        ("dat", []),
    ],
)
def test_a_share_lists_files_and_folders_by_their_whole_name(
    files: Any, path: str, names: list[str]
):
    for name in ("x", "data/a", "data/in/b", "data2/c"):
        put(files, name, b"1")
    assert sorted(file.name for file in files.files(path)) == sorted(names)


def test_a_share_keeps_no_half_file(files: Any, share: Share):
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write(RemoteFile("a", 3), io.BytesIO(b"123"), False, stop)
    assert share.kept == {}


def test_a_container_without_a_key_is_opened_as_who_is_signed_in():
    asked: list[str] = []

    class Credential:
        def get_token(self, *scopes: str, **_: Any) -> Any:
            asked.extend(scopes)
            raise AuthenticationRequired("Nobody is signed in.")

    store = AzureBlobDatastore(None, "identity", "box", "account", endpoint="core.windows.net")
    with pytest.raises(AuthenticationRequired):
        list(storage_of(store, Credential()).files(""))
    assert asked == ["https://storage.azure.com/.default"]


@pytest.mark.parametrize("endpoint", ["evil.example", "evil.example/.core.windows.net"])
def test_a_container_that_is_not_azures_gets_no_token(endpoint: str):
    store = AzureBlobDatastore(None, "identity", "box", "account", endpoint=endpoint)
    with pytest.raises(ResourceFailed, match=r"at .*evil\.example, which is no storage"):
        storage_of(store, object())


def test_a_kind_that_holds_no_files():
    store = AzureDataLakeGen2Datastore(None, "lake", "box", "account")
    with pytest.raises(ResourceFailed, match="'lake' is of the kind AzureDataLakeGen2"):
        storage_of(store)
