"""Keep SQLite out of the way of a fork.

SQLite has locks of its own, one for all of a process. A child that is forked while another thread
holds one of them waits for it for ever when it uses SQLite itself.  So whoever uses SQLite here
holds a lock that a fork takes first.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Final, Protocol

# Seconds that a fork waits; then it goes on, as it would without all this.
_PATIENCE: Final = 2.0

#: Held while SQLite is used other than through a journal's writer, which has a lock of its own.
using_sqlite: Final = threading.RLock()


class Lock(Protocol):
    """What Python's locks have in common."""

    def acquire(self, blocking: bool = ..., timeout: float = ...) -> bool:
        """Take it."""

    def release(self) -> None:
        """Give it back."""


_taken: Final[list[Lock]] = []


def register(locks: Callable[[], Iterable[Lock]], in_child: Callable[[], None]) -> None:
    """Let every fork take ``using_sqlite`` and ``locks``; call ``in_child`` in the child."""

    def before() -> None:
        for lock in (using_sqlite, *locks()):
            if lock.acquire(timeout=_PATIENCE):
                _taken.append(lock)

    def after() -> None:
        while _taken:
            _taken.pop().release()

    def after_in_child() -> None:
        after()
        in_child()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=before, after_in_parent=after, after_in_child=after_in_child)
