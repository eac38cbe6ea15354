"""The way to one store: what is pending for it is sent in order, one request at a time."""

from __future__ import annotations

import contextlib
import json
import math
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from amlflow_jupyter.journal import batching, reading
from amlflow_jupyter.journal.backoff import Backoff
from amlflow_jupyter.journal.entries import BATCHED, Entry, File, Kind
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.outcomes import NotDelivered, Refused, RunGone, SignInNeeded, TryLater
from amlflow_jupyter.journal.run_log import RunRecord
from amlflow_jupyter.journal.target import Target
from amlflow_jupyter.journal.verifying import missing

# Entries read at once.
_WINDOW: Final = 10_000
# Seconds between two looks for a run that another process creates.
_LOOK_PAUSE: Final = 1.0
# Seconds without an answer after which the user is told.
_LONG: Final = 5.0
# Seconds after which a store that refused our credentials is asked again, unasked.
_SIGN_IN_PAUSE: Final = 30.0


class Route:
    """Delivers one journal's entries to one store.

    Parameters
    ----------
    number, uri
        The store: the journal's number, and its URI.
    open_target
        Opens it; called again where that failed.

    Attributes
    ----------
    backoff
        When the store may be asked again.
    needs_sign_in
        Whether it wants credentials.
    done
        Every entry up to this id that goes this way is delivered, or refused for good.
    """

    def __init__(
        self, journal: Journal, number: int, uri: str, open_target: Callable[[str], Target]
    ) -> None:
        self._journal = journal
        self._number = number
        self.uri = uri
        self._open_target = open_target
        self._target: Target | None = None
        self._limits: Limits | None = None
        self._uploads = Backoff()
        self._next_look = 0.0
        self._asked: float | None = None
        self._error: str | None = None
        self.backoff = Backoff()
        self.needs_sign_in = False
        self.done = 0

    @property
    def error(self) -> str | None:
        """Why the store did not take what it was sent last; None where it did."""
        waits = time.monotonic() - (self._asked or math.inf)
        if self._error is None and waits > _LONG:
            return f"{shown(self.uri)} has not answered for {waits:.0f} seconds."
        return self._error

    @property
    def is_failing(self) -> bool:
        """Whether the store did not take what it was sent last."""
        return self.error is not None

    def turn(self, connection: sqlite3.Connection) -> bool:
        """Send what is pending, as far as one reading goes; return whether anything was sent.

        Parameters
        ----------
        connection
            Open to read the journal.
        """
        if not self.backoff.is_over:
            return False
        self._asked = time.monotonic()
        try:
            sent = self._create_runs() | self._send_entries(connection)
            sent |= self._send_file(connection)
        except SignInNeeded as error:
            self.needs_sign_in = True
            self._failed(error, _SIGN_IN_PAUSE)
            return False
        except NotDelivered as error:
            self._failed(error, error.wait if isinstance(error, TryLater) else None)
            return False
        if sent:
            self._succeeded()
        self._asked = None
        return sent

    def ask_now(self) -> None:
        """Forget that the store failed: it may be asked at once."""
        self.backoff.ask_now()
        self._uploads.ask_now()
        if self.needs_sign_in:
            self.needs_sign_in = False
            self._target = None

    def restart(self) -> None:
        """Read the journal from its beginning: runs that were refused may go again."""
        self.done = 0

    def _failed(self, error: NotDelivered, wait: float | None) -> None:
        self._error = str(error)
        self._asked = None
        self.backoff.failed(wait)

    def _succeeded(self) -> None:
        self._error = None
        self._asked = time.monotonic()
        self.needs_sign_in = False
        self.backoff.succeeded()

    @property
    def _store(self) -> Target:
        if self._target is None:
            self._target = self._open_target(self.uri)
            self._limits = self._journal.limits(self._number) or self._target.limits
        return self._target

    def _runs(self) -> dict[int, RunRecord]:
        runs = self._journal.runs
        return {run.id: run for run in runs if run.target == self._number and not run.refused}

    def _create_runs(self) -> bool:
        """Create the runs that the store does not have yet, parents before their children."""
        created = False
        for run in self._runs().values():
            if run.store_run_id is None and run.creation is not None:
                with self._giving_up(run):
                    store_run_id = self._create(run, json.loads(run.creation))
                    if store_run_id is not None:
                        self._journal.marks.created(run, store_run_id)
                        created = True
        return created

    def _create(self, run: RunRecord, creation: dict[str, Any]) -> str | None:
        """Return the store's id of a run; None where it is another process's to create it."""
        store = self._store
        creation["tags"] = [self._with_store_ids(*tag) for tag in creation.get("tags") or ()]
        if not run.opened:  # a forked child's: its parent creates it
            return self._find(run, creation)
        # It may be there already: created when no answer came.
        found = store.find_run(creation, run.run_id) if run.asked else None
        if found is not None:
            return found
        self._journal.marks.asked(run)
        return store.create_run(creation, run.run_id)

    def _find(self, run: RunRecord, creation: dict[str, Any]) -> str | None:
        if time.monotonic() < self._next_look:
            return None
        self._next_look = time.monotonic() + _LOOK_PAUSE
        return self._store.find_run(creation, run.run_id)

    def _with_store_ids(self, key: str, value: str) -> tuple[str, str]:
        """Put the store's id of a parent run in place of the one that the user holds."""
        known = self._journal.known(value) if key == "mlflow.parentRunId" else None
        return key, (known.record.store_run_id or value) if known else value

    def _send_entries(self, connection: sqlite3.Connection) -> bool:
        queues, last = self._window(connection)
        before = {number: run.delivered for number, run in self._runs().items()}
        held = last + 1
        for number, entries in queues.items():
            run = self._runs().get(number)
            if run is None:
                continue
            if run.store_run_id is None:
                held = min(held, entries[0].id)
                continue
            with self._giving_up(run):
                self._deliver(run, entries, connection)
            if run.refused is None and run.delivered < entries[-1].id:
                held = min(held, run.delivered + 1, entries[-1].id)
        self.done = max(self.done, held - 1)
        self._forget_spilled()
        return any(run.delivered > before.get(number, 0) for number, run in self._runs().items())

    def _window(self, connection: sqlite3.Connection) -> tuple[dict[int, list[Entry]], int]:
        """Return what is pending, by run, and the id up to which that is all there is."""
        last = self._journal.writer.next_id - 1
        runs = self._runs()
        queues: dict[int, list[Entry]] = {}
        count = 0
        with contextlib.closing(self._journal.pending(connection, self.done)) as pending:
            for entry in pending:
                if isinstance(entry, int):
                    self._journal.damaged(entry)
                elif (run := runs.get(entry.run)) is not None and entry.id > run.delivered:
                    queues.setdefault(entry.run, []).append(entry)
                    count += 1
                    if count == _WINDOW:
                        return queues, entry.id
        return queues, max(last, self.done)

    def _deliver(
        self, run: RunRecord, entries: Sequence[Entry], connection: sqlite3.Connection
    ) -> None:
        at = 0
        while at < len(entries):
            entry = entries[at]
            if entry.kind in BATCHED:
                assert self._store  # noqa: S101 - opens it, and so learns its limits
                group = batching.first_of(entries[at : at + _WINDOW], self._limits or Limits())
                self._send(run, group)
                at += len(group)
            elif entry.kind is Kind.END and self._waits_for_files(run, entry, connection):
                return
            else:
                self._send_single(run, entry)
                at += 1

    def _send(self, run: RunRecord, entries: Sequence[Entry]) -> int:
        """Send one request; return how many of its entries the store will never take."""
        marks, store = self._journal.marks, self._store
        assert run.store_run_id is not None  # noqa: S101 - asked by the caller
        due = self._not_there_yet(run, entries)
        marks.sending(run, entries[-1].id)
        try:
            if due:
                store.send_batch(run.store_run_id, batching.as_batch(due))
        except Refused as refusal:
            return self._refused(run, entries, refusal)
        except NotDelivered as error:
            if not (isinstance(error, TryLater) and error.arrived):
                marks.not_sent(run)
            raise
        marks.delivered(run, entries[-1].id, len(entries))
        self._succeeded()
        return 0

    def _not_there_yet(self, run: RunRecord, entries: Sequence[Entry]) -> Sequence[Entry]:
        if entries[0].id > run.sent or self._store.rejects_duplicates:
            return entries
        doubtful = [entry for entry in entries if entry.id <= run.sent]
        assert run.store_run_id is not None  # noqa: S101 - asked by the caller
        return [*missing(self._store, run.store_run_id, doubtful), *entries[len(doubtful) :]]

    def _refused(self, run: RunRecord, entries: Sequence[Entry], refusal: Refused) -> int:
        """Find what the store refuses, by halves, and send the rest."""
        counts = batching.as_batch(entries).counts
        limits = self._limits or Limits()
        if len(entries) == 1:
            self._quarantine(run, entries[0], refusal)
            return 1
        if hinted := limits.hinted(str(refusal), *counts):
            self._learn(hinted)
            return self._send_in_parts(run, entries)
        refused = sum(self._send(run, half) for half in batching.halves(entries))
        if not refused:  # each half was taken: it was too much at once
            self._learn((self._limits or limits).lowered(*counts))
        return refused

    def _send_in_parts(self, run: RunRecord, entries: Sequence[Entry]) -> int:
        refused = 0
        while entries:
            part = batching.first_of(entries, self._limits or Limits())
            refused += self._send(run, part)
            entries = entries[len(part) :]
        return refused

    def _learn(self, limits: Limits) -> None:
        self._limits = limits
        self._journal.keep_limits(self._number, limits)

    def _quarantine(self, run: RunRecord, entry: Entry, refusal: Refused) -> None:
        """Set an entry aside that the store refuses, unless it is the run that it refuses."""
        if run.store_run_id is None or self._store.status(run.store_run_id) is None:
            raise RunGone(f"The run was deleted in the store: {refusal}")
        self._journal.marks.quarantine(entry.id, str(refusal))
        self._journal.marks.delivered(run, entry.id, 1)

    def _send_single(self, run: RunRecord, entry: Entry) -> None:
        store, about = self._store, str(entry.value)
        assert run.store_run_id is not None  # noqa: S101 - asked by the caller
        try:
            if entry.kind is Kind.END:
                store.end_run(run.store_run_id, json.loads(about)["status"], entry.time)
            elif entry.kind is Kind.UPDATE:
                store.update_run(run.store_run_id, json.loads(about))
            else:
                store.log_inputs(run.store_run_id, about)
        except Refused as refusal:
            self._quarantine(run, entry, refusal)
            return
        self._journal.marks.delivered(run, entry.id, 1)
        self._succeeded()

    def _waits_for_files(self, run: RunRecord, end: Entry, connection: sqlite3.Connection) -> bool:
        """Whether artifacts have to go first; a store of artifacts that fails holds up nobody."""
        if self._uploads.failures:
            return False
        return any(file.id < end.id for file in reading.files(connection, run.id))

    def _send_file(self, connection: sqlite3.Connection) -> bool:
        """Send one artifact."""
        if not self._uploads.is_over:
            return False
        runs = self._runs()
        for file in reading.files(connection):
            run = runs.get(file.run)
            if run is not None and run.store_run_id is not None:
                with self._giving_up(run):
                    return self._upload(run.store_run_id, file)
        return False

    def _upload(self, store_run_id: str, file: File) -> bool:
        spool, marks = self._journal.spool, self._journal.marks
        try:
            named = spool.as_named(file.digest, file.name)
            self._store.log_artifact(store_run_id, named, file.folder)
        except OSError as error:
            marks.quarantine(file.id, f"{file.name} cannot be read: {error}")
            return True
        except Refused as refusal:
            marks.quarantine(file.id, f"{file.name}: {refusal}")
            return True
        except TryLater as error:
            self._uploads.failed(error.wait)
            self._journal.note(f"{file.name} is not sent yet: {error}")
            return False
        finally:
            spool.forget_name(file.digest)
        self._uploads.succeeded()
        marks.uploaded(file)
        self._journal.drop_file(file.digest)
        return True

    @contextlib.contextmanager
    def _giving_up(self, run: RunRecord) -> Iterator[None]:
        """Give up a run that the store does not have, or refuses to create."""
        try:
            yield
        except (RunGone, Refused) as error:
            self._journal.marks.refused(run, str(error))

    def _forget_spilled(self) -> None:
        writer = self._journal.writer
        if writer.spilled:
            delivered = {log.id: log.delivered for log in self._journal.runs}
            run_of = self._journal.run_of_series()
            writer.forget_spilled(lambda entry, series: entry <= delivered[run_of[series]])


def shown(uri: str) -> str:
    """Return a store's address for sentences, without what could be a secret."""
    parts = urlsplit(uri)
    return parts.netloc.rpartition("@")[2] or uri
