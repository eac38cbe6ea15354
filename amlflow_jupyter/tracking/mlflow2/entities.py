"""MLflow's entity of a logged model, from what is kept of it and from its run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.documents import Document, Entry, MetricRow
from amlflow_jupyter.tracking.mlflow2.identity import ModelId

# Tags that MLflow gives to a model as to its run: where they are equal, the run's stand for both.
_SHARED_TAGS: Final = (
    "mlflow.user",
    "mlflow.source.name",
    "mlflow.source.type",
    "mlflow.source.git.commit",
    "mlflow.source.git.branch",
    "mlflow.source.git.repoURL",
)


def logged_model(run: Any, model_id: ModelId, kept: Document) -> Any:
    """Return MLflow's ``LoggedModel``."""
    from mlflow.entities import LoggedModel, LoggedModelStatus
    from mlflow.utils.uri import append_to_uri_path

    shared = {key: run.data.tags[key] for key in _SHARED_TAGS if key in run.data.tags}
    params = run.data.params if kept.shares_params else {}
    return LoggedModel(
        experiment_id=run.info.experiment_id,
        model_id=str(model_id),
        name=kept.name,
        artifact_location=append_to_uri_path(run.info.artifact_uri, kept.folder),
        creation_timestamp=kept.created,
        last_updated_timestamp=kept.updated,
        model_type=kept.model_type,
        source_run_id=run.info.run_id,
        status=LoggedModelStatus.from_int(kept.status),
        tags=shared | dict(kept.tags),
        params={**params, **kept.params},
        metrics=[_metric(row, model_id) for row in kept.metrics],
    )


def new_entry(
    run: Any, name: str, model_type: str | None, tags: Iterable[Any], params: Iterable[Any]
) -> Entry:
    """Return the first entry on a model; what the run says already is not said again."""
    own_tags = {tag.key: str(tag.value) for tag in tags if not _is_shared(tag, run.data.tags)}
    given = {param.key: str(param.value) for param in params}
    of_run = run.data.params
    shares = bool(of_run) and of_run.items() <= given.items()
    own_params = {key: value for key, value in given.items() if not shares or key not in of_run}
    parts = {"n": name, "y": model_type, "r": int(shares), "t": own_tags, "p": own_params}
    return {key: part for key, part in parts.items() if part}


def row_of(metric: Any, run_id: str, model_run_id: str) -> MetricRow:
    """Return what is kept of a metric that was logged to ``run_id`` for a model."""
    value = float(metric.value)
    return MetricRow(
        metric.key,
        value if math.isfinite(value) else str(value),
        metric.timestamp,
        metric.step,
        metric.dataset_name,
        metric.dataset_digest,
        None if run_id == model_run_id else run_id,
    )


def _metric(row: MetricRow, model_id: ModelId) -> Any:
    from mlflow.entities import Metric

    return Metric(
        row.key,
        float(row.value),
        row.time,
        row.step,
        model_id=str(model_id),
        dataset_name=row.dataset,
        dataset_digest=row.digest,
        run_id=row.run_id or model_id.run_id,
    )


def _is_shared(tag: Any, of_run: Mapping[str, str]) -> bool:
    return tag.key in _SHARED_TAGS and of_run.get(tag.key) == tag.value
