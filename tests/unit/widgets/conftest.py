"""A run's metrics as plain arrays, growing like the real ones."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from amlflow_jupyter.widgets.run_state import RunState


@dataclass(frozen=True)
class Points:
    name: str
    steps: np.ndarray
    times: np.ndarray
    values: np.ndarray


class Metrics:
    """An append-only source of series."""

    def __init__(self) -> None:
        self._series: dict[str, Points] = {}
        self._version = 0

    def log(self, name, values, steps=None, times=None):
        """Append ``values`` to a metric, by default at the next steps, one second apart."""
        old = self._series.get(name)
        count = 0 if old is None else len(old.values)
        values = np.atleast_1d(np.asarray(values, float))
        steps = np.arange(count, count + len(values)) if steps is None else np.atleast_1d(steps)
        times = 1.7e9 + np.arange(count, count + len(values)) if times is None else times
        new = Points(name, steps.astype(np.int64), np.atleast_1d(np.asarray(times, float)), values)
        self._series[name] = _joined(old, new) if old else new
        self._version += len(values)

    def prepend(self, name, values):
        """Put earlier points before those of a metric."""
        earlier = Metrics()
        earlier.log(name, values)
        self._series[name] = _joined(earlier.series(name), self._series[name])
        self._version += len(values)

    def version(self):
        return self._version

    def names(self):
        return list(self._series)

    def series(self, name):
        return self._series[name]


def _joined(first, second):
    parts = {
        part: np.concatenate((getattr(first, part), getattr(second, part)))
        for part in ("steps", "times", "values")
    }
    return replace(first, **parts)


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def trained(metrics):
    """Two metrics of 100 points."""
    metrics.log("loss", [math.exp(-step / 30) for step in range(100)])
    metrics.log("accuracy", [1 - math.exp(-step / 40) for step in range(100)])
    return metrics


@pytest.fixture
def state():
    """A finished run of 75 seconds."""
    return RunState(
        name="brave-otter",
        status="FINISHED",
        started=1000.0,
        ended=1075.0,
        run_id="8f14e45f",
        experiment="digits",
        location="sqlite:///mlflow.db",
        ui_url="http://127.0.0.1:5000/#/runs/8f14e45f",
        notes=("2 secrets redacted",),
    )
