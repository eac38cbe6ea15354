"""The static result of a run: what stays in the notebook when the kernel is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from amlflow_jupyter.widgets.chart_svg import HEIGHT, WIDTH, chart_svg, data_uri
from amlflow_jupyter.widgets.header import header_html, header_text
from amlflow_jupyter.widgets.markup import escape
from amlflow_jupyter.widgets.metric_table import Row, html_table, rows, text_table
from amlflow_jupyter.widgets.palette import curve
from amlflow_jupyter.widgets.quantity import count_text
from amlflow_jupyter.widgets.run_state import RunState
from amlflow_jupyter.widgets.series import Series, SeriesSource

CHARTS: Final = 12
_ROWS: Final = 100


def bundle(state: RunState, source: SeriesSource) -> dict[str, str]:
    """Return the run as ``text/html`` and ``text/plain``, without script or style sheet.

    At most 12 charts of about 300 points each, and a table of at most 100 metrics.
    """
    series = [one for one in map(source.series, source.names()) if len(one.values)]
    table = rows(series)
    points = sum(len(one.values) for one in series)
    text = header_text(state)
    return {
        "text/html": f"<div>{header_html(state, len(table), points)}{_body(series, table)}</div>",
        "text/plain": f"{text}\n\n{text_table(table, _ROWS)}" if table else text,
    }


def _body(series: Sequence[Series], table: Sequence[Row]) -> str:
    if not table:
        return ""
    charts = "".join(
        _figure(one, row, curve(index))
        for index, (one, row) in enumerate(zip(series[:CHARTS], table, strict=False))
    )
    more = (
        f", {count_text(len(table) - CHARTS, 'metric')} without a chart" if table[CHARTS:] else ""
    )
    return (
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));'
        f'gap:8px 16px;margin:8px 0px 4px 0px">{charts}</div>'
        '<details style="margin:0px"><summary style="font-size:12px;line-height:20px">'
        f"Table of values{more}</summary>{html_table(table, _ROWS)}</details>"
    )


def _figure(series: Series, row: Row, colour: str) -> str:
    name, last = escape(row.name), escape(row.last)
    told = f"{name}: {row.points} points, last {last}, lowest {row.lowest}, highest {row.highest}"
    return (
        '<div style="min-width:0px"><div style="font-size:12px;line-height:20px;overflow:hidden;'
        f'white-space:nowrap;text-overflow:ellipsis"><b>{name}</b>&nbsp; {last}</div>'
        f'<img src="{data_uri(chart_svg(series, colour))}" alt="{told}" width="{WIDTH}" '
        f'height="{HEIGHT}" style="display:block;width:100%;height:auto;margin:0px"></div>'
    )
