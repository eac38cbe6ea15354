"""Send artifacts: one at a time, beside the entries, and before the end of their run."""

from __future__ import annotations

import sqlite3

from amlflow_jupyter.journal import forking, reading
from amlflow_jupyter.journal.backoff import Backoff
from amlflow_jupyter.journal.entries import Entry, File
from amlflow_jupyter.journal.link import Link
from amlflow_jupyter.journal.outcomes import Refused, TryLater
from amlflow_jupyter.journal.run_log import RunRecord


class Uploader:
    """Sends the files that a journal keeps for one store.

    Where artifacts lie may fail while the store itself does not: it has a backoff of its own.

    Attributes
    ----------
    error
        Why a file was not taken when it was sent last; None where it was.
    failures
        How often files were not taken.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._backoff = Backoff()
        self.error: str | None = None
        self.failures = 0

    def ask_now(self) -> None:
        """Try at once again."""
        self._backoff.ask_now()

    def holds_up(self, run: RunRecord, end: Entry, connection: sqlite3.Connection) -> bool:
        """Whether artifacts have to go first; a store of artifacts that fails holds up nobody."""
        if self._backoff.failures:
            return False
        return any(file.id < end.id for file in _files(connection, run.id))

    def turn(self, connection: sqlite3.Connection) -> bool:
        """Send one artifact."""
        if not self._backoff.is_over:
            return False
        runs = self._link.runs()
        for file in _files(connection):
            run = runs.get(file.run)
            if run is not None and run.store_run_id is not None:
                with self._link.giving_up(run):
                    return self._upload(run.store_run_id, file)
        return False

    def _upload(self, store_run_id: str, file: File) -> bool:
        spool, marks = self._link.journal.spool, self._link.journal.marks
        try:
            named = spool.as_named(file.digest, file.name)
            self._link.target.log_artifact(store_run_id, named, file.folder)
        except OSError as error:
            marks.quarantine(file.id, f"{file.name} cannot be read: {error}")
            return True
        except Refused as refusal:
            marks.quarantine(file.id, f"{file.name}: {refusal}")
            return True
        except TryLater as error:
            self._backoff.failed(error.wait)
            self.error = f"The artifacts cannot be sent: {file.name}: {error}"
            self.failures += 1
            return False
        finally:
            spool.forget_name(file.digest)
        self._backoff.succeeded()
        self.error = None
        marks.uploaded(file)
        self._link.journal.drop_file(file.digest)
        return True


def _files(connection: sqlite3.Connection, run: int | None = None) -> list[File]:
    with forking.using_sqlite:
        return reading.files(connection, run)
