"""Delivery: one daemon thread that sends what the journal holds to the stores it is meant for."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from amlflow_jupyter.journal import database, forking, reading
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.route import Route
from amlflow_jupyter.journal.status import State, Status
from amlflow_jupyter.journal.target import Target

_logger = logging.getLogger(__name__)
# Seconds between two looks for something to send; what comes meanwhile goes in one request.
_PAUSE: Final = 0.25
# Seconds that a reader of the journal waits at most before it looks whether it was delivered.
_GLANCE: Final = 0.05

OpenTarget = Callable[[str], Target]


class Delivery:
    """Delivers a journal from :meth:`start` to :meth:`close`.

    Parameters
    ----------
    journal
        The journal; its owner alone may deliver it.
    open_target
        Opens the store at a URI. Called in the delivering thread.
    """

    _routes: dict[int, Route]
    _thread: threading.Thread | None
    _left: Status | None
    _waiting: int
    _awake: threading.Event
    _stopping: threading.Event
    _moved: threading.Condition
    _turning: threading.Lock

    def __init__(self, journal: Journal, open_target: OpenTarget) -> None:
        self._journal = journal
        self._open_target = open_target
        journal.on_fork(self._begin_anew)
        self._prepare()

    def start(self) -> None:
        """Begin to deliver in the background."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="amlflow-delivery", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Look at once whether there is something to send."""
        self._awake.set()

    def retry(self) -> None:
        """Ask stores again at once that failed, or wanted other credentials."""
        for route in list(self._routes.values()):
            route.ask_now()
        self.wake()

    def flush(self, timeout: float, patient: bool = False) -> bool:
        """Wait until all that was logged before is delivered; return whether it is.

        Parameters
        ----------
        timeout
            Seconds to wait at most.
        patient
            Whether to go on waiting for a store that fails; else it is asked once more.
        """
        through = self._journal.writer.last_id()
        deadline = time.monotonic() + timeout
        before = self._failures()
        answers = [route.hasten() for route in list(self._routes.values())]
        with self._being_waited_for():
            while not self._is_delivered(through):
                if time.monotonic() >= deadline or self._is_stopped():
                    return False
                failed = not all(answers) or self._failures() > before or self._is_silent()
                if failed and not patient:
                    return False
                with self._moved:
                    self._moved.wait(min(_GLANCE, max(0.0, deadline - time.monotonic())))
        return True

    def status(self) -> Status:
        """Describe how delivery stands."""
        journal = self._journal
        backlog, quarantined = self._read()
        entries = backlog.entries + len(journal.writer.spilled) + self._runs_to_create()
        failing = [route for route in list(self._routes.values()) if route.is_failing]
        return Status(
            state=_state(entries, failing),
            backlog=entries,
            oldest=backlog.oldest / 1000 if backlog.oldest is not None else None,
            error=failing[0].error if failing else None,
            quarantined=quarantined,
            refused=tuple((run.run_id, run.refused) for run in journal.runs if run.refused),
            notes=(*journal.notes, *_trouble(journal)),
            path=str(journal.path),
        )

    def _read(self) -> tuple[reading.Backlog, tuple[tuple[str, str, str, str], ...]]:
        done = min((route.done for route in list(self._routes.values())), default=0)
        try:
            with forking.using_sqlite, database.reader(self._journal.path) as connection:
                backlog = reading.backlog(connection, after=done)
                return backlog, tuple(reading.quarantined(connection))
        except sqlite3.Error as error:
            self._journal.note(f"{self._journal.path} cannot be read: {error}.")
            return reading.Backlog(), ()

    def notes(self) -> tuple[str, ...]:
        """Return what the user should know; nothing while all goes well. Cheap then."""
        journal = self._journal
        failing = any(route.is_failing for route in list(self._routes.values()))
        odd = journal.notes or journal.writer.spilled or journal.marks.quarantined
        if not (failing or odd or any(run.refused for run in journal.runs)):
            return ()
        status = self.status()
        lines = status.lines()
        return tuple(lines if status.state in {"offline", "sign-in"} else lines[1:])

    def close(self, timeout: float) -> Status:
        """Deliver what can be delivered within ``timeout`` seconds; return what remains.

        A store that fails now is asked once more, and not waited for.
        """
        if self._left is not None:
            return self._left
        self.retry()
        if self._thread is not None:
            self.flush(timeout)
        self._stopping.set()
        self.wake()
        if self._thread is not None and self._thread is not threading.current_thread():
            # It may hang in a request that nobody answers: it is a daemon, and dies with us.
            self._thread.join(max(_PAUSE, min(1.0, timeout)))
        self._left = self.status()
        return self._left

    def once(self) -> bool:
        """Send what is pending, in this thread; return whether anything was sent."""
        with self._turning, database.reader(self._journal.path) as reader:
            return self._turn(reader)

    def _prepare(self) -> None:
        self._routes = {}
        self._thread = None
        self._left = None
        self._waiting = 0
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._moved = threading.Condition()
        self._turning = threading.Lock()

    def _begin_anew(self) -> None:
        """Deliver a forked child's own journal: threads and connections are its parent's."""
        was_running = self._thread is not None and not self._stopping.is_set()
        self._prepare()
        if was_running:
            self.start()

    @contextlib.contextmanager
    def _being_waited_for(self) -> Iterator[None]:
        """Let delivery go on without pauses."""
        self._waiting += 1
        self.wake()
        try:
            yield
        finally:
            self._waiting -= 1

    def _failures(self) -> int:
        return sum(route.failures for route in list(self._routes.values()))

    def _is_silent(self) -> bool:
        return any(route.is_silent for route in list(self._routes.values()))

    def _is_stopped(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        with database.reader(self._journal.path) as reader:
            while not self._stopping.is_set():
                begun = time.thread_time()
                sent = self._turn_safely(reader)
                if not sent or not self._waiting:
                    # As long as it kept the processor from the user's own threads.
                    self._awake.wait(time.thread_time() - begun if sent else _PAUSE)
                    self._awake.clear()

    def _turn_safely(self, reader: sqlite3.Connection) -> bool:
        """Take a turn; whatever goes wrong in it must not end delivery."""
        try:
            with self._turning:
                return self._turn(reader)
        except Exception as error:
            if self._stopping.is_set():  # the journal was closed meanwhile
                return False
            _logger.warning("Delivery failed, and goes on.", exc_info=True)
            self._journal.note(f"Delivery failed, and goes on: {type(error).__name__}: {error}")
            return False
        finally:
            with self._moved:
                self._moved.notify_all()

    def _turn(self, reader: sqlite3.Connection) -> bool:
        if self._journal.writer.spilled:
            self._journal.writer.unspill()
        for number, uri in self._journal.targets.items():
            if number not in self._routes:
                self._routes[number] = Route(self._journal, number, uri, self._open_target)
        sent = [route.turn(reader) for route in self._routes.values()]  # each has its turn
        return any(sent)

    def _is_delivered(self, through: int) -> bool:
        if self._runs_to_create() or self._files_left():
            return False
        known = self._journal.targets.keys() <= self._routes.keys()
        return known and all(route.done >= through for route in self._routes.values())

    def _files_left(self) -> bool:
        return bool(
            self._journal.writer.run(
                "select 1 from files f join runs r on r.id = f.run where not f.sent and "
                "r.refused is null and f.id not in (select entry from quarantine) limit 1"
            )
        )

    def _runs_to_create(self) -> int:
        return sum(
            1 for r in self._journal.runs if r.creation and not r.store_run_id and not r.refused
        )


def _state(entries: int, failing: list[Route]) -> State:
    if not entries:
        return "delivered"
    if any(route.needs_sign_in for route in failing):
        return "sign-in"
    return "offline" if failing else "delivering"


def _trouble(journal: Journal) -> list[str]:
    writer = journal.writer
    if not writer.spilled:
        return []
    held, where = len(writer.spilled), journal.path.parent
    because = f"because {where} cannot be written ({writer.trouble})"
    return [f"{held:,} values are in memory only, {because}: make room there."]
