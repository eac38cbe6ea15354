"""Forget what is kept of a run that shall not be delivered any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from amlflow_jupyter.errors import JournalError

if TYPE_CHECKING:
    from amlflow_jupyter.journal.journal import Journal

_ENTRIES: Final = "select e.id from entries e join series s on s.id = e.series where s.run = ?1"
_FILES: Final = "select id from files where run = ?1"


def drop(journal: Journal, run_id: str) -> int:
    """Forget a run, for good; return how many entries and files that were.

    Raises
    ------
    JournalError
        There is no such run here.
    """
    log = journal.known(run_id)
    if log is None:
        raise JournalError(f"The journal of this notebook knows no run {run_id}: see %aml_status.")
    run, writer = log.record.id, journal.writer
    journal.marks.refused(log.record, "It was dropped here.")
    writer.run(f"delete from quarantine where entry in ({_ENTRIES} union {_FILES})", (run,))  # noqa: S608
    entries = writer.run(f"delete from entries where id in ({_ENTRIES}) returning id", (run,))  # noqa: S608
    files = writer.run("delete from files where run = ?1 returning id, about", (run,))
    return len(entries) + len(files)
