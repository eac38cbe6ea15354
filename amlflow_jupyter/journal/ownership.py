"""Who owns a journal: the operating system's lock, which a dead process cannot hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from amlflow_jupyter.journal import places

if TYPE_CHECKING:
    from filelock import BaseFileLock


class Ownership:
    """The right to write to a journal and to deliver it, until :meth:`release`."""

    def __init__(self, lock: BaseFileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Give it up."""
        self._lock.release()


def take(path: Path) -> Ownership | None:
    """Take a journal's ownership; None where somebody who lives has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(places.lock_of(path), mode=0o600, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    if not path.exists():  # its owner delivered and removed it while we looked
        lock.release()
        places.lock_of(path).unlink(missing_ok=True)
        return None
    return Ownership(lock)


def is_owned(path: Path) -> bool:
    """Whether the owner of a journal lives."""
    if not places.lock_of(path).exists():
        return False
    ownership = take(path)
    if ownership is not None:
        ownership.release()
    return ownership is None
