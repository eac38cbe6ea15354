"""The newest runs of an experiment, in a workspace of any kind."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.errors import TrackingError
from amlflow_jupyter.resources.moments import iso
from amlflow_jupyter.resources.sdk_metrics import SdkMetrics, sdk_metrics
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.internals import active_experiment
from amlflow_jupyter.tracking.links import run_url
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

_PAGE: Final = 200
_NEWEST: Final = ["attributes.start_time DESC"]


@dataclass(frozen=True)
class RunRecord:
    """A run.

    Attributes
    ----------
    run_id, name, experiment, status, user
        ``status`` in MLflow's words.
    start
        ISO 8601, in UTC.
    seconds
        How long it took; None while it runs.
    metrics, params
        What MLflow shows: the last value of each.
    sdk_metrics
        What azureml-core's ``run.log`` and its kin wrote, and MLflow does not show.
    url
        Its page in the workspace's web interface.
    parent
        Id of the run that it belongs to.
    """

    run_id: str
    name: str
    experiment: str
    status: str
    user: str | None
    start: str | None
    seconds: float | None
    metrics: dict[str, float]
    params: dict[str, str]
    sdk_metrics: SdkMetrics
    url: str | None
    parent: str | None = None


def runs(
    workspace: Workspace, core: Any | None, experiment: str | None, search: str, most: int
) -> list[RunRecord]:
    """Return the newest ``most`` runs of an experiment, the newest first.

    Parameters
    ----------
    workspace
        The connected one.
    core
        Its azureml-core workspace, where it is one of Azure ML.
    experiment
        Name of the experiment; None takes the one that runs go to.
    search
        A filter in MLflow's language; empty takes all.

    Raises
    ------
    TrackingError
        There is no such experiment, or the filter is not understood.
    StoreFailed
        They cannot be read.
    """
    with translated("The runs cannot be listed"):
        experiment_id, name = _experiment(experiment)
        found = list(_newest(experiment_id, search, most))
    records = [_record(run, name, workspace) for run in found]
    if core is None:
        return records
    shown = {record.run_id: [*record.metrics] for record in records}
    extra = sdk_metrics(core, name, shown)
    return [replace(record, sdk_metrics=extra.get(record.run_id, {})) for record in records]


def dataframe(records: Sequence[RunRecord]) -> pd.DataFrame:
    """Return runs as a data frame: a row each; metrics, params and SDK metrics in columns.

    Columns are called ``metrics.loss``, ``params.lr`` and, for what only azureml-core shows,
    ``sdk_metrics.loss``, which may hold lists and tables.
    """
    import pandas as pd

    frame = pd.DataFrame.from_records([_flat(record) for record in records])
    if records:
        frame["start"] = pd.to_datetime(frame["start"])
    return frame


def _flat(record: RunRecord) -> dict[str, Any]:
    plain = ("run_id", "name", "experiment", "status", "user", "start", "seconds")
    grouped = ("metrics", "params", "sdk_metrics")
    return (
        {name: getattr(record, name) for name in plain}
        | {f"{of}.{name}": value for of in grouped for name, value in getattr(record, of).items()}
        | {"url": record.url, "parent": record.parent}
    )


def _experiment(name: str | None) -> tuple[str, str]:
    """Return an experiment's id and name."""
    from mlflow import MlflowClient

    client = MlflowClient()
    found = (
        client.get_experiment_by_name(name) if name else client.get_experiment(active_experiment())
    )
    if found is None:
        raise TrackingError(f"There is no experiment {name!r}: %aml_experiments lists them.")
    return str(found.experiment_id), str(found.name)


def _newest(experiment_id: str, search: str, most: int) -> Iterator[Any]:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    client, token, left = MlflowClient(), None, most
    while left > 0:
        try:
            page = client.search_runs(
                [experiment_id],
                search,
                order_by=_NEWEST,
                max_results=min(left, _PAGE),
                page_token=token,
            )
        except MlflowException as error:
            if search and error.error_code in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST"):
                raise TrackingError(_misunderstood(search, error)) from None
            raise
        yield from page[:left]
        left, token = left - len(page), page.token
        if not token or not page:
            return


def _misunderstood(search: str, error: Exception) -> str:
    reason = str(error).splitlines()[0].rstrip(".")
    return (
        f"The filter {search!r} is not understood ({reason}). Write it as metrics.loss < 0.1 and "
        "params.model = 'tree'."
    )


def _record(run: Any, experiment: str, workspace: Workspace) -> RunRecord:
    info, data = run.info, run.data
    ended = info.end_time if info.status not in ("RUNNING", "SCHEDULED") else None
    took = max(0.0, (ended - info.start_time) / 1000) if ended and info.start_time else None
    return RunRecord(
        run_id=info.run_id,
        name=info.run_name or info.run_id,
        experiment=experiment,
        status=info.status,
        user=data.tags.get("mlflow.user") or info.user_id or None,
        start=iso(info.start_time),
        seconds=took,
        metrics={name: _value(value) for name, value in data.metrics.items()},
        params=dict(data.params),
        sdk_metrics={},
        url=run_url(workspace, info.experiment_id, info.run_id),
        parent=data.tags.get("mlflow.parentRunId"),
    )


def _value(value: float) -> float:
    """MLflow's SQL store keeps an infinite value as the largest double."""
    return math.copysign(math.inf, value) if abs(value) >= sys.float_info.max else value
