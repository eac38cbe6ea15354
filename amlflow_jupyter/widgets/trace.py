"""The drawn points of one live chart, kept up to date with little work."""

from __future__ import annotations

import numpy as np

from amlflow_jupyter.widgets.axis import Axis, axis_of, left_to_right, positions, runs_right
from amlflow_jupyter.widgets.downsample import Floats, choose, drawable
from amlflow_jupyter.widgets.series import Series

_NOTHING = np.empty(0)


class Trace:
    """At most ``room`` points of a series: a downsampled start, and all points logged since.

    New points are appended as they are until the room is used up; then everything is downsampled
    to three quarters of it.  So most refreshes cost, and send, only what is new.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.axis: Axis = "step"
        self.x: Floats = _NOTHING
        self.y: Floats = _NOTHING
        self.total = 0
        self.last = float("nan")
        self._ordered = True
        self._known: tuple[float, ...] = ()

    def advance(self, series: Series, room: int) -> int:
        """Take up what ``series`` has more than last time.

        Returns
        -------
        int
            How many of the drawn points, from the left, stayed as they were.
        """
        axis = axis_of(series)
        start = self.total if axis == self.axis and self._continued_by(series) else 0
        self.axis = axis
        self._ordered = (self._ordered or not start) and runs_right(series, axis, start)
        kept = len(self.x) if start and self._ordered else 0
        if self._ordered and kept + len(series.values) - start <= room:
            self._append(series, start, kept)
        else:
            kept = 0
            self._draw_again(series, room)
        self.total = len(series.values)
        self.last = float(series.values[-1])
        self._known = _ends(series, self.total)
        return kept

    def _continued_by(self, series: Series) -> bool:
        """Tell whether the points seen are still the first: a resumed run prepends its past."""
        return 0 < self.total <= len(series.values) and _ends(series, self.total) == self._known

    def _append(self, series: Series, start: int, kept: int) -> None:
        fresh = slice(start, None)
        self.x = np.concatenate((self.x[:kept], positions(series, self.axis, fresh)))
        self.y = np.concatenate((self.y[:kept], drawable(series.values[fresh])))

    def _draw_again(self, series: Series, room: int) -> None:
        order = None if self._ordered else left_to_right(series, self.axis)
        values = series.values if order is None else series.values[order]
        chosen = choose(values, room if len(values) <= room else room * 3 // 4)
        at = chosen if order is None else order[chosen]
        self.x, self.y = positions(series, self.axis, at), drawable(series.values[at])


def _ends(series: Series, count: int) -> tuple[float, ...]:
    at = [0, count - 1]
    return (*series.steps[at], *series.times[at], *np.nan_to_num(series.values[at]))
