r"""Take secrets out of text.

Fast where there are none, which is nearly always: see :mod:`.marked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from amlflow_jupyter.capture.secrets import variables
from amlflow_jupyter.capture.secrets.detectors import detector_rules
from amlflow_jupyter.capture.secrets.formats import FORMATS
from amlflow_jupyter.capture.secrets.marked import MarkedLines
from amlflow_jupyter.capture.secrets.rule import Rule
from amlflow_jupyter.capture.secrets.unescaped import Unescaped

MARK: Final = "[redacted]"
_PEM_BEGIN: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----")
_PEM_BODY: Final = re.compile(r"(?:[\s\"',+-]*(?:\\n)?[A-Za-z0-9+/=]{16,}(?:\\n)?)*")
_PEM_LONGEST: Final = 20_000
_Span = tuple[int, int]


def redact(text: str, known: Iterable[_Span] = ()) -> tuple[str, int]:
    r"""Return the text with each secret replaced by ``[redacted]``, and how many there were.

    Only the value goes: ``password = "hunter22"`` becomes ``password = "[redacted]"``. Code inside
    of JSON, where quotes are written ``\"``, is understood, and stays valid JSON.

    Parameters
    ----------
    text
        What to look through.
    known
        Where secrets were found already: begin and end of each.
    """
    return replaced(text, [*known, *variables.find(text), *found_in(text)])


def found_in(text: str) -> Iterator[_Span]:
    """Yield where there is what looks like a secret."""
    yield from _keys(text)
    yield from _matches(text)


def replaced(text: str, found: Iterable[_Span]) -> tuple[str, int]:
    """Return the text with each span replaced by ``[redacted]``, and how many there were."""
    spans = _merged(found)
    if not spans:
        return text, 0
    pieces: list[str] = []
    end = 0
    for start, stop in spans:
        pieces += [text[end:start], MARK]
        end = stop
    return "".join(pieces) + text[end:], len(spans)


@cache
def _rules() -> tuple[Rule, ...]:
    return (*FORMATS, *detector_rules())


def _keys(text: str) -> Iterator[_Span]:
    """Yield private keys: all up to the last line, or their base64 where that was cut off."""
    for begin in _PEM_BEGIN.finditer(text):
        start = begin.end()
        stop = text.find(f"-----END {begin[1]}-----", start, start + _PEM_LONGEST)
        if stop < 0:
            body = _PEM_BODY.match(text, start)
            stop = body.end() if body else start
        yield start, stop


def _matches(text: str) -> Iterator[_Span]:
    readable = Unescaped(text)
    lines = MarkedLines(readable.text)
    for rule in _rules():
        for start, stop in lines.with_any(rule.markers):
            for match in rule.pattern.finditer(readable.text, start, stop):
                if rule.accept(match):
                    yield readable.original_span(*rule.span(match))


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Return the spans in order, overlapping ones as one."""
    merged: list[_Span] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
