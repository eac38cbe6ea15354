"""Copying to and from a storage: what is written, counted, refused, and how it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from amlflow_jupyter.resources.failures import ResourceFailed
from amlflow_jupyter.resources.storage import Moved, RemoteFile
from amlflow_jupyter.resources.transfer import Transfer, download, upload


class Memory:
    """A storage in memory."""

    def __init__(self, **files: bytes) -> None:
        self.kept = dict(files)
        self.broken: set[str] = set()

    def files(self, path: str) -> Iterator[RemoteFile]:
        for name, content in self.kept.items():
            if not path or name == path or name.startswith(f"{path}/"):
                yield RemoteFile(name, len(content))

    def read(self, name: str) -> Iterator[bytes]:
        content = self.kept[name]
        yield content[:2]
        if name in self.broken:
            raise ConnectionResetError("cut")
        yield content[2:]

    def write(self, file: RemoteFile, content: BinaryIO, overwrite: bool, moved: Moved) -> bool:
        if file.name in self.broken:
            raise PermissionError("no")
        if file.name in self.kept and not overwrite:
            return False
        data = content.read()
        moved(len(data))
        self.kept[file.name] = data
        return True


def quietly(_: Transfer) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "iris"
    (made / "raw").mkdir(parents=True)
    (made / "a.csv").write_bytes(b"12345")
    (made / "raw" / "b.csv").write_bytes(b"678")
    (made / "empty").write_bytes(b"")
    return made


def test_a_folder_goes_to_a_folder_of_its_name(folder: Path):
    storage, seen = Memory(), []
    transfer, where = upload(
        storage, folder, None, False, lambda now: seen.append((now.done, now.moved))
    )
    assert where == "iris"
    assert storage.kept == {"iris/a.csv": b"12345", "iris/raw/b.csv": b"678", "iris/empty": b""}
    assert (transfer.files, transfer.done, transfer.size, transfer.moved) == (3, 3, 8, 8)
    assert seen[-1] == (3, 8)


@pytest.mark.parametrize(
    ("to", "name"), [("/", "a.csv"), ("x/y", "x/y/a.csv"), (None, "iris/a.csv")]
)
def test_where_a_folder_goes(folder: Path, to: str | None, name: str):
    storage = Memory()
    upload(storage, folder, to, False, quietly)
    assert name in storage.kept


@pytest.mark.parametrize(("to", "name"), [(None, "a.csv"), ("x", "x/a.csv")])
def test_where_a_file_goes(folder: Path, to: str | None, name: str):
    storage = Memory()
    assert upload(storage, folder / "a.csv", to, False, quietly)[1] == name
    assert storage.kept == {name: b"12345"}


def test_what_is_there_stays_unless_it_is_to_be_overwritten(folder: Path):
    storage = Memory(**{"iris/a.csv": b"old"})
    transfer, _ = upload(storage, folder, None, False, quietly)
    assert (storage.kept["iris/a.csv"], transfer.done, transfer.there) == (b"old", 2, 1)
    transfer, _ = upload(storage, folder, None, True, quietly)
    assert (storage.kept["iris/a.csv"], transfer.done, transfer.there) == (b"12345", 3, 0)


def test_what_is_there_in_the_root_is_found_file_by_file(folder: Path):
    storage = Memory(**{"a.csv": b"old"})
    transfer, _ = upload(storage, folder, "/", False, quietly)
    assert (storage.kept["a.csv"], transfer.done, transfer.there) == (b"old", 2, 1)


def test_nothing_to_upload(tmp_path: Path):
    (tmp_path / "void").mkdir()
    with pytest.raises(ResourceFailed, match="There is no file in"):
        upload(Memory(), tmp_path / "void", None, False, quietly)
    with pytest.raises(ResourceFailed, match="There is no file or folder"):
        upload(Memory(), tmp_path / "missing", None, False, quietly)


def test_the_first_failure_ends_an_upload(folder: Path):
    storage = Memory()
    storage.broken.add("iris/a.csv")
    transfer, _ = upload(storage, folder, None, False, quietly)
    assert transfer.failed == ("iris/a.csv", "no")
    assert "iris/a.csv" not in storage.kept


def test_a_folder_comes_down_as_it_is(tmp_path: Path):
    storage = Memory(**{"data/a": b"123", "data/in/b": b"4", "data2/c": b"no"})
    transfer = download(storage, "data", tmp_path / "to", False, quietly)
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert files == {"to/a", "to/in/b"}
    assert (transfer.done, transfer.moved) == (2, 4)


def test_one_file_comes_down_into_the_folder(tmp_path: Path):
    download(Memory(**{"data/in/b": b"4"}), "data/in/b", tmp_path, False, quietly)
    assert (tmp_path / "b").read_bytes() == b"4"


def test_there_is_nothing_to_download(tmp_path: Path):
    with pytest.raises(ResourceFailed, match="There is no file or folder 'data'"):
        download(Memory(), "data", tmp_path / "to", False, quietly)
    assert not (tmp_path / "to").exists()


def test_what_is_there_locally_stays_unless_it_is_to_be_overwritten(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"mine")
    storage = Memory(**{"d/a": b"theirs"})
    assert download(storage, "d", tmp_path, False, quietly).there == 1
    assert (tmp_path / "a").read_bytes() == b"mine"
    assert download(storage, "d", tmp_path, True, quietly).done == 1
    assert (tmp_path / "a").read_bytes() == b"theirs"


def test_hostile_names_write_nothing_outside(tmp_path: Path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "link").symlink_to(tmp_path)
    hostile = [
        "d/../evil",
        "d//etc/evil",
        "d/..\\evil",
        "d/link/evil",
        "d/../../evil",
        "d/C:\\evil",
    ]
    storage = Memory(**dict.fromkeys(hostile, b"evil"), **{"d/good": b"good"})
    transfer = download(storage, "d", target, False, quietly)
    assert sorted(transfer.refused) == sorted(hostile)
    assert transfer.done == 1
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert files == {"target/good"}


def test_a_link_in_the_place_of_a_file_is_replaced_not_followed(tmp_path: Path):
    outside, target = tmp_path / "outside", tmp_path / "target"
    outside.write_bytes(b"mine")
    target.mkdir()
    (target / "a").symlink_to(outside)
    assert download(Memory(**{"d/a": b"new"}), "d", target, False, quietly).there == 1
    download(Memory(**{"d/a": b"new"}), "d", target, True, quietly)
    assert outside.read_bytes() == b"mine"
    assert (target / "a").read_bytes() == b"new"


def test_a_file_with_the_name_of_a_folder_is_named(tmp_path: Path):
    storage = Memory(**{"d/a": b"file", "d/a/b": b"in it"})
    transfer = download(storage, "d", tmp_path, False, quietly)
    assert transfer.refused == ["d/a"]
    assert (tmp_path / "a" / "b").read_bytes() == b"in it"


def test_no_half_file_stays(tmp_path: Path):
    storage = Memory(**{"d/a": b"12345"})
    storage.broken.add("d/a")
    transfer = download(storage, "d", tmp_path, False, quietly)
    assert transfer.failed == ("d/a", "cut")
    assert not list(tmp_path.iterdir())


def test_files_have_the_usual_permissions(tmp_path: Path):
    (tmp_path / "usual").write_bytes(b"")
    download(Memory(a=b"1"), "a", tmp_path, False, quietly)
    modes = {oct(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_an_interrupt_ends_it_and_leaves_no_half_file(tmp_path: Path):
    began = threading.Event()

    class Slow(Memory):
        def read(self, name: str) -> Iterator[bytes]:
            while True:
                yield self.kept[name]
                began.set()

    def interrupted(_: Transfer) -> None:
        began.wait(10)
        raise KeyboardInterrupt

    storage = Slow(**{f"d/{n}": b"x" for n in range(20)})
    transfer = download(storage, "d", tmp_path, False, interrupted)
    assert transfer.interrupted
    assert transfer.done == 0
    assert not list(tmp_path.iterdir())


def test_the_folder_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ResourceFailed, match="cannot be made a folder"):
        download(Memory(a=b"1"), "a", tmp_path / "file" / "in", False, quietly)
    assert (tmp_path / "file").read_bytes() == b""
