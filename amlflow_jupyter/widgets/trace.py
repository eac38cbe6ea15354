"""The drawn points of one live curve, kept up to date with little work."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from amlflow_jupyter.widgets.axis import Axis, axis_of, left_to_right, places, runs_right
from amlflow_jupyter.widgets.downsample import Floats, Indices, choose, sendable
from amlflow_jupyter.widgets.offsets import Offsets
from amlflow_jupyter.widgets.series import Series

POINT_BYTES: Final = 16
_NOTHING = np.empty(0)
_MILLISECOND: Final = 0.001


class Curve:
    """Points as they are sent: a value, a place (step or count) and a time each.

    Attributes
    ----------
    values, places, times
        float64, shape (n,) each; values may be NaN or infinite, times are seconds since 1970.
    """

    def __init__(self) -> None:
        self.values: Floats = _NOTHING
        self.places: Floats = _NOTHING
        self.times: Floats = _NOTHING
        self._place_offsets = Offsets()
        self._time_offsets = Offsets()

    def __len__(self) -> int:
        return len(self.values)

    @classmethod
    def of(cls, series: Series, axis: Axis, at: Indices) -> Curve:
        """Return the curve of the points at these indices."""
        made = cls()
        made.append(series, axis, at)
        return made

    def append(self, series: Series, axis: Axis, at: Indices | slice, kept: int = 0) -> int:
        """Keep the first ``kept`` points and append others.

        Returns
        -------
        int
            ``kept``, or 0 where the new points do not fit the numbers that were sent.
        """
        fresh = (sendable(series.values[at]), places(series, axis, at), series.times[at])
        self.values = np.concatenate((self.values[:kept], fresh[0]))
        self.places = np.concatenate((self.places[:kept], fresh[1]))
        self.times = np.concatenate((self.times[:kept], fresh[2]))
        if kept and self._place_offsets.fits(fresh[1]) and self._time_offsets.fits(fresh[2]):
            return kept
        self._place_offsets = Offsets.over(self.places, 1.0)
        self._time_offsets = Offsets.over(self.times, _MILLISECOND)
        return 0

    def offsets(self) -> list[float]:
        """Return base and unit of the places, then of the times."""
        at, when = self._place_offsets, self._time_offsets
        return [at.base, at.unit, when.base, when.unit]

    def packed(self, start: int = 0) -> bytes:
        """Return the points from ``start`` on: float64 values, uint32 places, uint32 times."""
        return (
            self.values[start:].tobytes()
            + self._place_offsets.pack(self.places[start:])
            + self._time_offsets.pack(self.times[start:])
        )


class Trace:
    """At most ``room`` points of a series: a downsampled start, and all points logged since.

    New points are appended as they are until the room is used up; then everything is downsampled
    to three quarters of it.  So most refreshes cost, and send, only what is new.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.axis: Axis = "step"
        self.curve = Curve()
        self.total = 0
        self.last = float("nan")
        self._ordered = True
        self._known: tuple[Any, ...] = ()

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
        kept = len(self.curve) if start and self._ordered else 0
        if self._ordered and kept + len(series.values) - start <= room:
            kept = self.curve.append(series, axis, slice(start, None), kept)
        else:
            kept = self.curve.append(series, axis, self._chosen(series, room))
        self.total = len(series.values)
        self.last = float(series.values[-1])
        self._known = _ends(series, self.total)
        return kept

    def _continued_by(self, series: Series) -> bool:
        """Tell whether the points seen are still the first: a resumed run prepends its past."""
        return 0 < self.total <= len(series.values) and _ends(series, self.total) == self._known

    def _chosen(self, series: Series, room: int) -> Indices:
        order = None if self._ordered else left_to_right(series, self.axis)
        values = series.values if order is None else series.values[order]
        chosen = choose(values, room if len(values) <= room else room * 3 // 4)
        return chosen if order is None else order[chosen]


def _ends(series: Series, count: int) -> tuple[Any, ...]:
    at = [0, count - 1]
    return (*series.steps[at], *series.times[at], *np.nan_to_num(series.values[at]))
