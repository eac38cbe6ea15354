"""Log points straight to the journal: what ``amlflow.log`` does where a run is journaled."""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from amlflow_jupyter.errors import TrackingError
from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.watching import see_point

if TYPE_CHECKING:
    from amlflow_jupyter.journal.run_log import RunLog


def log_points(log: RunLog, metrics: Mapping[str, float], step: int) -> None:
    """Log metrics, and show them to whoever watches the run.

    Raises
    ------
    TrackingError
        A name or the step is one that no store takes.
    """
    now = time.time_ns() // 1_000_000
    for name, value in metrics.items():
        if not log.knows(name):
            _validate(name, value, now, step)
    try:
        if len(metrics) == 1:
            for name, value in metrics.items():
                log.metric(name, value, step, now)
        else:
            log.metrics([(name, value, step, now, "") for name, value in metrics.items()])
    except struct.error as error:
        raise TrackingError("A step must be an integer of 64 bits.") from error
    run_id = log.record.run_id
    for name, value in metrics.items():
        see_point(run_id, name, step, now, value)


def _validate(name: str, value: float, now: int, step: int) -> None:
    from mlflow.exceptions import MlflowException

    try:
        internals.validate_metric(name, value, now, step)
    except MlflowException as error:
        raise TrackingError(str(error)) from error
