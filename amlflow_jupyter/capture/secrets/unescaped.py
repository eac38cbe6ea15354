r"""Text whose quotes were escaped for JSON (or for a string), read as if they were not."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Final

_ESCAPES: Final = re.compile(r'\\+(?=")')


class Unescaped:
    r"""A text without the backslashes before its quotes.

    The code of a notebook's cell is ``password = \"hunter22\"`` in the notebook's file and its
    diffs: without the backslashes, rules for code apply to it.

    Parameters
    ----------
    original
        The text.

    Attributes
    ----------
    text
        The text without those backslashes.
    """

    def __init__(self, original: str) -> None:
        self._places: list[int] = []  # in `text`, after each run of backslashes
        self._removed: list[int] = [0]  # how many are gone, before each place and after the last
        pieces: list[str] = []
        end = gone = 0
        for escape in _ESCAPES.finditer(original):
            pieces.append(original[end : escape.start()])
            self._places.append(escape.start() - gone)
            gone += len(escape[0])
            self._removed.append(gone)
            end = escape.end()
        self.text = "".join([*pieces, original[end:]]) if pieces else original

    def original_span(self, start: int, stop: int) -> tuple[int, int]:
        """Return where a span of the text is in the original.

        The backslash of the quote that follows the span is no part of it.
        """
        return (
            start + self._removed[bisect_right(self._places, start)],
            stop + self._removed[bisect_left(self._places, stop)],
        )
