"""The static result of a run: what stays in the notebook when the kernel is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.widgets.axis import beginning
from amlflow_jupyter.widgets.caption import caption, legend, value_list
from amlflow_jupyter.widgets.chart_svg import HEIGHT, WIDTH, chart_svg, data_uri
from amlflow_jupyter.widgets.grouping import SYSTEM, Place, places
from amlflow_jupyter.widgets.header import header_html, header_text
from amlflow_jupyter.widgets.markup import escape
from amlflow_jupyter.widgets.metric_table import Row, html_table, rows, text_table
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
    sections = _sections(series, table, over=over)
    drawn = sum(len(figures) for figures in sections.values())
    several = any(len(curves) > 1 for figures in sections.values() for curves in figures)
    began = beginning(series)
    shown, room = [], CHARTS
    for section, figures in sections.items():
        some = figures[:room]
        room -= len(some)
        shown.append(_section(section, [_figure(one, began, two_lines=several) for one in some]))
    more = f", {count_text(drawn - CHARTS, 'chart')} not drawn" if drawn > CHARTS else ""
    single = [row for one, row in zip(series, table, strict=True) if over and len(one.values) == 1]
    return (
        "".join(shown)
        + (value_list(single, _LISTED) if single else "")
        + '<details style="margin:0px"><summary style="font-size:12px;line-height:20px">'
        f"Table of values{more}</summary>{html_table(table, _ROWS)}</details>"
    )


@dataclass(frozen=True)
class _Curve:
    series: Series
    row: Row
    place: Place


def _sections(
    series: Sequence[Series], table: Sequence[Row], *, over: bool
) -> dict[str, list[list[_Curve]]]:
    """Return the curves of each chart, the charts of each section; places are those of the view."""
    charts: dict[tuple[str, str], list[_Curve]] = {}
    for one, row, place in zip(series, table, places(one.name for one in series), strict=True):
        if not over or len(one.values) > 1:
            charts.setdefault((place.section, place.chart), []).append(_Curve(one, row, place))
    sections: dict[str, list[list[_Curve]]] = {"": []}
    for (section, _), curves in charts.items():
        sections.setdefault(section, []).append(curves)
    return sections


def _section(name: str, figures: Sequence[str]) -> str:
    if not figures:
        return ""
    if not name:
        return _grid(figures)
    opened = "" if name == SYSTEM else " open"
    return (
        f'<details{opened} style="margin:0px"><summary style="font-size:12px;line-height:20px">'
        f"<b>{escape(name)}</b> · {count_text(len(figures), 'chart')}</summary>"
        f"{_grid(figures)}</details>"
    )


def _grid(charts: Sequence[str]) -> str:
    return (
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));'
        f'gap:8px 16px;margin:8px 0px 4px 0px">{"".join(charts)}</div>'
    )


def _figure(curves: Sequence[_Curve], began: float, *, two_lines: bool) -> str:
    title = curves[0].place.chart if len(curves) > 1 else curves[0].row.name
    svg = chart_svg(title, [(one.series, one.place.colour) for one in curves], began)
    return (
        f'<div style="min-width:0px">{_caption(title, curves, two_lines=two_lines)}'
        f'<img src="{data_uri(svg)}" alt="{"; ".join(map(_told, curves))}" width="{WIDTH}" '
        f'height="{HEIGHT}" style="display:block;width:100%;height:auto;margin:0px"></div>'
    )


def _caption(title: str, curves: Sequence[_Curve], *, two_lines: bool) -> str:
    if len(curves) == 1:
        return caption(curves[0].row, two_lines=two_lines)
    return legend(title, [(one.place.label, one.place.colour, one.row) for one in curves])


def _told(curve: _Curve) -> str:
    row = curve.row
    name, last = escape(row.name), escape(row.last)
    return f"{name}: {row.points} points, last {last}, lowest {row.lowest}, highest {row.highest}"
