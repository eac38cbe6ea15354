"""The secrets that a capture knows: what they are given to hides them, what is printed does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from amlflow_jupyter.capture.secrets import literals
from amlflow_jupyter.capture.secrets.redaction import MARK, found_in, redact, replaced

_SHORTEST: Final = 6
_SHORTEST_WORD: Final = 8
# Words, and numbers, which a log may hold for other reasons: tutorials are full of them.
_WORD: Final = re.compile(r"[A-Z]?[a-z]+(?:[_-][a-z]+)*|[A-Z]+(?:[_-][A-Z]+)*|\d+")


class KnownSecrets:
    """Redacts what looks like a secret, and the secrets of one cell's source wherever they stand.

    Six characters or more are a secret wherever they stand. One that is a plain word or number
    must have eight, stand by itself, and be none of the usual placeholders: ``password =
    "secret"`` must not black out a log.

    Parameters
    ----------
    source
        The cell's text; looked through when it is first needed.
    """

    def __init__(self, source: str | None = None) -> None:
        self._source = source or ""

    def redact(self, text: str) -> tuple[str, int]:
        """Return the text with each secret replaced, and how many there were."""
        return redact(text, self._find(text))

    def mask(self, text: str) -> tuple[str, int]:
        """Replace only the secrets of the source: quick enough for each cell of a table."""
        return replaced(text, self._find(text))

    @cached_property
    def values(self) -> list[str]:
        """The secrets of the source, the longest first."""
        spans = found_in(self._source)
        written = {self._source[start:stop] for start, stop in spans}
        values = {value for one in written for value in (one, _evaluated(one))}
        return sorted(filter(_is_telling, values), key=len, reverse=True)

    def _find(self, text: str) -> Iterator[tuple[int, int]]:
        for value in self.values:
            yield from literals.find(text, value, whole=_WORD.fullmatch(value) is not None)


def _evaluated(written: str) -> str:
    r"""Return the text that is meant by ``written`` between quotes, where ``\\`` is one ``\``."""
    return re.sub(r"\\([\\'\"])", r"\1", written)


def _is_telling(value: str) -> bool:
    if MARK in value or value.strip().lower() in literals.PLACEHOLDERS:
        return False
    word = _WORD.fullmatch(value) is not None
    return len(value.strip()) >= (_SHORTEST_WORD if word else _SHORTEST)
