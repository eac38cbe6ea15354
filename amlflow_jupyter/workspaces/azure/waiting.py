"""Wait for what may hang: with a deadline, and so that an interrupt ends the waiting at once."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from functools import partial
from typing import Final, Generic, TypeVar

T = TypeVar("T")

# Python cannot be interrupted while it waits for a lock on Windows: it looks this often (seconds).
_LOOK: Final = 0.2


class TooLong(Exception):
    """The deadline passed. What was waited for goes on, in a thread that holds nothing up."""


class _Answer(Generic[T]):
    """What a thread came back with."""

    def __init__(self, task: Callable[[], T]) -> None:
        self._task = task
        self._value: T | None = None
        self._error: BaseException | None = None
        self.there = threading.Event()

    def find(self) -> None:
        try:
            self._value = self._task()
        except BaseException as error:
            self._error = error
        finally:
            self.there.set()

    def get(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # None only where the task returned it


def within(seconds: float, task: Callable[[], T]) -> T:
    """Return what ``task`` returns, called in a thread of its own.

    Raises
    ------
    TooLong
        It did not return within ``seconds``.
    KeyboardInterrupt
        The user interrupted the waiting.
    """
    answer = _Answer(task)
    # The context carries the cell that is running: what the thread prints belongs there.
    find = partial(contextvars.copy_context().run, answer.find)
    threading.Thread(target=find, name="amlflow-azure", daemon=True).start()
    left = seconds
    while not answer.there.wait(min(_LOOK, max(left, 0.0))):
        left -= _LOOK
        if left <= 0:
            raise TooLong
    return answer.get()
