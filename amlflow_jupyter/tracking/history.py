"""The points of a run that were logged from this process, kept in memory for drawing."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY: Final = 256


@dataclass(frozen=True)
class Series:
    """One metric's points, in the order in which they were logged.

    Attributes
    ----------
    name
        The metric's name.
    steps
        int64, shape (n,).
    times
        Seconds since 1970, float64, shape (n,).
    values
        float64, shape (n,); may hold NaN and infinities.
    """

    name: str
    steps: NDArray[np.int64]
    times: NDArray[np.float64]
    values: NDArray[np.float64]


class MetricHistory:
    """All metrics of one run; safe to append to and to read from any thread.

    A :class:`Series` is a view of memory that is only ever appended to: reading copies nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._metrics: dict[str, _Points] = {}
        self._version = 0

    def append(self, name: str, step: int, time: float, value: float) -> None:
        """Add one point; ``time`` in seconds since 1970."""
        with self._lock:
            points = self._metrics.get(name)
            if points is None:
                points = self._metrics[name] = _Points()
            points.append(step, time, value)
            self._version += 1

    def prepend(self, name: str, points: Iterable[tuple[int, float, float]]) -> None:
        """Put earlier points (step, time, value) before those that are there already."""
        earlier = _Points()
        for step, time, value in points:
            earlier.append(step, time, value)
        with self._lock:
            if later := self._metrics.get(name):
                earlier.extend(later)
            self._metrics[name] = earlier
            self._version += 1

    def holds(self, name: str, step: int, time: float, value: float) -> bool:
        """Whether this very point is there already."""
        with self._lock:
            points = self._metrics.get(name)
            series = points.view(name) if points else None
        if series is None:
            return False
        same = (series.steps == step) & (series.times == time) & (series.values == value)
        return bool(same.any())

    def version(self) -> int:
        """Return a number that grows with every point."""
        return self._version

    def names(self) -> list[str]:
        """Return the metrics in order of first appearance; MLflow's ``system/…`` ones come last."""
        with self._lock:
            names = list(self._metrics)
        return sorted(names, key=lambda name: name.startswith("system/"))

    def series(self, name: str) -> Series:
        """Return the points of a metric as they are now.

        Raises
        ------
        KeyError
            There is no such metric.
        """
        with self._lock:
            return self._metrics[name].view(name)


class _Points:
    """Growing arrays. Growing makes new ones, so that views handed out stay as they were."""

    def __init__(self) -> None:
        self._count = 0
        self._steps = np.empty(_FIRST_CAPACITY, np.int64)
        self._times = np.empty(_FIRST_CAPACITY, np.float64)
        self._values = np.empty(_FIRST_CAPACITY, np.float64)

    def append(self, step: int, time: float, value: float) -> None:
        at = self._count
        if at == len(self._steps):
            self._grow(2 * at)
        self._steps[at] = step
        self._times[at] = time
        self._values[at] = value
        self._count = at + 1

    def extend(self, other: _Points) -> None:
        count = self._count + other._count
        self._grow(max(count, _FIRST_CAPACITY))
        for mine, theirs in (
            (self._steps, other._steps),
            (self._times, other._times),
            (self._values, other._values),
        ):
            mine[self._count : count] = theirs[: other._count]
        self._count = count

    def view(self, name: str) -> Series:
        n = self._count
        return Series(name, self._steps[:n], self._times[:n], self._values[:n])

    def _grow(self, capacity: int) -> None:
        def grown(old: NDArray[Any]) -> NDArray[Any]:
            new = np.empty(capacity, old.dtype)
            new[: self._count] = old[: self._count]
            return new

        self._steps = grown(self._steps)
        self._times = grown(self._times)
        self._values = grown(self._values)
