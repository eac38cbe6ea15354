"""How far each run is delivered: in memory, and on disk as far as the disk lets us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amlflow_jupyter.journal.entries import File
from amlflow_jupyter.journal.run_log import RunRecord

if TYPE_CHECKING:
    from amlflow_jupyter.journal.writer import Writer


class Marks:
    """Moves the marks of runs.

    Attributes
    ----------
    settled
        Entries delivered since delivered ones were removed last.
    quarantined
        How many entries were set aside, as far as this process knows.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.settled = 0
        self.quarantined = 0

    def sending(self, run: RunRecord, through: int) -> None:
        """Remember, before they are sent, that entries up to ``through`` may arrive."""
        if through > run.sent:
            run.sent = through
            self._writer.attempt("update runs set sent = ? where id = ?", (through, run.id))

    def not_sent(self, run: RunRecord, before: int) -> None:
        """Remember that nothing of what was sent last arrived; ``before``: the mark before it."""
        run.sent = max(before, run.delivered)
        self._writer.attempt("update runs set sent = ? where id = ?", (run.sent, run.id))

    def delivered(self, run: RunRecord, through: int, entries: int) -> None:
        """Remember that the store acknowledged entries up to ``through``."""
        run.delivered = through
        run.sent = max(run.sent, through)
        self.settled += entries
        self._writer.attempt(
            "update runs set delivered = ?, sent = ? where id = ?", (through, run.sent, run.id)
        )

    def uploaded(self, file: File) -> None:
        """Remember that the store has a file."""
        self._writer.attempt("update files set sent = 1 where id = ?", (file.id,))

    def asked(self, run: RunRecord) -> None:
        """Remember, before it happens, that the store is asked to create a run."""
        run.asked = True
        self._writer.attempt("update runs set asked = 1 where id = ?", (run.id,))

    def created(self, run: RunRecord, store_run_id: str) -> None:
        """Remember a run's id in the store."""
        run.store_run_id = store_run_id
        self._writer.attempt(
            "update runs set store_run_id = ? where id = ?", (store_run_id, run.id)
        )

    def refused(self, run: RunRecord, reason: str | None) -> None:
        """Remember why the store takes nothing of a run any more; None lets it be tried again."""
        run.refused = reason
        self._writer.attempt("update runs set refused = ? where id = ?", (reason, run.id))

    def quarantine(self, entry: int, reason: str) -> None:
        """Remember that the store will never take an entry."""
        self.quarantined += 1
        self._writer.attempt("insert or replace into quarantine values (?, ?)", (entry, reason))
