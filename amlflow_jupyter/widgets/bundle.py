"""The static result of a run: what stays in the notebook when the kernel is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from amlflow_jupyter.widgets.caption import caption, value_list
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
_LISTED: Final = 40


def bundle(state: RunState, source: SeriesSource) -> dict[str, str]:
    """Return the run as ``text/html`` and ``text/plain``, without script or style sheet.

    At most 12 charts of about 300 points each, and a table of at most 100 metrics.  What has a
    single point when the run is over gets no chart: its value says it all.
    """
    series = [one for one in map(source.series, source.names()) if len(one.values)]
    table = rows(series)
    points = sum(len(one.values) for one in series)
    text = header_text(state)
    return {
        "text/html": f"<div>{header_html(state, len(table), points)}"
        f"{_body(series, table, over=state.ended is not None)}</div>",
        "text/plain": f"{text}\n\n{text_table(table, _ROWS)}" if table else text,
    }


def _body(series: Sequence[Series], table: Sequence[Row], *, over: bool) -> str:
    if not table:
        return ""
    drawn = [index for index, one in enumerate(series) if not over or len(one.values) > 1]
    undrawn = drawn[CHARTS:]
    more = f", {count_text(len(undrawn), 'metric')} without a chart" if undrawn else ""
    # Colours go by the place among all metrics, as in the live view.
    charts = [_figure(series[index], table[index], curve(index)) for index in drawn[:CHARTS]]
    single = [row for one, row in zip(series, table, strict=True) if over and len(one.values) == 1]
    return (
        (_grid(charts) if charts else "")
        + (value_list(single, _LISTED) if single else "")
        + '<details style="margin:0px"><summary style="font-size:12px;line-height:20px">'
        f"Table of values{more}</summary>{html_table(table, _ROWS)}</details>"
    )


def _grid(charts: Sequence[str]) -> str:
    return (
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));'
        f'gap:8px 16px;margin:8px 0px 4px 0px">{"".join(charts)}</div>'
    )


def _figure(series: Series, row: Row, colour: str) -> str:
    name, last = escape(row.name), escape(row.last)
    told = f"{name}: {row.points} points, last {last}, lowest {row.lowest}, highest {row.highest}"
    return (
        f'<div style="min-width:0px">{caption(row)}'
        f'<img src="{data_uri(chart_svg(series, colour))}" alt="{told}" width="{WIDTH}" '
        f'height="{HEIGHT}" style="display:block;width:100%;height:auto;margin:0px"></div>'
    )
