"""What a server cannot take while a run is open is kept on this computer, and sent when it can.

A logging call in the user's code then neither fails nor waits for a server that is gone.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.errors import ConnectionFailed
from amlflow_jupyter.settings import private_folder

# Seconds between two looks whether the server is back; a look that takes long comes more seldom.
_PAUSE: Final = 5.0
_PAUSE_PER_SECOND: Final = 10.0
# MLflow's limits: 1,000 metrics, 100 params or 100 tags a batch.
_BATCHES: Final = {"metrics": 1000, "params": 100, "tags": 100}

Send = Callable[..., Any]


@dataclass(frozen=True)
class Entry:
    """What one logging call hands over: MLflow's entities, as ``log_batch`` takes them."""

    run_id: str
    metrics: Sequence[Any] = ()
    params: Sequence[Any] = ()
    tags: Sequence[Any] = ()

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.metrics) + len(self.params) + len(self.tags)

    def line(self) -> str:
        """Return it as one line of JSON."""
        values = {kind: [dict(value) for value in getattr(self, kind)] for kind in _BATCHES}
        return json.dumps({"run_id": self.run_id, **values})


class Outage:
    """Stands between logging calls and a server that may be gone for a while.

    Parameters
    ----------
    path
        File that keeps what could not be sent, a line of JSON an entry.
    answers
        Says whether the server can be reached, without waiting long.
    """

    def __init__(self, path: Path, answers: Callable[[], bool]) -> None:
        self._path = path
        self._answers = answers
        self._lock = threading.RLock()
        self._kept: list[Entry] = []
        self._next_look = 0.0
        self._reason = ""
        self._refusals: list[str] = []

    def attempt(self, send: Callable[[], Any], entry: Entry, resend: Send) -> Any:
        """Send ``entry``, or keep it while the server is gone.

        Parameters
        ----------
        send
            Sends the entry.
        resend
            The store's ``log_batch``, for what was kept before.

        Raises
        ------
        Exception
            What ``send`` raised, unless the server could not be reached.
        """
        if self._kept and not self.deliver(resend):
            return self._keep(entry)
        try:
            return send()
        except Exception as error:
            if not is_outage(error):
                raise
            self._reason = reason(error)
            return self._keep(entry)

    def deliver(self, resend: Send, look_now: bool = False) -> bool:
        """Send what was kept, if the server is back; return whether nothing is kept any more."""
        with self._lock:
            if not self._kept:
                return True
            if not (look_now or time.monotonic() >= self._next_look) or not self._look():
                return False
            try:
                for run_id, kind, values in self._batches():
                    resend(run_id, **{name: [] for name in _BATCHES} | {kind: values})
            except Exception as error:
                if is_outage(error):
                    return False
                self._refusals.append(str(error))  # it stays in the file
            else:
                self._path.unlink(missing_ok=True)
            self._kept.clear()
            return True

    def notes(self) -> tuple[str, ...]:
        """Return a line for the user where something is kept."""
        kept = sum(entry.size for entry in self._kept)
        why = self._reason[:1].upper() + self._reason[1:]
        held = f"{why}: {kept:,} values are kept in {self._path}"
        refused = [f"The server refused what is kept in {self._path}: {r}" for r in self._refusals]
        return (*([held] if kept else []), *refused)

    def _look(self) -> bool:
        begun = time.monotonic()
        found = self._answers()
        now = time.monotonic()
        self._next_look = now + max(_PAUSE, _PAUSE_PER_SECOND * (now - begun))
        return found

    def _keep(self, entry: Entry) -> None:
        with self._lock:
            if not self._kept:
                self._next_look = time.monotonic() + _PAUSE
                private_folder(self._path.parent)
            self._kept.append(entry)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(entry.line() + "\n")

    def _batches(self) -> Iterator[tuple[str, str, list[Any]]]:
        for run_id in dict.fromkeys(entry.run_id for entry in self._kept):
            entries = [entry for entry in self._kept if entry.run_id == run_id]
            for kind, most in _BATCHES.items():
                values = [value for entry in entries for value in getattr(entry, kind)]
                for start in range(0, len(values), most):
                    yield run_id, kind, values[start : start + most]


def is_outage(error: BaseException) -> bool:
    """Whether a request did not get through, or not for who is signed in.

    Of the former MLflow says so in these words, and by this class; the latter is ours.
    """
    from mlflow.exceptions import MlflowException, RestException

    if isinstance(error.__cause__, ConnectionFailed):
        return True
    return (
        isinstance(error, MlflowException)
        and not isinstance(error, RestException)
        and "API request to" in str(error)
    )


def reason(error: BaseException) -> str:
    """Return why there is an outage: what to do about a sign-in, for instance."""
    if isinstance(error.__cause__, ConnectionFailed):
        return str(error.__cause__).rstrip(".")
    # MLflow's own words for it are a paragraph about connection pools.
    return "the server cannot be reached"
