"""Metrics that are logged for a model: the run gets them, the model remembers its newest values.

MLflow 3 logs a run's metrics a second time for each model that is logged at their step. A server
that knows no models would keep the copies as points of the run: they are recognised, and not sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2 import identity
from amlflow_jupyter.tracking.mlflow2.documents import MetricRow
from amlflow_jupyter.tracking.mlflow2.entities import row_of
from amlflow_jupyter.tracking.mlflow2.pages import Pages
from amlflow_jupyter.tracking.mlflow2.recording import by_run, record
from amlflow_jupyter.tracking.saying import say_once

Send = Callable[[list[Any], list[Any]], object]


class RecordedIn(str):
    """The id of the run in whose history a metric was found.

    It goes wherever MLflow copies the metric's run id, and so tells a copy from a new point.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def mark_recorded(run_id: str, metrics: Iterable[Any]) -> None:
    """Mark metrics that were read from a run's history."""
    mark = RecordedIn(run_id)
    for metric in metrics:
        if metric.run_id in (None, run_id):
            internals.set_metric_run(metric, mark)


def belong_to_models(metrics: Iterable[Any]) -> bool:
    """Whether any of the metrics was logged for a model."""
    return any(metric.model_id is not None for metric in metrics)


class Splitting:
    """What becomes of metrics some of which were logged for models.

    Attributes
    ----------
    plain
        What the server gets: new points only, each once, and without a model.
    rows
        The newest values, by the id of their model.
    """

    def __init__(self, run_id: str, metrics: Sequence[Any]) -> None:
        self._run_id = run_id
        self.plain: list[Any] = []
        self.rows: dict[identity.ModelId, list[MetricRow]] = defaultdict(list)
        sent: set[tuple[str, float, int, int]] = set()
        for metric in metrics:
            if metric.model_id is None:
                self.plain.append(metric)
                continue
            self._remember(metric)
            point = (metric.key, metric.value, metric.timestamp, metric.step)
            if point not in sent and not _is_copy(run_id, metric):
                sent.add(point)
                self.plain.append(_plain(metric))

    def _remember(self, metric: Any) -> None:
        model_id = identity.parse(metric.model_id)
        if model_id is None:
            say_once(
                f"Metrics that were logged for the model {metric.model_id} are in their run, but "
                "not with the model: this server knows no model of that id."
            )
        else:
            self.rows[model_id].append(row_of(metric, self._run_id, model_id.run_id))

    def send(self, pages: Pages, send: Send, needed: bool) -> None:
        """Send the metrics, and record what belongs to models in the runs of these.

        Parameters
        ----------
        send
            Sends metrics and tags to the run.
        needed
            Whether it sends something else too, and is called even without either.
        """
        rows = by_run(self.rows)
        own = rows.pop(self._run_id, None)

        def send_plain(tags: list[Any]) -> None:
            if self.plain or tags or needed:
                send(self.plain, tags)

        if own is None:
            send_plain([])
        else:
            pages.write_metrics(self._run_id, own, send_plain)
        record(pages, {key: several for key, several in self.rows.items() if key.run_id in rows})


def _is_copy(run_id: str, metric: Any) -> bool:
    return isinstance(metric.run_id, RecordedIn) and metric.run_id == run_id


def _plain(metric: Any) -> Any:
    from mlflow.entities import Metric

    return Metric(
        metric.key,
        metric.value,
        metric.timestamp,
        metric.step,
        dataset_name=metric.dataset_name,
        dataset_digest=metric.dataset_digest,
    )
