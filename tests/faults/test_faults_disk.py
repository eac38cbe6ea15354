"""Disks that are full, read-only or faulty, and journals of other versions."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from journaling import create_run, journal_points, journaled, now, stored, wait_until
from servers import MlflowServer

from amlflow_jupyter.errors import JournalError, JournalFull
from amlflow_jupyter.journal import database, filesystem, ownership, places, reading, schema, upkeep
from amlflow_jupyter.journal.entries import Kind
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.recovery import recover
from amlflow_jupyter.tracking.delivery import open_target


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_costs_nothing_and_is_told(server: MlflowServer, small_disk: Path):
    run_id = create_run(server.url)
    with journaled(server.url, folder=small_disk / "journals") as here:
        log = here.run(run_id)
        log.metric("loss", 0.0, 0, now())
        assert here.delivered()
        (small_disk / "filler").write_bytes(bytes(free(small_disk)))
        at = now()
        for step in range(1, 3000):
            log.metric("loss", step, step, at)
        told = here.delivery.status()
        assert any("in memory only" in line and "make room" in line for line in told.lines())
        with pytest.raises(OSError, match=r"journal|space"):
            log.artifact(Path(__file__), None, now())
        # The server has room: what the disk does not take is delivered from memory.
        assert here.delivered()
        steps = [step for _, step, _, _ in stored(server.folder, run_id).elements()]
        assert sorted(steps) == list(range(3000))
        (small_disk / "filler").unlink()
        for step in range(3000, 3100):
            log.metric("loss", step, step, at)
        assert here.delivered()
        assert here.delivery.status().notes == ()
        on_disk = journal_points(here.journal.path, run_id)
    assert sum(stored(server.folder, run_id).values()) == 3100
    assert {step for _, step, _, _ in on_disk} >= set(range(3000, 3100))


def test_a_folder_that_cannot_be_written(server: MlflowServer, tmp_path: Path, monkeypatch):
    run_id = create_run(server.url)
    disk = tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", disk], check=True)
    try:
        with journaled(server.url, folder=disk / "journals") as here:
            here.run(run_id).metric("loss", 1.0, 0, now())
            assert here.delivered()
            (note,) = here.delivery.status().notes
            assert str(disk) in note
            assert str(tmp_path / f"amlflow-{os.getuid()}") in note
            assert here.journal.path in places.journals()
        monkeypatch.setenv("TMPDIR", str(disk))
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        with pytest.raises(JournalError, match="AMLFLOW_HOME"):
            Journal.new(disk / "journals")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_nobody_else_can_read_a_journal(tmp_path: Path):
    journal = Journal.new()
    log = journal.run("a" * 32, "http://nowhere")
    log.metric("loss", 1.0, 0, now())
    file = tmp_path / "file"
    file.write_text("text")
    log.artifact(file, None, now())
    upkeep.checkpoint(journal)
    folder = journal.path.parent
    assert mode(folder) == 0o700
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert len(found) == 5
    assert {mode(path) for path in found} == {0o600}
    journal.close()


def left_behind(server: MlflowServer, count: int = 3000) -> tuple[Path, str, Counter]:
    """A journal whose owner is gone, its log moved into its main file."""
    run_id = create_run(server.url, "left")
    journal = Journal.new()
    log, at = journal.run(run_id, server.url, store_run_id=run_id), now()
    for step in range(count):
        log.metric("loss", step / 3, step, at)
    upkeep.checkpoint(journal)
    journal.close()
    return journal.path, run_id, journal_points(journal.path, run_id)


def test_a_flipped_byte_is_never_delivered(server: MlflowServer):
    path, run_id, wanted = left_behind(server)
    content = bytearray(path.read_bytes())
    victim = next(place for place in wanted if place[1] == 1000)
    at = content.index(struct_of(victim[3]))
    content[at + 3] ^= 0x10
    path.write_bytes(content)
    (recovered,) = recover(open_target, 60)
    assert "Its bytes changed on the disk" in recovered.problem
    assert stored(server.folder, run_id) == wanted - Counter([victim])
    assert path.exists()  # with what was not delivered


def test_a_page_that_is_overwritten_costs_that_page(server: MlflowServer):
    path, run_id, wanted = left_behind(server)
    content = bytearray(path.read_bytes())
    at = content.index(struct_of(1500 / 3)) // 1024 * 1024
    content[at : at + 1024] = os.urandom(1024)
    path.write_bytes(content)
    (recovered,) = recover(open_target, 60)
    assert "A journal was damaged on the disk" in recovered.problem
    found = stored(server.folder, run_id)
    assert not found - wanted
    assert len(wanted) - 60 <= len(found) < len(wanted)
    assert list(path.parent.glob("*.damaged"))


def test_a_torn_last_record_takes_nothing_else(server: MlflowServer):
    run_id = create_run(server.url)
    pid = os.fork()
    if pid == 0:  # a process that dies without closing anything
        log = Journal.new().run(run_id, server.url, store_run_id=run_id)
        for step in range(100):
            log.metric("loss", step, step, 1_700_000_000_000)
        os._exit(0)
    os.waitpid(pid, 0)
    (path,) = places.journals()
    log_file = Path(f"{path}-wal")
    log_file.write_bytes(log_file.read_bytes()[:-700])
    recover(open_target, 60)
    steps = [step for _, step, _, _ in stored(server.folder, run_id).elements()]
    assert sorted(steps) == list(range(99))


def test_a_file_that_is_no_journal_is_named_and_left():
    journal = Journal.new()
    journal.close()
    journal.path.write_bytes(os.urandom(4096))
    (recovered,) = recover(open_target, 10)
    assert "damaged" in recovered.problem
    assert journal.path.exists()


def test_a_newer_journal_is_refused_and_left(server: MlflowServer):
    path, run_id, _ = left_behind(server, 10)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma user_version = {schema.FORMAT + 1}")
    (recovered,) = recover(open_target, 10)
    assert "newer amlflow" in recovered.problem
    assert "pip install -U" in recovered.problem
    assert path.exists()
    assert not stored(server.folder, run_id)


def test_an_older_journal_is_brought_up_to_date(server: MlflowServer):
    run_id = create_run(server.url)
    folder = places.make_private(places.folder())
    path = folder / "20260101T000000-1-abcdef.journal"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parent / "format_1.sql").read_text())
        connection.execute("update runs set run_id = ?, store_run_id = ?", (run_id, run_id))
        connection.execute("update targets set uri = ?", (server.url,))
        connection.commit()
    (recovered,) = recover(open_target, 60)
    assert recovered.problem is None
    assert stored(server.folder, run_id) == Counter([("loss", 3, 1_700_000_000_000, 0.25)])


def test_a_network_file_system_is_told_from_a_disk():
    mounts = [
        ("/", "ext4"),
        ("/mnt/batch/tasks/shared", "cifs"),
        ("/home", "nfs4"),
        ("/home/me/scratch", "xfs"),
        ("/blob", "fuse.blobfuse2"),
    ]

    def shared(folder: str) -> bool:
        return filesystem.is_shared(filesystem.kind_among(Path(folder), mounts))

    assert shared("/home/me")
    assert shared("/mnt/batch/tasks/shared/LS_root/code")
    assert shared("/blob/x")
    assert not shared("/home/me/scratch/x")
    assert not shared("/root")


def test_a_journal_on_a_network_file_system_is_safe_and_says_so(server: MlflowServer, monkeypatch):
    run_id = create_run(server.url)
    monkeypatch.setattr(filesystem, "shared_kind", lambda _: "nfs4")
    with journaled(server.url) as here:
        here.run(run_id).metric("loss", 1.0, 0, now())
        assert here.journal.writer.run("pragma journal_mode") == [("truncate",)]
        assert here.journal.writer.run("pragma synchronous") == [(2,)]
        assert not Path(f"{here.journal.path}-wal").exists()
        assert here.delivered()
        (note,) = here.delivery.status().notes
        assert "nfs4" in note
        assert "AMLFLOW_HOME" in note


def test_full_durability_is_an_option():
    journal = Journal.new(durability="full")
    assert journal.writer.run("pragma synchronous") == [(2,)]
    journal.close()


def test_files_are_limited_and_values_are_not(tmp_path: Path):
    journal = Journal.new(limit=1000)
    keeper = upkeep.Upkeep(journal)
    log = journal.run("a" * 32, "http://nowhere")
    file = tmp_path / "file"
    file.write_bytes(bytes(900))
    log.artifact(file, None, now())
    keeper.once()
    assert any("%aml_sync" in note for note in journal.notes)
    file.write_bytes(b"x" * 900)
    with pytest.raises(JournalFull, match="AMLFLOW_JOURNAL_LIMIT"):
        log.artifact(file, None, now())
    log.metric("loss", 1.0, 0, now())
    with closing(database.open_to_read(journal.path)) as connection:
        assert reading.backlog(connection).entries == 2
    journal.close()


def test_what_was_delivered_is_removed_when_the_file_grows(server: MlflowServer, monkeypatch):
    monkeypatch.setattr("amlflow_jupyter.journal.compaction.KEPT", 50_000)
    run_id = create_run(server.url)
    with journaled(server.url) as here:
        log = here.run(run_id)
        log.param("lr", "0.1", now())
        assert here.delivered()
        log.param("lr", "0.2", now())  # refused, and so kept
        for step in range(5000):
            log.metric("loss", step, step, now())
        assert here.delivered()
        upkeep.Upkeep(here.journal).once()
        left = wait_until(lambda: here.journal.writer.run("select count(*) from entries"), bool)
        assert left == [(1,)]
        log.metric("loss", 9.0, 5000, now())
        assert here.delivered()
    steps = [step for _, step, _, _ in stored(server.folder, run_id).elements()]
    assert sorted(steps) == list(range(5001))


def test_two_owners_are_one_too_many():
    journal = Journal.new()
    assert ownership.is_owned(journal.path)
    assert ownership.take(journal.path) is None
    journal.close()
    taken = ownership.take(journal.path)
    assert taken is not None
    taken.release()


def test_kinds_are_part_of_the_format():
    assert {kind.name: int(kind) for kind in Kind} == {
        "METRIC": 0,
        "PARAM": 1,
        "TAG": 2,
        "END": 3,
        "UPDATE": 4,
        "INPUTS": 5,
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def free(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


def struct_of(value: float | None) -> bytes:
    """A number as SQLite writes it."""
    import struct

    return struct.pack(">d", value)
