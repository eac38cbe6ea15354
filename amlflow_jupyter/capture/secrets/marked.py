"""Find the lines that are worth looking at, by plain text search."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_Span = tuple[int, int]


class MarkedLines:
    """The lines of a text, found by what they hold; upper and lower case are alike.

    Parameters
    ----------
    text
        The text.
    """

    def __init__(self, text: str) -> None:
        self._text = _lower(text)
        self._starts: list[int] = []
        self._found: dict[tuple[str, ...], list[_Span]] = {}

    def with_any(self, markers: tuple[str, ...]) -> list[_Span]:
        """Return where each line begins and ends (before its newline) that holds a marker."""
        if markers not in self._found:
            places = [at for marker in markers for at in self._places(marker)]
            self._found[markers] = self._lines_at(places)
        return self._found[markers]

    def _places(self, marker: str) -> Iterator[int]:
        """Yield where the marker stands, once a line."""
        at = self._text.find(marker)
        while at >= 0:
            yield at
            end = self._text.find("\n", at)
            at = self._text.find(marker, end) if end >= 0 else -1

    def _lines_at(self, places: list[int]) -> list[_Span]:
        if not places:
            return []
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        starts = self._starts
        numbers = sorted({bisect_right(starts, at) - 1 for at in places})
        ends = [*starts[1:], len(self._text) + 1]
        return [(starts[number], ends[number] - 1) for number in numbers]


def _lower(text: str) -> str:
    """Return the text in lower case, each character in its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else " " for character in text)
