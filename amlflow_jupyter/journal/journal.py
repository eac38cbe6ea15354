"""One process's journal: what it logged, and how far that is delivered."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.errors import JournalError
from amlflow_jupyter.journal import database, filesystem, forking, ownership, places, reading
from amlflow_jupyter.journal.database import Durability
from amlflow_jupyter.journal.entries import Entry, Kind
from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.marks import Marks
from amlflow_jupyter.journal.ownership import Ownership
from amlflow_jupyter.journal.run_log import RunLog, RunRecord
from amlflow_jupyter.journal.spool import Spool
from amlflow_jupyter.journal.writer import Writer

# Bytes of files that wait to be sent.
LIMIT: Final = 10_000_000_000
_all: weakref.WeakSet[Journal] = weakref.WeakSet()
# Connections of a parent process: to close one here could harm the parent's.
_inherited: list[Any] = []


class Journal:
    """The journal of this process, or one taken over from a process that died.

    Use :meth:`new` or :meth:`reopen`. A forked child that goes on logging gets a file of its own.

    Attributes
    ----------
    path
        The database.
    writer
        Writes to it.
    spool
        Keeps its files.
    notes
        Sentences for the user about where and how it is kept, where that is not as usual.
    """

    def __init__(
        self, path: Path, owner: Ownership, durability: Durability, limit: int, notes: list[str]
    ) -> None:
        self.path = path
        self.notes = notes
        self._owner = owner
        self._durability: Durability = durability
        self._limit = limit
        self._runs: dict[str, RunLog] = {}
        self._targets: dict[str, int] = {}
        self._on_fork: list[Callable[[], None]] = []
        with forking.using_sqlite:
            self._open()
        _all.add(self)

    @classmethod
    def new(
        cls,
        folder: Path | None = None,
        durability: Durability = "normal",
        limit: int = LIMIT,
    ) -> Journal:
        """Begin a journal.

        Raises
        ------
        JournalError
            No folder can be written, not even the spare one.
        """
        notes: list[str] = []
        where = places.writable(folder or places.folder(), notes)
        path = places.new_path(where)
        owner = ownership.take(path)
        if owner is None:
            raise JournalError(f"{path} is used by another process already.")
        return cls(path, owner, durability, limit, notes)

    @classmethod
    def reopen(cls, path: Path, owner: Ownership) -> Journal:
        """Take over a journal whose owner died.

        Raises
        ------
        JournalError
            It was written by a newer version, or is none.
        sqlite3.DatabaseError
            It is damaged.
        """
        return cls(path, owner, "normal", LIMIT, [])

    def run(
        self,
        run_id: str,
        target: str,
        store_run_id: str | None = None,
        opened: bool = False,
    ) -> RunLog:
        """Return what logs to a run.

        Parameters
        ----------
        run_id
            The id that the user holds.
        target
            URI of the store that it goes to, without secrets.
        store_run_id
            Its id there; None while it is not created there.
        opened
            Whether this process started it there, and so has to end it.
        """
        with self._lock:
            found = self._runs.get(run_id)
            if found is None:
                found = self._runs[run_id] = RunLog(
                    self, self._record(run_id, target, store_run_id, opened)
                )
            elif opened and not found.record.opened:
                self.opened(found.record)
            return found

    def known(self, run_id: str) -> RunLog | None:
        """Return what logs to a run that is known already."""
        return self._runs.get(run_id)

    @property
    def runs(self) -> list[RunRecord]:
        """All runs."""
        with self._lock:
            return [log.record for log in self._runs.values()]

    @property
    def targets(self) -> dict[int, str]:
        """The stores that runs go to: number to URI."""
        with self._lock:
            return {number: uri for uri, number in self._targets.items()}

    def create_run(self, run_id: str, target: str, creation: Mapping[str, Any]) -> RunLog:
        """Return what logs to a run that the store is asked to create when it can be reached.

        Parameters
        ----------
        creation
            See :meth:`~amlflow_jupyter.journal.target.Target.create_run`.
        """
        log = self.run(run_id, target, opened=True)
        self._will_create(log.record, json.dumps(creation))
        return log

    def keep_file(self, run: RunRecord, file: Path, folder: str | None, time: int) -> None:
        """Keep a file, to be sent as an artifact; see :meth:`RunLog.artifact`."""
        with self._lock:
            self._check_fork()
            kept = self.spool.keep(file)
            about = {"digest": kept.digest, "size": kept.size, "name": file.name, "folder": folder}
            self.writer.add_file(run.id, json.dumps(about), time)

    def series(self, log: RunLog, kind: Kind, name: str, extra: str) -> int:
        """Return the number of a series, made if it is not there."""
        with self._lock:
            self._check_fork()
            return self._series_number((log.record.id, int(kind), name, extra))

    def opened(self, record: RunRecord) -> None:
        """Remember that this process started a run."""
        record.opened = True
        self.writer.attempt("update runs set opened = 1 where id = ?", (record.id,))

    def ended(self, record: RunRecord, entry: int) -> None:
        """Remember that a run was ended, by an entry."""
        record.ended = entry
        self.writer.attempt("update runs set ended = ? where id = ?", (entry, record.id))

    def limits(self, target: int) -> Limits | None:
        """Return what a store taught us about its limits."""
        rows = self.writer.run("select limits from targets where id = ?", (target,))
        return Limits(**json.loads(rows[0][0])) if rows and rows[0][0] else None

    def keep_limits(self, target: int, limits: Limits) -> None:
        """Keep what a store taught us about its limits."""
        text = json.dumps(limits._asdict())
        self.writer.attempt("update targets set limits = ? where id = ?", (text, target))

    def export(self, file: str) -> None:
        """Write everything to a SQLite database of its own.

        Raises
        ------
        JournalError
            It is there already, or cannot be written.
        """
        try:
            self.writer.run("vacuum into ?", (file,))
        except sqlite3.Error as error:
            raise JournalError(f"{file} cannot be written ({error}): name another.") from error

    def on_fork(self, call: Callable[[], None]) -> None:
        """Call this in a forked child when it begins a file of its own."""
        self._on_fork.append(call)

    def close(self, remove: bool = False) -> None:
        """Close it; ``remove`` its files where everything was delivered."""
        if self._pid != os.getpid():
            return
        self.writer.unspill()
        with forking.using_sqlite:
            self.writer.close()
        if remove:
            places.remove(self.path)
        self._owner.release()
        _all.discard(self)

    def _open(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.RLock()
        shared = filesystem.shared_kind(self.path.parent)
        if shared:
            self.notes.append(
                f"{self.path.parent} lies on a file system of a network ({shared}), where logging "
                "is slower: name a folder on a local disk with AMLFLOW_HOME."
            )
        connection = database.open_to_write(self.path, self._durability, bool(shared))
        self.writer = Writer(connection, reading.last_id(connection) + 1)
        self.marks = Marks(self.writer)
        self.spool = Spool(places.spool_of(self.path), self._limit)
        self._series_numbers = reading.series_numbers(connection)
        self._targets = reading.target_numbers(connection)
        for record in reading.run_records(connection):
            self._runs.setdefault(record.run_id, RunLog(self, record)).rebind(record)
        if self.writer.next_id == 1:
            about = {"host": platform.node(), "pid": os.getpid(), "began": time.time()}
            for key, value in about.items():
                self.writer.attempt("insert or replace into meta values (?, ?)", (key, value))

    def _check_fork(self) -> None:
        if self._pid != os.getpid():
            self._reopen_after_fork()

    def _record(
        self, run_id: str, target: str, store_run_id: str | None, opened: bool
    ) -> RunRecord:
        record = RunRecord(
            id=len(self._runs) + 1,
            run_id=run_id,
            target=self._target_number(target),
            store_run_id=store_run_id,
            opened=opened,
        )
        self.writer.attempt(
            "insert into runs(id, run_id, target, store_run_id, opened) values (?, ?, ?, ?, ?)",
            (record.id, run_id, record.target, store_run_id, int(opened)),
        )
        return record

    def _will_create(self, record: RunRecord, creation: str) -> None:
        record.creation = creation
        self.writer.attempt("update runs set creation = ? where id = ?", (creation, record.id))

    def _target_number(self, uri: str) -> int:
        number = self._targets.get(uri)
        if number is None:
            number = self._targets[uri] = len(self._targets) + 1
            self.writer.attempt("insert into targets(id, uri) values (?, ?)", (number, uri))
        return number

    def _series_number(self, key: tuple[int, int, str, str]) -> int:
        number = self._series_numbers.get(key)
        if number is None:
            number = self._series_numbers[key] = len(self._series_numbers) + 1
            self.writer.attempt("insert into series values (?, ?, ?, ?, ?)", (number, *key))
        return number

    def _reopen_after_fork(self) -> None:
        """Begin a file of this child's own, with the same runs."""
        uris = self.targets
        records = [log.record for log in self._runs.values()]
        _inherited.append((self.writer, self._owner))
        where = places.writable(self.path.parent, self.notes)
        self.path = places.new_path(where)
        owner = ownership.take(self.path)
        assert owner is not None  # noqa: S101 - the file was made a moment ago
        self._owner = owner
        self._targets, self._series_numbers = {}, {}
        self._open()
        logs, self._runs = self._runs, {}
        for old in records:
            log = logs[old.run_id]
            log.rebind(self._record(old.run_id, uris[old.target], old.store_run_id, opened=False))
            self._runs[old.run_id] = log
            if old.creation and not old.store_run_id:
                self._will_create(log.record, old.creation)
        for call in self._on_fork:
            call()

    def note(self, sentence: str) -> None:
        """Say something to the user, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def damaged(self, entry: int) -> None:
        """Set an entry aside whose bytes are not those that were written."""
        self.marks.quarantine(entry, "Its bytes changed on the disk: it is not what was logged.")

    def drop_file(self, digest: str) -> None:
        """Remove a kept file that was sent, unless it is to be sent again elsewhere."""
        waiting = self.writer.run(
            "select count(*) from files where not sent and json_extract(about, '$.digest') = ?",
            (digest,),
        )
        if not waiting[0][0]:
            self.spool.drop(digest)

    def run_of_series(self) -> dict[int, int]:
        """Return the journal's own numbers: series to run."""
        with self._lock:
            return {number: key[0] for key, number in self._series_numbers.items()}

    def pending(
        self, connection: sqlite3.Connection, after: int
    ) -> Generator[Entry | int, None, None]:
        """Yield the entries after an id, in order, those that the disk did not take last.

        Parameters
        ----------
        connection
            Open to read.
        """
        last = after
        for entry in reading.entries(connection, after):
            last = entry if isinstance(entry, int) else entry.id
            yield entry
        keys: dict[int, tuple[int, int, str, str]] = {}
        with self.writer.lock:
            spilled = [row for row in self.writer.spilled if row[0] > last]
            if spilled:
                keys = {number: key for key, number in self._series_numbers.items()}
        for row in spilled:
            yield reading.as_entry(row, keys[row[1]])

    def _after_fork(self) -> None:
        """In a forked child: let every appending call ask for its series, and so find out."""
        self._lock = threading.RLock()  # another thread may have held it
        for log in self._runs.values():
            log.forget_series()


def _after_fork_in_child() -> None:
    for journal in list(_all):
        journal._after_fork()  # noqa: SLF001 - this module's own class


forking.register(lambda: [journal.writer.lock for journal in list(_all)], _after_fork_in_child)
