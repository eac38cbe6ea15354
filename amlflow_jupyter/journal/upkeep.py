"""Keep the journal's file in order, beside the threads that write it.

About once a second what was logged is moved from SQLite's log to its main file and synced to the
disk; that bounds what a power cut can take.  What was delivered is removed when the file grows.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Final

from amlflow_jupyter.journal import compaction, forking

if TYPE_CHECKING:
    from pathlib import Path

    from amlflow_jupyter.journal.journal import Journal

# Seconds between two checkpoints.
_PERIOD: Final = 1.0
# Bytes of SQLite's log: beyond, writers wait a moment until it is emptied.
_LONGEST_LOG: Final = 64_000_000


class Upkeep:
    """One daemon thread that looks after a journal until :meth:`stop`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen = journal.writer.next_id

    def start(self) -> None:
        """Begin; in a forked child, begin again."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="amlflow-upkeep", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(10)

    def once(self) -> None:
        """Do what there is to do now."""
        journal = self._journal
        if journal.writer.next_id != self._seen:
            self._seen = journal.writer.next_id
            checkpoint(journal)
        compaction.compact_if_large(journal)
        if journal.spool.is_nearly_full:
            journal.note(
                "The files that wait to be sent take nearly all the room they may take on this "
                "computer: deliver them with %aml_sync, or raise AMLFLOW_JOURNAL_LIMIT."
            )

    def _run(self) -> None:
        while not self._stopped.wait(_PERIOD):
            # The file may be gone or the disk full: the writer says so, and the next turn tries.
            with contextlib.suppress(sqlite3.Error, OSError):
                self.once()


def checkpoint(journal: Journal) -> None:
    """Move the log into the main file, through a connection of its own: writers do not wait."""
    with (
        forking.using_sqlite,
        contextlib.closing(sqlite3.connect(journal.path, isolation_level=None, timeout=0)) as own,
    ):
        own.execute("pragma wal_checkpoint(passive)").fetchall()
    if _size(journal.path.with_name(journal.path.name + "-wal")) > _LONGEST_LOG:
        journal.writer.run("pragma wal_checkpoint(truncate)")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
