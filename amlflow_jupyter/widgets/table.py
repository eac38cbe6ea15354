"""A table of facts: what lists show, in a notebook and in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.widgets.markup import (
    LINE,
    MUTED,
    escape,
    link,
    note_lines,
    plain,
    web_address,
    whole,
)

_LONGEST_CELL: Final = 60
# Characters that stay on one line, however narrow the notebook is.
_LONGEST_LINE: Final = 28
_FEW_COLUMNS: Final = 7
_LONGEST_NOTE: Final = 400


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading
        What stands above it.
    numeric
        Whether its cells are aligned to the right.
    """

    heading: str
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell that is more than text.

    Attributes
    ----------
    text
        What it says. It is not trusted: it is escaped and cut.
    link
        Where it leads; used only if it is a plain http(s) address.
    mark
        A sign before the text, such as ``"●"``.
    colour
        Of the mark, as CSS.
    """

    text: str
    link: str | None = None
    mark: str = ""
    colour: str = ""


Row = Sequence[str | Cell]


def table(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    notes: Sequence[str] = (),
    *,
    links: bool = False,
) -> dict[str, str]:
    """Return a table as ``text/html`` and ``text/plain``.

    Parameters
    ----------
    title
        What the table is about.
    columns
        Its columns; one whose cells are all empty is left out.
    rows
        A cell for each column; plain text or a :class:`Cell`.
    notes
        One-line messages below.
    links
        Whether the text writes out where the rows lead; the HTML always links.
    """
    cells = [[_cell(one) for one in row] for row in rows]
    used = [at for at in range(len(columns)) if any(_said(row[at]) for row in cells)]
    shown = [columns[at] for at in used]
    kept = [[row[at] for at in used] for row in cells]
    return {
        "text/html": _html(title, shown, kept, notes),
        "text/plain": _text(title, shown, kept, notes, links),
    }


def _cell(given: str | Cell) -> Cell:
    return given if isinstance(given, Cell) else Cell(given)


def _html(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], notes: Sequence[str]
) -> str:
    # Pixels between columns: many must be content with little.
    gap = 8 if len(columns) > _FEW_COLUMNS else 16
    head = "".join(_html_cell("th", escape(one.heading), one, gap) for one in columns)
    body = "".join(
        f'<tr style="border-top:{LINE}">'
        + "".join(
            _html_cell("td", _content(cell), column, gap, _flow(cell))
            for cell, column in zip(row, columns, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    grid = (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;border:none;'
        'font-size:12px;margin:4px 0px">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return (
        f'<div><b style="font-size:14px">{escape(title)}</b>{grid if rows else ""}'
        f"{note_lines(notes)}</div>"
    )


def _flow(cell: Cell) -> str:
    """Return how a cell's text runs: a long one over several lines, where there is no room."""
    if len(cell.text) <= _LONGEST_LINE:
        return "white-space:nowrap"
    return "white-space:normal;overflow-wrap:anywhere;min-width:94px"


def _html_cell(
    tag: str, content: str, column: Column, gap: int, flow: str = "white-space:nowrap"
) -> str:
    # JupyterLab aligns cells to the right by itself; the attribute is for the others.
    side = "right" if column.numeric else "left"
    quiet = f";{MUTED}" if tag == "th" else ""
    return (
        f'<{tag} align="{side}" style="padding:2px {gap}px 2px 0px;text-align:{side};'
        f'vertical-align:top;{flow}{quiet}">{content}</{tag}>'
    )


def _content(cell: Cell) -> str:
    mark = f'<span style="color:{cell.colour or "inherit"}">{escape(cell.mark)}</span> '
    text = escape(cell.text, _LONGEST_CELL)
    if address := web_address(cell.link):
        text = link(plain(cell.text, _LONGEST_CELL), address)
    elif len(cell.text) > _LONGEST_CELL:
        text = f'<span title="{whole(cell.text)}">{text}</span>'
    return (mark if cell.mark else "") + text


def _text(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    notes: Sequence[str],
    links: bool,
) -> str:
    marked = [any(row[at].mark for row in rows) for at in range(len(columns))]
    lines = [
        [plain(one.heading) for one in columns],
        *(list(map(_beside_marks, row, marked)) for row in rows),
    ]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(columns))]
    grid = ["  ".join(map(_padded, line, widths, columns)).rstrip() for line in lines]
    if links:
        addresses = [_address(row) for row in rows]
        grid = [
            f"{line}  {address}".rstrip()
            for line, address in zip(grid, ["", *addresses], strict=True)
        ]
    below = [plain(note, _LONGEST_NOTE) for note in notes]
    return "\n".join([plain(title), *(f"  {line}" for line in grid if rows), *below])


def _said(cell: Cell) -> str:
    mark = f"{plain(cell.mark)} " if cell.mark else ""
    return mark + plain(cell.text, _LONGEST_CELL)


def _beside_marks(cell: Cell, marked: bool) -> str:
    """Return a cell's text, which begins where those with a mark do."""
    return f"  {_said(cell)}" if marked and not cell.mark else _said(cell)


def _address(row: Sequence[Cell]) -> str:
    """Return the first address that a row leads to."""
    return next((found for cell in row if (found := web_address(cell.link))), "")


def _padded(text: str, width: int, column: Column) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if column.numeric else text + blanks


def _width(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    return sum(0 if unicodedata.combining(c) else _columns(c) for c in text)


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
