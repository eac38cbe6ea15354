"""Find runs, experiments and histories that are in the workspace already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from amlflow_jupyter.errors import TrackingError
from amlflow_jupyter.tracking.history import MetricHistory
from amlflow_jupyter.tracking.internals import active_experiment

if TYPE_CHECKING:
    from mlflow import MlflowClient

CELL_TAG: Final = "amlflow.cell"
# MLflow's ids, and those of Azure ML; the latter's jobs may have ids that look like names.
_RUN_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Reading one history takes a request: a drawing is not worth more of them than this.
_MOST_HISTORIES: Final = 50


def experiment_id(name: str) -> str:
    """Return the id of the experiment ``name``, made if it is not there.

    Raises
    ------
    TrackingError
        It was deleted.
    """
    import mlflow

    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        return str(mlflow.create_experiment(name))
    if experiment.lifecycle_stage == "deleted":
        raise TrackingError(
            f"The experiment {name!r} was deleted: restore it (`mlflow experiments restore "
            f"--experiment-id {experiment.experiment_id}`), or name another with --experiment."
        )
    return str(experiment.experiment_id)


def experiment_name(experiment_id: str) -> str:
    """Return the name of an experiment."""
    import mlflow

    return str(mlflow.get_experiment(experiment_id).name)


def find(run: str, experiment: str | None) -> str:
    """Return the id of the run that ``run`` means.

    Parameters
    ----------
    run
        An id, or the name of a run in the experiment: the newest one of that name.
    experiment
        Name of the experiment; None takes the active one.

    Raises
    ------
    TrackingError
        There is no such run, or it was deleted.
    """
    from mlflow import MlflowClient

    client = MlflowClient()
    if _RUN_ID.fullmatch(run):
        if found := _by_id(client, run):
            return found
        raise TrackingError(f"There is no run with the id {run} in this workspace.")
    where = experiment_id(experiment) if experiment else active_experiment()
    order = ["attributes.start_time DESC"]
    for named in client.search_runs([where], _filter_by_name(run), order_by=order):
        if named.info.run_name == run:
            return str(named.info.run_id)
    if found := _by_id(client, run):
        return found
    raise TrackingError(f"There is no run {run!r} in this experiment: give a run's name or id.")


def _by_id(client: MlflowClient, run_id: str) -> str | None:
    """Return the id of a run that is there; None where there is none.

    Raises
    ------
    TrackingError
        It was deleted.
    """
    from mlflow.exceptions import MlflowException

    try:
        found = client.get_run(run_id)
    except MlflowException:
        return None
    if found.info.lifecycle_stage == "deleted":
        raise TrackingError(
            f"The run {run_id} was deleted: restore it first (`mlflow runs restore "
            f"--run-id {run_id}`)."
        )
    return str(found.info.run_id)


def _filter_by_name(name: str) -> str:
    """Return MLflow's filter for a name; its grammar cannot quote a name with both quotes."""
    quote = '"' if "'" in name else "'"
    return "" if quote in name else f"attributes.run_name = {quote}{name}{quote}"


def runs_of_cell(cell: str, experiment: str | None) -> tuple[str, ...]:
    """Return the ids of the ended runs of one cell, and of their children."""
    from mlflow import MlflowClient

    where = [experiment_id(experiment) if experiment else active_experiment()]
    client = MlflowClient()
    own = client.search_runs(where, f"tags.`{CELL_TAG}` = '{cell}'")
    found = [run.info.run_id for run in own if run.info.status != "RUNNING"]
    for parent in list(found):
        children = client.search_runs(where, f"tags.`mlflow.parentRunId` = '{parent}'")
        found.extend(child.info.run_id for child in children)
    return tuple(found)


def last_run(experiment: str | None) -> str:
    """Return the id of the newest run that a tracked cell made in the experiment.

    Raises
    ------
    TrackingError
        There is none.
    """
    from mlflow import MlflowClient

    where = experiment_id(experiment) if experiment else active_experiment()
    order = ["attributes.start_time DESC"]
    runs = MlflowClient().search_runs([where], "tags.`amlflow.version` != ''", order_by=order)
    if not runs:
        raise TrackingError("There is no tracked run in this experiment to resume yet.")
    return str(runs[0].info.run_id)


def delete(run_ids: Iterable[str]) -> None:
    """Delete runs; MLflow keeps them until its garbage collection, so they can be restored."""
    from mlflow import MlflowClient

    client = MlflowClient()
    for run_id in run_ids:
        client.delete_run(run_id)


def load_missing_history(run_id: str, history: MetricHistory, before: float = float("inf")) -> None:
    """Read the metrics that a run holds and ``history`` does not.

    Parameters
    ----------
    before
        Leave out what was logged at or after this time (seconds since 1970): whoever logs it now
        appends it to ``history`` as well.
    """
    from mlflow import MlflowClient

    client = MlflowClient()
    known = set(history.names())
    names = [name for name in client.get_run(run_id).data.metrics if name not in known]
    for name in names[:_MOST_HISTORIES]:
        points = (
            (p.step, p.timestamp / 1000, p.value) for p in client.get_metric_history(run_id, name)
        )
        history.prepend(name, (point for point in points if point[1] < before))
