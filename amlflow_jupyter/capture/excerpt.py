"""The beginning and the end of a long text."""

from __future__ import annotations

from collections import deque

from amlflow_jupyter.capture.size import megabytes


class Excerpt:
    """Keeps the first and the last half of its bound of what is added, in bounded memory.

    Parameters
    ----------
    limit
        Bytes of UTF-8 to keep.

    Attributes
    ----------
    total
        Bytes that were added.
    """

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._head: list[str] = []
        self._head_room = self._half
        self._tail: deque[tuple[str, int]] = deque()
        self._tail_size = 0
        self.total = 0
        self.dropped = 0

    def add(self, piece: str) -> None:
        """Add a line, with its newline if it has one."""
        size = len(piece) if piece.isascii() else len(piece.encode(errors="replace"))
        self.total += size
        if size <= self._head_room:
            self._head.append(piece)
            self._head_room -= size
            return
        self._head_room = 0  # what comes later belongs to the end, however short
        self._tail.append((piece, size))
        self._tail_size += size
        while self._tail_size > self._half:
            _, gone = self._tail.popleft()
            self._tail_size -= gone
            self.dropped += gone

    def text(self) -> str:
        """Return what was kept; a line in between says how much is missing."""
        gap = f"\n[… {megabytes(self.dropped)} left out …]\n" if self.dropped else ""
        return "".join(self._head) + gap + "".join(piece for piece, _ in self._tail)
