"""A metric's name and value on one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from amlflow_jupyter.widgets.markup import ELLIPSIS, escape, whole
from amlflow_jupyter.widgets.metric_table import Row

_LINE: Final = "font-size:12px;line-height:20px;white-space:nowrap"
_LONGEST_NAME: Final = 48


def caption(row: Row, *, two_lines: bool = False) -> str:
    """Return what stands above a chart: where room is short, the name gives way, not the value.

    Beside charts of several curves the value stands on a line of its own, as theirs do.
    """
    if not two_lines:
        return f'<div style="display:flex;{_LINE}">{_name_and_value(row, escape(row.name))}</div>'
    return _title(row.name) + f'<div style="{_LINE}">{escape(row.last)}</div>'


def legend(title: str, rows: Sequence[tuple[str, str, Row]]) -> str:
    """Return what stands above a chart of several curves: its title, and each curve's last value.

    Parameters
    ----------
    title
        The chart's name.
    rows
        Label, colour and row of each curve.
    """
    keys = "".join(
        f'<span title="{whole(row.name)}" style="display:flex;flex:none;margin-right:14px">'
        f'<span style="color:{colour};margin-right:4px">━</span>{escape(label, _LONGEST_NAME)}'
        f'<span style="margin-left:6px">{escape(row.last)}</span></span>'
        for label, colour, row in rows
    )
    return _title(title) + f'<div style="display:flex;flex-wrap:wrap;{_LINE}">{keys}</div>'


def value_list(rows: Iterable[Row], most: int) -> str:
    """Return metrics that have one value each, one after the other; at most ``most`` of them."""
    listed = list(rows)
    parts = [_name_and_value(row, escape(row.name, _LONGEST_NAME)) for row in listed[:most]]
    if len(listed) > most:
        parts.append(f"and {len(listed) - most:,} more")
    items = "".join(
        f'<div style="display:flex;min-width:0px;max-width:100%;margin-right:20px">{part}</div>'
        for part in parts
    )
    return f'<div style="display:flex;flex-wrap:wrap;margin:4px 0px;{_LINE}">{items}</div>'


def _title(text: str) -> str:
    return (
        f'<div style="display:flex;{_LINE}"><b title="{whole(text)}" style="{ELLIPSIS}">'
        f"{escape(text)}</b></div>"
    )


def _name_and_value(row: Row, name: str) -> str:
    return (
        f'<b title="{whole(row.name)}" style="{ELLIPSIS}">{name}</b>'
        f'<span style="flex:none;margin-left:8px">{escape(row.last)}</span>'
    )
