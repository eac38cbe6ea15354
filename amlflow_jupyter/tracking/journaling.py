"""The journal of this process and its delivery: begun by ``connect``, ended with the session."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.errors import JournalError
from amlflow_jupyter.journal import recovery
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.run_log import RunLog
from amlflow_jupyter.journal.status import Status
from amlflow_jupyter.journal.sync import Delivery
from amlflow_jupyter.journal.upkeep import Upkeep
from amlflow_jupyter.settings import Settings
from amlflow_jupyter.tracking import delivery
from amlflow_jupyter.tracking.limits import Held
from amlflow_jupyter.tracking.saying import say_once

_logger = logging.getLogger(__name__)
# Seconds that a reader, and the end of a run, wait for delivery; a store that fails is not waited
# for.
PATIENCE: Final = 60.0


@dataclass
class Journaling:
    """What logs, delivers and keeps order.

    Attributes
    ----------
    uris
        The stores for which logging goes to the journal.
    infos
        What MLflow calls the info of each run that was written to, as far as it is known.
    params
        The params of each run that are known: one cannot be changed.
    held
        The names that each run holds, as far as is known: a service may limit their number.
    """

    journal: Journal
    delivery: Delivery
    upkeep: Upkeep
    uris: set[str] = field(default_factory=set)
    infos: dict[str, Any] = field(default_factory=dict)
    params: dict[str, dict[str, str]] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)

    def meet(self, run: Any) -> None:
        """Remember what MLflow knows of a run."""
        run_id, data = run.info.run_id, run.data
        self.infos[run_id], self.params[run_id] = run.info, dict(data.params)
        self.held[run_id] = Held(
            frozenset(data.metrics), frozenset(data.params), frozenset(data.tags)
        )

    def settle(self, timeout: float = PATIENCE) -> bool:
        """Wait until the stores have what was logged; return whether they do."""
        return self.delivery.flush(timeout)


_current: list[Journaling] = []


def current() -> Journaling | None:
    """Return the journal of this process, if there is one."""
    return _current[0] if _current else None


def start(uri: str, settings: Settings) -> None:
    """Journal what is logged to the store at ``uri`` from now on.

    Where nothing can be kept on this computer, a warning says so, and MLflow logs as it does
    without a journal.
    """
    if not settings.journal:
        return
    if not _current:
        try:
            _current.append(_begin(settings))
        except (JournalError, sqlite3.Error, OSError) as error:
            say_once(f"What is logged goes to the workspace at once, without a journal: {error}")
            return
        recover_behind_us()
    _current[0].uris.add(uri)
    _current[0].delivery.retry()  # whoever connects again may have signed in


def recover_behind_us(timeout: float = PATIENCE) -> None:
    """Deliver what dead processes left, in a thread of its own; what goes wrong is said once."""
    threading.Thread(target=_recover, args=(timeout,), name="amlflow-recovery", daemon=True).start()


def _recover(timeout: float) -> None:
    try:
        for each in recovery.recover(delivery.open_target, timeout):
            if each.problem and not each.left:  # what is left is tried again, and counted elsewhere
                say_once(each.problem)
    except Exception:  # a convenience: nobody asked for it
        _logger.warning("What other processes left cannot be delivered.", exc_info=True)


def stop(timeout: float) -> Status | None:
    """Deliver what can be delivered in ``timeout`` seconds, and end; return what remains."""
    if not _current:
        return None
    journaling = _current.pop()
    journaling.upkeep.stop()
    status = journaling.delivery.close(timeout)
    nothing_left = not (status.backlog or status.quarantined or status.refused)
    journaling.journal.close(remove=nothing_left)
    return status


def log_of(run_id: str) -> RunLog | None:
    """Return what logs to a run, where it is journaled."""
    return _current[0].journal.known(run_id) if _current else None


def keep_folder(log: RunLog, folder: Path) -> None:
    """Keep the whole tree beneath ``folder``, to be sent as artifacts of a run.

    Raises
    ------
    JournalError
        It cannot be kept.
    """
    now = time.time_ns() // 1_000_000
    try:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            where = file.parent.relative_to(folder).as_posix()
            log.artifact(file, None if where == "." else where, now)
    except OSError as error:
        raise JournalError(f"The artifacts cannot be kept: {error}.") from error


def _begin(settings: Settings) -> Journaling:
    journal = Journal.new(
        durability="full" if settings.durability == "full" else "normal",
        limit=settings.journal_limit,
    )
    upkeep = Upkeep(journal)
    journal.on_fork(upkeep.start)
    upkeep.start()
    delivering = Delivery(journal, delivery.open_target)
    delivering.start()
    journal.on_fork(lambda: _deliver_before_the_end(delivering, settings.exit_timeout))
    return Journaling(journal, delivering, upkeep)


def _deliver_before_the_end(delivering: Delivery, timeout: float) -> None:
    """Let a worker of multiprocessing deliver before it ends: it leaves without ``atexit``.

    What it cannot deliver in that time is delivered when amlflow is used next.
    """
    from multiprocessing import util

    util.Finalize(None, delivering.flush, args=(timeout,), exitpriority=0)
