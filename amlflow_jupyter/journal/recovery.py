"""Deliver what processes left behind that died: their journals, and the runs they left running."""

from __future__ import annotations

import contextlib
import platform
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from amlflow_jupyter.errors import JournalError
from amlflow_jupyter.journal import database, filesystem, ownership, places, reading, salvage
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.outcomes import NotDelivered
from amlflow_jupyter.journal.run_log import RunRecord
from amlflow_jupyter.journal.sync import Delivery, OpenTarget

# Says of a run that it was not its own process that ended it.
ENDED_TAG: Final = "amlflow.ended_by"
_ENDED_BY: Final = "recovery: the process that logged to this run died"


@dataclass(frozen=True)
class Recovered:
    """What became of one journal.

    Attributes
    ----------
    path
        The journal.
    entries
        How many entries and files were delivered.
    left
        How many are left.
    ended
        Ids of the runs that were ended as KILLED.
    problem
        What the user should know; None where all went well.
    """

    path: Path
    entries: int = 0
    left: int = 0
    ended: tuple[str, ...] = ()
    problem: str | None = None


def recover(open_target: OpenTarget, timeout: float) -> list[Recovered]:
    """Deliver the journals of dead processes; those of living ones are left alone.

    Parameters
    ----------
    open_target
        Opens the store at a URI.
    timeout
        Seconds after which no further request is begun.
    """
    deadline = time.monotonic() + timeout
    opened = cache(open_target)
    found = [_recover(path, opened, deadline) for path in places.journals()]
    return [each for each in found if each is not None]


def _recover(path: Path, open_target: OpenTarget, deadline: float) -> Recovered | None:
    if filesystem.shared_kind(path.parent) and not _is_of_this_host(path):
        return None  # whether its owner lives cannot be told from here
    owner = ownership.take(path)
    if owner is None:
        return None
    try:
        journal = _opened(path, owner)
    except JournalError as error:
        owner.release()
        return Recovered(path, problem=str(error))
    except sqlite3.DatabaseError as error:
        owner.release()
        return Recovered(path, problem=f"{path} is damaged and cannot be read: {error}")
    done = False
    try:
        recovered, done = _deliver(journal, open_target, deadline)
    finally:
        journal.close(remove=done)
    return recovered


def _opened(path: Path, owner: ownership.Ownership) -> Journal:
    try:
        if salvage.is_sound(path):
            return Journal.reopen(path, owner)
    except sqlite3.DatabaseError:
        pass
    lost = salvage.rebuild(path)
    journal = Journal.reopen(path, owner)
    journal.note(lost)
    return journal


def _deliver(
    journal: Journal, open_target: OpenTarget, deadline: float
) -> tuple[Recovered | None, bool]:
    """Deliver one journal; return what became of it, and whether nothing is left in it."""
    delivery = Delivery(journal, open_target)
    before = delivery.status()
    _drain(delivery, deadline)
    ended: tuple[str, ...] = ()
    if delivery.status().state == "delivered":
        ended = tuple(_end_orphans(journal, open_target))
        _drain(delivery, deadline)
    after = delivery.status()
    clean = not (after.backlog or after.quarantined or after.refused)
    if not (before.backlog or ended or after.backlog):
        return None, clean and not _orphans(journal)
    problem = " ".join(after.lines()[0 if after.backlog else 1 :]) or None
    sent = before.backlog - after.backlog if before.backlog > after.backlog else 0
    return (
        Recovered(journal.path, sent, after.backlog, ended, problem),
        clean and not _orphans(journal),
    )


def _drain(delivery: Delivery, deadline: float) -> None:
    while time.monotonic() < deadline and delivery.once():
        pass


def _orphans(journal: Journal) -> list[RunRecord]:
    """Return the runs that the dead process started, did not end, and nobody else has open."""
    open_elsewhere = _open_in_living_journals(journal.path)
    return [
        run
        for run in journal.runs
        if run.opened and not run.ended and not run.refused and run.run_id not in open_elsewhere
    ]


def _end_orphans(journal: Journal, open_target: OpenTarget) -> Iterable[str]:
    """End runs as KILLED that still read RUNNING in the store."""
    targets = journal.targets
    for run in _orphans(journal):
        if run.store_run_id is None:
            continue
        try:
            status = open_target(targets[run.target]).status(run.store_run_id)
        except NotDelivered:
            continue
        log = journal.known(run.run_id)
        if log is None:
            continue
        if status != "RUNNING":  # somebody ended it, or deleted it
            journal.ended(run, run.delivered or 1)
            continue
        when = _last_time(journal, run)
        log.tag(ENDED_TAG, _ENDED_BY, when)
        log.end("KILLED", when)
        yield run.run_id


def _last_time(journal: Journal, run: RunRecord) -> int:
    """Return when something was logged to a run last: the best guess at when it died."""
    ((last,),) = journal.writer.run(
        "select max(e.time) from entries e join series s on s.id = e.series where s.run = ?",
        (run.id,),
    )
    return int(last or time.time() * 1000)


def _open_in_living_journals(but: Path) -> set[str]:
    found: set[str] = set()
    for path in places.journals():
        if path == but or not ownership.is_owned(path):
            continue
        with (
            contextlib.suppress(sqlite3.Error, JournalError),
            database.reader(path) as connection,
        ):
            found |= {run.run_id for run in reading.run_records(connection) if not run.ended}
    return found


def _is_of_this_host(path: Path) -> bool:
    with (
        contextlib.suppress(sqlite3.Error),
        database.reader(path) as connection,
    ):
        found = connection.execute("select value from meta where key = 'host'").fetchone()
        return found is not None and found[0] == platform.node()
    return False
