"""See what is not delivered yet, and deliver it: what ``%aml_sync`` and the command line do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from amlflow_jupyter.errors import JournalError
from amlflow_jupyter.journal import dropping, recovery, summary
from amlflow_jupyter.journal.status import Status, counted
from amlflow_jupyter.tracking import journaling
from amlflow_jupyter.tracking.delivery import open_target

# Seconds between two looks at how far it is.
_GLANCE: Final = 0.25


def status() -> Status | None:
    """Return how delivery stands in this process; None where nothing is journaled."""
    here = journaling.current()
    return here.delivery.status() if here else None


def others() -> list[str]:
    """Return a line for each journal of another process that holds something."""
    here = journaling.current()
    mine = here.journal.path if here else None
    found = [each for each in summary.summaries() if each.path != mine]
    return [each.line() for each in found if _holds_something(each)]


def deliver_here(timeout: float, tell: Callable[[Status], None]) -> Status | None:
    """Deliver what this process logged; ``tell`` is called with how far it is meanwhile."""
    here = journaling.current()
    if here is None:
        return None
    here.delivery.retry()
    deadline = time.monotonic() + timeout
    while not here.delivery.flush(_GLANCE, patient=True) and time.monotonic() < deadline:
        tell(here.delivery.status())
    return here.delivery.status()


def deliver_others(timeout: float) -> list[str]:
    """Deliver what dead processes left; return a line on each of their journals."""
    return [_said(each) for each in recovery.recover(open_target, timeout)]


def left() -> int:
    """Return how many entries of dead processes are left."""
    return sum(each.backlog for each in summary.summaries() if not each.lives)


def drop(run_id: str) -> int:
    """Forget what is kept of a run; return how many entries that were.

    Raises
    ------
    JournalError
        There is no such run here.
    """
    return dropping.drop(_here().journal, run_id)


def export(file: str) -> None:
    """Write the journal of this process to a file, as a SQLite database.

    Raises
    ------
    JournalError
        There is none, or the file cannot be written.
    """
    _here().journal.export(file)


def _here() -> journaling.Journaling:
    here = journaling.current()
    if here is None:
        raise JournalError("Nothing was journaled here yet: connect first, with %aml_connect.")
    return here


def _holds_something(each: summary.Summary) -> bool:
    return bool(each.backlog or each.quarantined or each.refused or each.problem)


def _said(each: recovery.Recovered) -> str:
    said = [f"{each.path.name}: {counted(each.entries)} delivered"]
    if each.left:
        said.append(f"{counted(each.left)} left")
    if each.ended:
        said.append(f"{len(each.ended)} runs ended as KILLED")
    if each.problem:
        said.append(each.problem)
    return ", ".join(said)
