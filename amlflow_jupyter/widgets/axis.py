"""What a chart's horizontal axis shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from amlflow_jupyter.widgets.series import Series

Axis = Literal["step", "seconds", "point"]


def axis_of(series: Series) -> Axis:
    """Choose steps, unless all are equal; then the time; where that stands still, a count."""
    steps, times = series.steps, series.times
    if len(steps) <= 1 or steps[0] != steps[-1] or (steps != steps[0]).any():
        return "step"
    return "seconds" if times[-1] > times[0] else "point"


def shared_axis(axes: Collection[Axis]) -> Axis:
    """Choose for a chart of several curves: what all of them have, else the time."""
    return next(iter(axes)) if len(set(axes)) == 1 else "seconds"


def positions(
    series: Series, axis: Axis, at: NDArray[np.intp] | slice, began: float
) -> NDArray[np.float64]:
    """Return the points' places on ``axis``; seconds count from ``began``."""
    return series.times[at] - began if axis == "seconds" else places(series, axis, at)


def places(series: Series, axis: Axis, at: NDArray[np.intp] | slice) -> NDArray[np.float64]:
    """Return the points' steps, or their count where steps and times say nothing."""
    if axis == "point":
        return np.arange(len(series.values), dtype=np.float64)[at]
    return series.steps[at].astype(np.float64)


def beginning(series: Iterable[Series]) -> float:
    """Return when the first point was logged, in seconds since 1970; 0 where there is none."""
    return min((float(one.times[0]) for one in series if len(one.times)), default=0.0)


def runs_right(series: Series, axis: Axis, since: int = 0) -> bool:
    """Tell whether the points from index ``since`` go on to the right, from the one before them."""
    x = _drawn_along(series, axis)
    if x is None:
        return True
    x = x[max(0, since - 1) :]
    return bool((x[1:] >= x[:-1]).all())


def left_to_right(series: Series, axis: Axis) -> NDArray[np.intp] | None:
    """Return the points' order from left to right, or None where they already are in it."""
    x = _drawn_along(series, axis)
    return None if x is None or runs_right(series, axis) else np.argsort(x, kind="stable")


def _drawn_along(series: Series, axis: Axis) -> NDArray[np.int64 | np.float64] | None:
    if axis == "point":
        return None
    return series.steps if axis == "step" else series.times
