"""More of a curve than a frame holds: what a browser asks for when its user looks closer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from amlflow_jupyter.widgets.axis import axis_of
from amlflow_jupyter.widgets.downsample import FEWEST, Indices, choose
from amlflow_jupyter.widgets.series import Series, SeriesSource
from amlflow_jupyter.widgets.trace import POINT_BYTES, Curve

ZOOM_BYTES: Final = 128 * 1024
WHOLE_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    names
        Metrics; those that are not there are left out of the answer.
    axis
        Whether ``low`` and ``high`` are places (steps, or a count) or seconds since 1970.
    low, high
        The part to show, with one more point on either side.
    size
        The most bytes to send.
    """

    names: tuple[str, ...]
    axis: Literal["place", "time"] = "place"
    low: float = -np.inf
    high: float = np.inf
    size: int = ZOOM_BYTES

    @classmethod
    def read(cls, content: dict[str, Any]) -> Request:
        """Read what a browser sent.

        Raises
        ------
        TypeError, ValueError
            It is no such request.
        """
        names = tuple(str(name) for name in content.get("names", ()))
        low, high = content.get("low"), content.get("high")
        if low is None or high is None:
            return cls(names, size=WHOLE_BYTES)
        axis: Literal["place", "time"] = "time" if content.get("axis") == "time" else "place"
        return cls(names, axis, float(low), float(high))


def part(source: SeriesSource, request: Request) -> tuple[dict[str, Any], bytes]:
    """Return the head and the buffer of what is asked for, laid out like a frame's charts."""
    known = set(source.names())
    names = [name for name in request.names if name in known]
    room = max(FEWEST, request.size // POINT_BYTES // max(1, len(names)))
    heads, parts = [], []
    for name in names:
        series = source.series(name)
        curve = Curve.of(series, axis_of(series), _chosen(series, request, room))
        heads.append({"name": name, "drawn": len(curve), "offsets": curve.offsets()})
        parts.append(curve.packed())
    return {"charts": heads}, b"".join(parts)


def _chosen(series: Series, request: Request, room: int) -> Indices:
    x = _along(series, request)
    order = np.argsort(x, kind="stable") if (x[1:] < x[:-1]).any() else None
    x = x if order is None else x[order]
    first = max(0, int(np.searchsorted(x, request.low, "left")) - 1)
    end = int(np.searchsorted(x, request.high, "right")) + 1
    values = series.values if order is None else series.values[order]
    at = first + choose(values[first:end], room)
    return at if order is None else order[at]


def _along(series: Series, request: Request) -> NDArray[np.int64 | np.float64]:
    if request.axis == "time":
        return series.times
    return np.arange(len(series.values)) if axis_of(series) == "point" else series.steps
