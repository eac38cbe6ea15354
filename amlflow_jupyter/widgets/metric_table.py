"""The numbers behind the charts: a row for each metric, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from amlflow_jupyter.widgets.markup import LINE, escape, plain
from amlflow_jupyter.widgets.quantity import value_text
from amlflow_jupyter.widgets.series import Series

HEADINGS: Final = ("metric", "points", "first", "last", "min", "max")
_LONGEST_NAME: Final = 48


class Row(NamedTuple):
    """One metric, as text."""

    name: str
    points: str
    first: str
    last: str
    lowest: str
    highest: str


def rows(series: Iterable[Series]) -> list[Row]:
    """Return a row for each series that has points; extremes are those of the finite values."""
    return [_row(one) for one in series if len(one.values)]


def html_table(table: Sequence[Row], most: int) -> str:
    """Return at most ``most`` rows as an HTML table."""
    head = _cells("th", HEADINGS)
    body = "".join(
        f'<tr style="border-top:{LINE}">'
        + _cells("td", (escape(row.name, _LONGEST_NAME), *row[1:]))
        + "</tr>"
        for row in table[:most]
    )
    return (
        '<table style="border-collapse:collapse;border:none;font-size:12px;margin:4px 0px">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{_rest(table, most)}"
    )


def text_table(table: Sequence[Row], most: int) -> str:
    """Return at most ``most`` rows as aligned lines of text."""
    lines = [HEADINGS, *((plain(row.name, _LONGEST_NAME), *row[1:]) for row in table[:most])]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    written = [
        "  ".join(
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join([*written, _rest(table, most)]).rstrip()


def _cells(tag: str, texts: Sequence[str]) -> str:
    # JupyterLab aligns cells to the right by itself; the attribute is for the others.
    name, *numbers = texts
    return f'<{tag} style="padding:2px 8px 2px 0px;text-align:left">{name}</{tag}>' + "".join(
        f'<{tag} align="right" style="padding:2px 8px">{text}</{tag}>' for text in numbers
    )


def _row(series: Series) -> Row:
    values = series.values
    finite = values[np.isfinite(values)]
    extremes = (finite.min(), finite.max()) if len(finite) else (np.nan, np.nan)
    numbers = (values[0], values[-1], *extremes)
    return Row(series.name, f"{len(values):,}", *(value_text(float(one)) for one in numbers))


def _rest(table: Sequence[Row], most: int) -> str:
    return f"and {len(table) - most:,} more metrics" if len(table) > most else ""
