"""See every value that this process logs to a watched run, whoever logs it.

The store that MLflow uses is re-classed in place: its URI, its type's name for ``isinstance`` and
its behaviour stay as they were, and whatever reaches it (the fluent API, ``MlflowClient``,
autologging, MLflow's asynchronous queue) is seen after it was accepted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from amlflow_jupyter.tracking import reclassing
from amlflow_jupyter.tracking.history import MetricHistory
from amlflow_jupyter.tracking.internals import current_store

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """A run that is watched.

    Attributes
    ----------
    history
        Every metric logged to the run is appended to it,
    suffix
        its name followed by this.
    """

    history: MetricHistory
    suffix: str = ""


_runs: dict[str, Watched] = {}
_inside = threading.local()


def watch(run_id: str, watched: Watched) -> None:
    """See every value that is logged to ``run_id``."""
    _runs[run_id] = watched
    watch_store(current_store())


def unwatch(history: MetricHistory) -> None:
    """Stop appending to ``history``."""
    for run_id, watched in list(_runs.items()):
        if watched.history is history:
            del _runs[run_id]


def watch_store(store: Any) -> None:
    """Re-class ``store`` so that its metrics are seen; twice is as good as once."""
    reclassing.add(store, WatchedStore)


def unwatch_store(store: Any) -> None:
    """Let ``store`` go unwatched again."""
    reclassing.remove(store, WatchedStore)


def see_point(run_id: str, name: str, step: int, time: int, value: float) -> None:
    """Show a point to whoever watches the run; ``time`` in milliseconds since 1970."""
    watched = _runs.get(run_id)
    if watched is not None:
        watched.history.append(name + watched.suffix, step, time / 1000, value)


class WatchedStore:
    """Mixed in before a store's own class."""

    def log_metric(self, run_id: str, metric: Any) -> Any:
        """Log one metric, then show it to whoever watches the run."""
        if run_id not in _runs:
            return super().log_metric(run_id, metric)  # type: ignore[misc]
        with _outermost() as outermost:
            answer = super().log_metric(run_id, metric)  # type: ignore[misc]
        if outermost:
            _see(run_id, (metric,))
        return answer

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Log a batch, then show its metrics to whoever watches the run."""
        with _outermost() as outermost:
            answer = super().log_batch(run_id, metrics, params, tags)  # type: ignore[misc]
        if outermost:
            _see(run_id, metrics)
        return answer

    def log_batch_async(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Queue a batch, then show its metrics: MLflow's queue calls the unwatched method."""
        with _outermost() as outermost:
            answer = super().log_batch_async(run_id, metrics, params, tags)  # type: ignore[misc]
        if outermost:
            _see(run_id, metrics)
        return answer


@contextmanager
def _outermost() -> Iterator[bool]:
    """Tell whether this is the outermost logging call: some stores call one from another."""
    outermost = not getattr(_inside, "logging", False)
    _inside.logging = True
    try:
        yield outermost
    finally:
        if outermost:
            _inside.logging = False


def _belongs_to_model(metric: Any) -> bool:
    """Whether it may be a copy: MLflow logs a run's metrics again for a model that is logged."""
    return getattr(metric, "model_id", None) is not None


def _see(run_id: str, metrics: Sequence[Any]) -> None:
    watched = _runs.get(run_id)
    if watched is None:
        return
    history, suffix = watched.history, watched.suffix
    try:
        for metric in metrics:
            point = (metric.key + suffix, metric.step, metric.timestamp / 1000, metric.value)
            if not (_belongs_to_model(metric) and history.holds(*point)):
                history.append(*point)
    except Exception:  # what was accepted by the store must not fail for the sake of a drawing
        _logger.warning("A metric of run %s cannot be drawn.", run_id, exc_info=True)
