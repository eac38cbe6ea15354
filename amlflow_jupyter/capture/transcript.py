"""What one stream was given, kept as text within a bound."""

from __future__ import annotations

import threading
from typing import Final

from amlflow_jupyter.capture.excerpt import Excerpt
from amlflow_jupyter.capture.screen import Screen
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.size import megabytes

_BATCH: Final = 65_536  # characters that are gathered before they are looked at


class Transcript:
    """Takes what is written, from any thread, in well under a microsecond a write.

    Parameters
    ----------
    limit
        Bytes to keep.
    known
        Takes out the secrets.
    """

    def __init__(self, limit: int, known: KnownSecrets | None = None) -> None:
        self._known = known or KnownSecrets()
        self._excerpt = Excerpt(limit)
        self._screen = Screen(self._excerpt.add, widest=max(1, min(16_384, limit // 4)))
        self._pending: list[str] = []
        self._size = 0
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        """Take what was written."""
        self._pending.append(text)
        self._size += len(text)
        if self._size >= _BATCH:
            self._digest()

    def finish(self) -> tuple[str, int]:
        """Return the text, without its secrets, and how many there were."""
        self._digest()
        with self._lock:
            self._screen.close()
            return self._known.redact(self._excerpt.text())

    def cut(self) -> str | None:
        """Say what was left out, if anything was."""
        excerpt = self._excerpt
        if not excerpt.dropped:
            return None
        kept = megabytes(excerpt.total - excerpt.dropped)
        return f"was cut: {kept} of {megabytes(excerpt.total)} kept"

    def _digest(self) -> None:
        """Work through what is pending, unless somebody is at it already.

        Never waits: the writer may be a signal handler, or a child forked while the lock was held.
        """
        if not self._lock.acquire(blocking=False):
            return
        try:
            pending, self._pending = self._pending, []
            self._size = 0
            self._screen.feed("".join(pending))
        finally:
            self._lock.release()
