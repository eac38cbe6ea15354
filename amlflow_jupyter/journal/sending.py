"""Send a journal's entries to one store, in order, one request at a time."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from amlflow_jupyter.journal import batching, forking
from amlflow_jupyter.journal.entries import BATCHED, Entry, Kind
from amlflow_jupyter.journal.link import Link
from amlflow_jupyter.journal.outcomes import NotDelivered, Refused, RunGone, TryLater
from amlflow_jupyter.journal.run_log import RunRecord
from amlflow_jupyter.journal.verifying import missing

# Entries read at once.
_WINDOW: Final = 4_000


class Sender:
    """Sends what is pending.

    Parameters
    ----------
    holds_up
        Says whether something has to go before a run's end.

    Attributes
    ----------
    done
        Every entry up to this id that goes this way is delivered, or refused for good.
    """

    def __init__(
        self, link: Link, holds_up: Callable[[RunRecord, Entry, sqlite3.Connection], bool]
    ) -> None:
        self._link = link
        self._holds_up = holds_up
        self.done = 0

    def turn(self, connection: sqlite3.Connection) -> bool:
        """Send what one reading of the journal finds; return whether anything was taken."""
        queues, last = self._window(connection)
        before = {number: run.delivered for number, run in self._link.runs().items()}
        held = last + 1
        for number, entries in queues.items():
            run = self._link.runs().get(number)
            if run is None:
                continue
            if run.store_run_id is None:
                held = min(held, entries[0].id)
                continue
            with self._link.giving_up(run):
                self._deliver(run, entries, connection)
            if run.refused is None and run.delivered < entries[-1].id:
                held = min(held, run.delivered + 1, entries[-1].id)
        self.done = max(self.done, held - 1)
        self._forget_spilled()
        return any(
            run.delivered > before.get(number, 0) for number, run in self._link.runs().items()
        )

    def _window(self, connection: sqlite3.Connection) -> tuple[dict[int, list[Entry]], int]:
        """Return what is pending, by run, and the id up to which that is all there is."""
        last = self._link.journal.writer.last_id()
        runs = self._link.runs()
        queues: dict[int, list[Entry]] = {}
        count = 0
        pending = self._link.journal.pending(connection, self.done)
        with forking.using_sqlite, contextlib.closing(pending):
            for entry in pending:
                if isinstance(entry, int):
                    self._link.journal.damaged(entry)
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
                group = batching.first_of(entries[at : at + _WINDOW], self._link.limits)
                self._send(run, group)
                at += len(group)
            elif entry.kind is Kind.END and self._holds_up(run, entry, connection):
                return
            else:
                self._send_single(run, entry)
                at += 1

    def _send(self, run: RunRecord, entries: Sequence[Entry]) -> int:
        """Send one request; return how many of its entries the store will never take."""
        marks, store = self._link.journal.marks, self._link.target
        assert run.store_run_id is not None  # noqa: S101 - asked by the caller
        due, doubtful = self._not_there_yet(run, entries), run.sent
        marks.sending(run, entries[-1].id)
        try:
            if due:
                store.send_batch(run.store_run_id, batching.as_batch(due))
        except Refused as refusal:
            return self._refused(run, entries, refusal)
        except NotDelivered as error:
            if not (isinstance(error, TryLater) and error.arrived):
                marks.not_sent(run, doubtful)
            raise
        marks.delivered(run, entries[-1].id, len(entries))
        self._link.acknowledged()
        return 0

    def _not_there_yet(self, run: RunRecord, entries: Sequence[Entry]) -> Sequence[Entry]:
        if entries[0].id > run.sent or self._link.target.rejects_duplicates:
            return entries
        doubtful = [entry for entry in entries if entry.id <= run.sent]
        assert run.store_run_id is not None  # noqa: S101 - asked by the caller
        return [*missing(self._link.target, run.store_run_id, doubtful), *entries[len(doubtful) :]]

    def _refused(self, run: RunRecord, entries: Sequence[Entry], refusal: Refused) -> int:
        """Find what the store refuses, by halves, and send the rest."""
        counts = batching.as_batch(entries).counts
        limits = self._link.limits
        if len(entries) == 1:
            self._quarantine(run, entries[0], refusal)
            return 1
        if hinted := limits.hinted(str(refusal), *counts):
            self._link.learn(hinted)
            return self._send_in_parts(run, entries)
        refused = sum(self._send(run, half) for half in batching.halves(entries))
        if not refused:  # each half was taken: it was too much at once
            self._link.learn(self._link.limits.lowered(*counts))
        return refused

    def _send_in_parts(self, run: RunRecord, entries: Sequence[Entry]) -> int:
        refused = 0
        while entries:
            part = batching.first_of(entries, self._link.limits)
            refused += self._send(run, part)
            entries = entries[len(part) :]
        return refused

    def _quarantine(self, run: RunRecord, entry: Entry, refusal: Refused) -> None:
        """Set an entry aside that the store refuses, unless it is the run that it refuses."""
        if run.store_run_id is None or self._link.target.status(run.store_run_id) is None:
            raise RunGone(f"The run was deleted in the store: {refusal}")
        self._link.journal.marks.quarantine(entry.id, str(refusal))
        self._link.journal.marks.delivered(run, entry.id, 1)

    def _send_single(self, run: RunRecord, entry: Entry) -> None:
        store, about = self._link.target, str(entry.value)
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
        self._link.journal.marks.delivered(run, entry.id, 1)
        self._link.acknowledged()

    def _forget_spilled(self) -> None:
        writer = self._link.journal.writer
        if writer.spilled:
            delivered = {log.id: log.delivered for log in self._link.journal.runs}
            run_of = self._link.journal.run_of_series()
            writer.forget_spilled(lambda entry, series: entry <= delivered[run_of[series]])
