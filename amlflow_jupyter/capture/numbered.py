"""Numbered files of things that are shown, replaced as their displays are."""

from __future__ import annotations

from pathlib import Path


class Numbered:
    """Gives each thing that is shown a number, and a file name such as ``figure-01``.

    An update of a display takes the number of what it replaces, and so does what follows a
    ``clear_output()``: an animation leaves its last frame.

    Parameters
    ----------
    folder
        Where the files lie; made with the first one.
    stem
        What their names begin with.
    most
        How many there may be.
    """

    def __init__(self, folder: Path, stem: str, most: int) -> None:
        self._folder = folder
        self._stem = stem
        self._most = most
        self._numbers: dict[str, int] = {}
        self._last = 0
        self._clear_next = False
        self.refused = 0

    def clear(self) -> None:
        """Let the next thing take the place of all that were shown so far."""
        self._clear_next = True

    def path(self, display_id: str | None) -> Path | None:
        """Return where the next thing goes, without suffix; None where there are enough.

        What is to be replaced is removed.
        """
        if self._clear_next:
            self._start_again()
        number = self._numbers.get(display_id) if display_id else None
        if number is None:
            if self._last >= self._most:
                self.refused += 1
                return None
            self._last += 1
            number = self._last
            if display_id:
                self._numbers[display_id] = number
        path = self._folder / f"{self._stem}-{number:02}"
        self._remove(f"{path.name}.*")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def _start_again(self) -> None:
        self._remove(f"{self._stem}-*")
        self._numbers.clear()
        self._last = self.refused = 0
        self._clear_next = False

    def _remove(self, pattern: str) -> None:
        for old in self._folder.glob(pattern):
            old.unlink(missing_ok=True)
