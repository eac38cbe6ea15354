r"""Take secrets out of text.

Fast where there are none, which is nearly always: lines are looked at only if they hold a marker
of a rule, and markers are found by plain text search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from amlflow_jupyter.capture.secrets import variables
from amlflow_jupyter.capture.secrets.detectors import detector_rules
from amlflow_jupyter.capture.secrets.formats import FORMATS
from amlflow_jupyter.capture.secrets.rule import Rule

MARK: Final = "[redacted]"
_PEM_BEGIN: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----")
_PEM_BODY: Final = re.compile(r"(?:[\s\"',+-]*(?:\\n)?[A-Za-z0-9+/=]{16,}(?:\\n)?)*")
_PEM_LONGEST: Final = 20_000
_Span = tuple[int, int]


def redact(text: str) -> tuple[str, int]:
    r"""Return the text with each secret replaced by ``[redacted]``, and how many there were.

    Only the value goes: ``password = "hunter22"`` becomes ``password = "[redacted]"``. Code inside
    of JSON, where quotes are written ``\"``, is understood, and stays valid JSON.
    """
    spans = _merged([*variables.find(text), *_keys(text), *_matches(text)])
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
    lower = _lower(text)
    # In JSON, code has \" for its quotes: as a blank and a quote it is read like any other.
    plain = text.replace('\\"', ' "')
    starts: list[int] | None = None
    lines: dict[tuple[str, ...], list[_Span]] = {}
    for rule in _rules():
        if rule.markers not in lines:
            places = [at for marker in rule.markers for at in _places(lower, marker)]
            if places and starts is None:
                starts = _line_starts(text)
            lines[rule.markers] = _lines_at(places, starts or [], len(text))
        for start, stop in lines[rule.markers]:
            for match in rule.pattern.finditer(plain, start, stop):
                if rule.accept(match):
                    yield _trimmed(text, *rule.span(match))


def _lower(text: str) -> str:
    """Return the text in lower case, each character in its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else " " for character in text)


def _places(text: str, marker: str) -> Iterator[int]:
    """Yield where the marker stands, once a line."""
    at = text.find(marker)
    while at >= 0:
        yield at
        end = text.find("\n", at)
        at = text.find(marker, end) if end >= 0 else -1


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _lines_at(places: Iterable[int], starts: list[int], length: int) -> list[_Span]:
    numbers = sorted({bisect_right(starts, at) - 1 for at in places})
    ends = [*starts[1:], length + 1]
    return [(starts[number], ends[number] - 1) for number in numbers]


def _trimmed(text: str, start: int, stop: int) -> _Span:
    r"""Leave the backslash of a closing ``\"`` where it is."""
    escaped = stop < len(text) and text[stop] == '"' and text[stop - 1] == "\\"
    return (start, stop - 1) if escaped else (start, stop)


def _merged(spans: list[_Span]) -> list[_Span]:
    """Return the spans in order, overlapping ones as one."""
    merged: list[_Span] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
