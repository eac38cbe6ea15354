"""A chart as a small picture that needs no script and no style sheet.

It is shown through ``<img>``: JupyterLab removes inline SVG from notebooks that are not trusted
but keeps images, and inside an image nothing can run.  An image inherits no colours either, so
the axes are grey in a tone that is legible on light and on dark.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import numpy as np

from amlflow_jupyter.widgets.axis import Axis, axis_of, left_to_right, positions, shared_axis
from amlflow_jupyter.widgets.downsample import Floats, choose, drawable, sendable
from amlflow_jupyter.widgets.markup import plain
from amlflow_jupyter.widgets.palette import GREY
from amlflow_jupyter.widgets.quantity import tick_text
from amlflow_jupyter.widgets.series import Series
from amlflow_jupyter.widgets.ticks import spacing, ticks, widened

WIDTH: Final = 360
HEIGHT: Final = 170
# To the right of the curve there is room for half of the last tick's label.
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 342, 6, 148
_ACROSS: Final = (_LEFT, _RIGHT)
_UP: Final = (_BOTTOM, _TOP)
_NO_VALUE: Final = "no finite value"
_DRAWN: Final = 300
_FEWEST_DRAWN: Final = 60
_MARKS: Final = 60
_SINGLE_DOTS: Final = 40
# Coordinates are written as whole tenths of a unit, relative to the point before: half the size.
_FINE: Final = 10


def chart_svg(title: str, curves: Sequence[tuple[Series, str]], began: float) -> str:
    """Return a chart of curves that have at least one point each, as an SVG document.

    Parameters
    ----------
    title
        The chart's name.
    curves
        Series and their colours.
    began
        What times are counted from, in seconds since 1970.
    """
    axis = shared_axis([axis_of(series) for series, _ in curves])
    most = max(_FEWEST_DRAWN, _DRAWN // len(curves))
    drawn = [(*_points(series, axis, most, began), colour) for series, colour in curves]
    x_range = widened(*_range([x for x, _, _ in drawn]), 0)
    finite = [y[np.isfinite(drawable(y))] for _, y, _ in drawn]
    y_range = widened(*_range(finite), 0.05) if any(map(len, finite)) else None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}"><title>{html.escape(plain(title))}</title>'
        f'<g font-family="system-ui,sans-serif" font-size="11" fill="{GREY}">'
        + _along(x_range, axis)
        + (_across(y_range) if y_range else _text((_LEFT + _RIGHT) / 2, 80, "middle", _NO_VALUE))
        + "</g>"
        + "".join(_curve(x, y, x_range, y_range, colour) for x, y, colour in drawn)
        + "</svg>"
    )


def data_uri(svg: str) -> str:
    """Return ``svg`` as an address for ``<img src>``, safe inside double quotes."""
    return "data:image/svg+xml," + quote(svg, safe=" ='/:,;()-")


def _points(series: Series, axis: Axis, most: int, began: float) -> tuple[Floats, Floats]:
    order = left_to_right(series, axis)
    at = choose(series.values if order is None else series.values[order], most)
    at = at if order is None else order[at]
    return positions(series, axis, at, began), sendable(series.values[at])


def _range(parts: Sequence[Floats]) -> tuple[float, float]:
    filled = [part for part in parts if len(part)]
    return min(float(p.min()) for p in filled), max(float(p.max()) for p in filled)


def _scaled(values: Floats, span: tuple[float, float], start: int, end: int) -> Floats:
    low, high = span
    # Halves first: the difference of two large values may be no number.
    share = (values / 2 - low / 2) / (high / 2 - low / 2)
    return np.rint(_FINE * (start + share * (end - start)))


def _across(span: tuple[float, float]) -> str:
    gap = spacing(*span, 5)
    parts = []
    for tick in ticks(*span, gap):
        y = float(_scaled(np.array([tick]), span, *_UP)[0]) / _FINE
        parts.append(f'<path d="M{_LEFT} {y:g}H{_RIGHT}" stroke="{GREY}" stroke-opacity=".25"/>')
        parts.append(_text(_LEFT - 6, y + 4, "end", tick_text(tick, gap)))
    return "".join(parts)


def _along(span: tuple[float, float], axis: str) -> str:
    gap = spacing(*span, 7)
    if axis != "seconds":
        gap = max(1.0, gap)
    baseline = f'<path d="M{_LEFT} {_BOTTOM}H{_RIGHT}" stroke="{GREY}" stroke-opacity=".6"/>'
    # What the axis shows stands in the corner, where no tick's label comes.
    parts = [baseline, f'<g font-size="10">{_text(0, HEIGHT - 8, "start", axis)}</g>']
    for tick in ticks(*span, gap):
        x = float(_scaled(np.array([tick]), span, *_ACROSS)[0]) / _FINE
        parts.append(_text(x, HEIGHT - 8, "middle", tick_text(tick, gap)))
    return "".join(parts)


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{text}</text>'


def _curve(
    x: Floats, y: Floats, across: tuple[float, float], up: tuple[float, float] | None, colour: str
) -> str:
    px = _scaled(x, across, *_ACROSS)
    marks = _marks(px, y, colour)
    if up is None:
        return f'<g transform="scale({1 / _FINE})" fill="{colour}">{marks}</g>'
    pieces = _pieces(px, _scaled(drawable(y), up, *_UP))
    lines = "".join(_line(piece) for piece in pieces if len(piece) > 1)
    few = sum(len(piece) for piece in pieces) <= _SINGLE_DOTS
    dots = "".join(
        f'<circle cx="{px:.0f}" cy="{py:.0f}" r="{2.2 * _FINE:g}"/>'
        for piece in pieces
        if few or len(piece) == 1
        for px, py in piece
    )
    return (
        f'<g transform="scale({1 / _FINE})" fill="{colour}"><path d="{lines}" fill="none" '
        f'stroke="{colour}" stroke-width="{1.6 * _FINE:g}" stroke-linejoin="round"/>'
        f"{dots}{marks}</g>"
    )


def _marks(px: Floats, y: Floats, colour: str) -> str:
    """Return a sign where a value has no place on the axis: up and down for infinities, a cross."""
    size = 3 * _FINE
    at_top, at_bottom = _TOP * _FINE, (_BOTTOM - 2) * _FINE
    shapes: list[str] = []
    last = dict.fromkeys(("nan", "inf", "-inf"), -np.inf)
    for x, value in zip(px, y, strict=True):
        # What would cover the mark before is left out.
        if np.isfinite(value) or x - last[str(value)] < 2 * size:
            continue
        last[str(value)] = x
        if np.isnan(value):
            cross = f"l{2 * size} {-2 * size}m0 {2 * size}l{-2 * size} {-2 * size}"
            shapes.append(f"M{x - size:.0f} {at_bottom}{cross}")
        elif value == np.inf:
            shapes.append(f"M{x - size:.0f} {at_top + 2 * size}h{2 * size}l{-size} {-2 * size}z")
        else:
            shapes.append(f"M{x - size:.0f} {at_bottom - 2 * size}h{2 * size}l{-size} {2 * size}z")
    if not shapes:
        return ""
    return f'<path d="{"".join(shapes[:_MARKS])}" stroke="{colour}" stroke-width="{_FINE}"/>'


def _pieces(x: Floats, y: Floats) -> list[Floats]:
    """Return the points between gaps, one array of shape (k, 2) for each unbroken piece."""
    points = np.column_stack((x, y))
    shown = np.isfinite(y)
    cuts = np.flatnonzero(np.diff(shown)) + 1
    return [piece for piece in np.split(points, cuts) if len(piece) and np.isfinite(piece[0, 1])]


def _line(piece: Floats) -> str:
    start, moves = piece[0], np.diff(piece, axis=0)
    rest = "".join(f"{dx:.0f} {dy:.0f} " for dx, dy in moves).replace(" -", "-").rstrip()
    return f"M{start[0]:.0f} {start[1]:.0f}l{rest}"
