"""A store of this computer (a database), as delivery asks it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amlflow_jupyter.journal import forking
from amlflow_jupyter.journal.entries import Entry
from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.outcomes import Refused, RunGone
from amlflow_jupyter.journal.target import Batch
from amlflow_jupyter.tracking import answers
from amlflow_jupyter.tracking.rest_target import CLIENT_TAG


class StoreTarget:
    """A store that is called.

    Parameters
    ----------
    store
        MLflow's own, which nobody else uses.
    rejects_duplicates
        Whether a point that is logged twice is there once: MLflow's databases see to that.
    """

    def __init__(self, store: Any, uri: str, rejects_duplicates: bool) -> None:
        self._store = store
        self._uri = uri
        self.limits = Limits()
        self.rejects_duplicates = rejects_duplicates

    def send_batch(self, run_id: str, batch: Batch) -> None:
        """Log metrics, params and tags."""
        from mlflow.entities import Param, RunTag

        with _understood():
            self._store.log_batch(
                run_id,
                metrics=[_metric(entry) for entry in batch.metrics],
                params=[Param(entry.name, entry.value) for entry in batch.params],
                tags=[RunTag(entry.name, entry.value) for entry in batch.tags],
            )

    def create_run(self, creation: Mapping[str, Any], client_run_id: str) -> str:
        """Create a run that carries ``client_run_id``."""
        from mlflow.entities import RunTag

        tags = [*creation.get("tags", ()), (CLIENT_TAG, client_run_id)]
        try:
            with _understood():
                run = self._store.create_run(
                    experiment_id=self._experiment(creation, make=True),
                    user_id=creation.get("user") or "",
                    start_time=creation.get("start_time"),
                    tags=[RunTag(key, value) for key, value in tags],
                    run_name=creation.get("name"),
                )
        except RunGone as error:
            raise Refused(str(error)) from error
        return str(run.info.run_id)

    def find_run(self, creation: Mapping[str, Any], client_run_id: str) -> str | None:
        """Return the id of the run that carries ``client_run_id``, if it is there."""
        from mlflow.entities import ViewType

        with _understood():
            experiment_id = self._experiment(creation, make=False)
            if experiment_id is None:
                return None
            wanted = f"tags.`{CLIENT_TAG}` = '{client_run_id}'"
            runs = self._store.search_runs([experiment_id], wanted, ViewType.ALL, 1)
        return str(runs[0].info.run_id) if runs else None

    def update_run(self, run_id: str, changes: Mapping[str, Any]) -> None:
        """Change a run's ``name`` or ``status``."""
        self._update(run_id, changes.get("status"), None, changes.get("name"))

    def end_run(self, run_id: str, status: str, end_time: int) -> None:
        """End a run."""
        self._update(run_id, status, end_time, None)

    def log_inputs(self, run_id: str, inputs: str) -> None:
        """Log inputs: the JSON of MLflow's request."""
        from mlflow.entities import DatasetInput, LoggedModelInput
        from mlflow.protos.service_pb2 import LogInputs
        from mlflow.utils.proto_json_utils import parse_dict

        asked = LogInputs()
        parse_dict(json.loads(inputs), asked)
        with _understood():
            self._store.log_inputs(
                run_id,
                [DatasetInput.from_proto(each) for each in asked.datasets],
                [LoggedModelInput.from_proto(each) for each in asked.models],
            )

    def log_artifact(self, run_id: str, file: Path, folder: str | None) -> None:
        """Send a file into a folder of the run's artifacts."""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        with _understood():
            root = self._store.get_run(run_id).info.artifact_uri
            get_artifact_repository(root, tracking_uri=self._uri).log_artifact(str(file), folder)

    def history(self, run_id: str, name: str) -> Iterator[tuple[int, int, float]]:
        """Yield a metric's points: step, time, value."""
        with _understood():
            points = self._store.get_metric_history(run_id, name)
        return ((point.step, point.timestamp, point.value) for point in points)

    def status(self, run_id: str) -> str | None:
        """Return a run's status; None where it was deleted or is not there."""
        try:
            with _understood():
                info = self._store.get_run(run_id).info
        except RunGone:
            return None
        return None if info.lifecycle_stage == "deleted" else str(info.status)

    def stored(self, value: float) -> float:
        """Return what becomes of a value: databases have no infinity."""
        return math.copysign(sys.float_info.max, value) if math.isinf(value) else value

    def _update(self, run_id: str, status: str | None, end: int | None, name: str | None) -> None:
        from mlflow.entities import RunStatus

        number = RunStatus.from_string(status) if status else None
        with _understood():
            self._store.update_run_info(run_id, number, end, name)

    def _experiment(self, creation: Mapping[str, Any], make: bool) -> str | None:
        if creation.get("experiment_id") is not None:
            return str(creation["experiment_id"])
        found = self._store.get_experiment_by_name(creation["experiment"])
        if found is not None:
            return str(found.experiment_id)
        return str(self._store.create_experiment(creation["experiment"])) if make else None


@contextmanager
def _understood() -> Iterator[None]:
    """Raise what a store raises as what it means for delivery."""
    try:
        with forking.using_sqlite:
            yield
    except Exception as error:
        raise answers.from_store(error) from error


def _metric(entry: Entry) -> Any:
    from mlflow.entities import Metric

    extra = json.loads(entry.extra) if entry.extra else {}
    return Metric(entry.name, float(entry.value), entry.time, entry.step, **extra)
