"""The pages that this process wrote, as it wrote them last, and what keeps its threads in order."""

from __future__ import annotations

import os
import threading
from typing import Final

from amlflow_jupyter.tracking.mlflow2.memory import Memory
from amlflow_jupyter.tracking.mlflow2.page import Page
from amlflow_jupyter.tracking.mlflow2.writer import writer

# A page is known by its writer, which a forked child is another one than its parent, and its run.
_Place = tuple[str, str]
_pages: Final[Memory[_Place, Page]] = Memory(256)
_next_segments: Final[dict[_Place, int]] = {}
_locks: Final[dict[str, threading.RLock]] = {}


def last_page(run_id: str) -> Page | None:
    """Return the page of a run as it was written last, if it is remembered."""
    return _pages.get((writer(), run_id))


def remember_page(run_id: str, page: Page) -> None:
    """Remember a page that was written."""
    _pages.put((writer(), run_id), page)


def new_segment(run_id: str, page: Page) -> str:
    """Return a name for a segment that no file has: not even one that was written in vain."""
    own = [name for name in page.segments if name.startswith(f"{writer()}-")]
    place = (writer(), run_id)
    taken = [int(name.partition("-")[2]) + 1 for name in own]
    number = max([_next_segments.get(place, 0), *taken])
    _next_segments[place] = number + 1
    return f"{writer()}-{number}"


def lock_of(run_id: str) -> threading.RLock:
    """Return the lock that a thread holds while it changes this process's page of a run."""
    return _locks.setdefault(run_id, threading.RLock())


if hasattr(os, "register_at_fork"):
    # A thread that is not in the child held it, perhaps.
    os.register_at_fork(after_in_child=_locks.clear)
