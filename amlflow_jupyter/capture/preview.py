"""The first rows of a data frame, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from amlflow_jupyter.capture.frames import Frame

_ROWS: Final = 20
_COLUMNS: Final = 50
_CELL: Final = 80


def preview(frame: Frame, rows: int, columns: int) -> str:
    """Return a table of the first 20 rows under a line with the shape.

    Parameters
    ----------
    frame
        What was kept of the data frame.
    rows, columns
        The shape of the whole.
    """
    names = [str(name) for name in frame.columns][:_COLUMNS]
    lines = [f"{rows:,} rows, {columns:,} columns", ""]
    lines.append(_line(["", *names]))
    lines.append("|" + " --- |" * (len(names) + 1))
    lines.append(_line(["", *(f"*{kind}*" for kind in frame.types[:_COLUMNS])]))
    lines += [_line(row[: _COLUMNS + 1]) for row in frame.head(_ROWS).rows()]
    if rows > _ROWS or columns > _COLUMNS:
        lines += ["", f"The first {min(rows, _ROWS)} rows and {len(names)} columns."]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(_cell(value) for value in cells) + " |"


def _cell(value: Any) -> str:
    """Return ``value`` as one short line that cannot end its cell."""
    text = str(value)
    text = text if len(text) <= _CELL else text[: _CELL - 1] + "…"
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(escaped.split())
