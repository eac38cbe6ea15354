"""Where the ``%%track`` line of a cell is, and what the cell is without it.

Pure functions on lines (each with its newline): IPython calls transformers more than once a cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TRACK: Final = re.compile(r"%%track(?=\s|$)")
# Cell magics whose body is Python that runs in this shell: %%track may stand below them.
_TRANSPARENT: Final = re.compile(r"%%(time|timeit|capture|prun|memit|mprun)\b")
MARK: Final = "# %%track"


@dataclass(frozen=True)
class Header:
    """The ``%%track`` line of a cell.

    Attributes
    ----------
    at
        Its index among the lines.
    arguments
        What follows ``%%track`` on it.
    below
        Index of a cell magic that stands below it, if one does.
    """

    at: int
    arguments: str
    below: int | None


def find(lines: list[str]) -> Header | None:
    """Find the header among the magics that a cell begins with."""
    found: Header | None = None
    for index, line in enumerate(lines):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if found is None and _TRACK.match(text):
            found = Header(index, text.removeprefix("%%track").strip(), None)
        elif found is not None:
            below = index if text.startswith("%%") else None
            return Header(found.at, found.arguments, below)
        elif not _TRANSPARENT.match(text):
            return None
    return found


def is_empty(lines: list[str], header: Header) -> bool:
    """Whether nothing but blanks and comments stands below the header."""
    return all(not line.strip() or line.strip().startswith("#") for line in lines[header.at + 1 :])


def without_header(lines: list[str]) -> list[str]:
    """Return the cell as it would be without its ``%%track`` line.

    The line becomes a comment, so that the line numbers of tracebacks stay right; where a cell
    magic stands below, it is dropped, because a cell magic must come first.
    """
    from IPython.core.inputtransformer2 import leading_indent

    header = find(lines)
    if header is None or not _comes_first(lines, header):
        return lines
    if header.below is not None:
        return lines[header.below :]
    comment = "# " + lines[header.at].lstrip()
    return [*lines[: header.at], comment, *leading_indent(lines[header.at + 1 :])]


# IPython leaves such transformers out where it asks whether a cell is complete: there the line must
# stay, because the body of a cell magic ends with a blank line.
without_header.has_side_effects = True  # type: ignore[attr-defined]


def single_line(lines: list[str]) -> int | None:
    """Return the index of the only line of code below a header that became a comment."""
    code = [
        index
        for index, line in enumerate(lines)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    marked = any(line.startswith(MARK) for line in lines)
    return code[0] if marked and len(code) == 1 else None


def _comes_first(lines: list[str], header: Header) -> bool:
    """Whether no other magic stands above: that one hands its body to IPython again."""
    above = lines[: header.at]
    return all(not line.strip() or line.strip().startswith("#") for line in above)
