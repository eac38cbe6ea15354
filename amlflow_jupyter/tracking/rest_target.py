"""An MLflow server, as delivery asks it: one request, one answer, nothing tried twice.

MLflow's own client retries by itself, which creates runs twice when an answer is lost, and hides
the headers in which a server says how long to wait.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from amlflow_jupyter.journal.entries import Entry
from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.outcomes import NotDelivered, Refused, RunGone
from amlflow_jupyter.journal.target import Batch
from amlflow_jupyter.tracking import answers

CLIENT_TAG: Final = "amlflow.client_run_id"
_API: Final = "/api/2.0/mlflow"
# Seconds to connect, and to wait for an answer.
_TIMEOUT: Final = (5.0, 30.0)
_UPLOAD_TIMEOUT: Final = (5.0, 300.0)
_PAGE: Final = 25_000


class RestTarget:
    """A server that is asked over HTTP.

    Parameters
    ----------
    store
        MLflow's own store of the server: it knows the address and the credentials.
    uri
        Its tracking URI.
    page
        The most points of a metric that the server gives at once.
    limits
        The most that it takes in one request.
    """

    # A server does not say what lies behind it: what may have arrived is looked up.
    rejects_duplicates = False

    def __init__(
        self, store: Any, uri: str, limits: Limits | None = None, page: int = _PAGE
    ) -> None:
        self._store = store
        self._uri = uri
        self._page = page
        self._where = f"The server at {urlsplit(uri).netloc.rpartition('@')[2] or uri}"
        self.limits = limits or Limits()

    def send_batch(self, run_id: str, batch: Batch) -> None:
        """Log metrics, params and tags."""
        body: dict[str, Any] = {"run_id": run_id}
        if batch.metrics:
            body["metrics"] = [_metric(entry) for entry in batch.metrics]
        if batch.params:
            body["params"] = [{"key": e.name, "value": e.value} for e in batch.params]
        if batch.tags:
            body["tags"] = [{"key": e.name, "value": e.value} for e in batch.tags]
        self._post("runs/log-batch", body)

    def create_run(self, creation: Mapping[str, Any], client_run_id: str) -> str:
        """Create a run that carries ``client_run_id``."""
        tags = [*creation.get("tags", ()), (CLIENT_TAG, client_run_id)]
        body = {
            "experiment_id": self._experiment(creation, make=True),
            "user_id": creation.get("user") or "",
            "start_time": creation.get("start_time"),
            "run_name": creation.get("name") or "",
            "tags": [{"key": key, "value": value} for key, value in tags],
        }
        try:
            run = self._post("runs/create", body)["run"]
        except RunGone as error:  # its experiment is: this run cannot be made
            raise Refused(str(error)) from error
        return str(run["info"]["run_id"])

    def find_run(self, creation: Mapping[str, Any], client_run_id: str) -> str | None:
        """Return the id of the run that carries ``client_run_id``, if it is there."""
        experiment_id = self._experiment(creation, make=False)
        if experiment_id is None:
            return None
        body = {
            "experiment_ids": [experiment_id],
            "filter": f"tags.`{CLIENT_TAG}` = '{client_run_id}'",
            "run_view_type": "ALL",
            "max_results": 1,
        }
        runs = self._post("runs/search", body).get("runs") or []
        return str(runs[0]["info"]["run_id"]) if runs else None

    def update_run(self, run_id: str, changes: Mapping[str, Any]) -> None:
        """Change a run's ``name`` or ``status``."""
        names = {"name": "run_name", "status": "status"}
        body = {names[key]: value for key, value in changes.items()}
        self._post("runs/update", {"run_id": run_id, **body})

    def end_run(self, run_id: str, status: str, end_time: int) -> None:
        """End a run."""
        self._post("runs/update", {"run_id": run_id, "status": status, "end_time": end_time})

    def log_inputs(self, run_id: str, inputs: str) -> None:
        """Log inputs: the JSON of MLflow's request."""
        import json

        self._post("runs/log-inputs", {**json.loads(inputs), "run_id": run_id})

    def log_artifact(self, run_id: str, file: Path, folder: str | None) -> None:
        """Send a file into a folder of the run's artifacts."""
        root = self._get("runs/get", {"run_id": run_id})["run"]["info"]["artifact_uri"]
        if urlsplit(root).scheme == "mlflow-artifacts":
            self._put(root, file, folder)
            return
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        try:
            repository = get_artifact_repository(root, tracking_uri=self._uri)
            repository.log_artifact(str(file), folder)
        except Exception as error:
            raise answers.from_store(error) from error

    def history(self, run_id: str, name: str) -> Iterator[tuple[int, int, float]]:
        """Yield a metric's points: step, time, value."""
        asked: dict[str, Any] = {"run_id": run_id, "metric_key": name, "max_results": self._page}
        while True:
            page = self._get("metrics/get-history", asked)
            for point in page.get("metrics") or ():
                yield int(point.get("step", 0)), int(point["timestamp"]), float(point["value"])
            if not page.get("next_page_token"):
                return
            asked["page_token"] = page["next_page_token"]

    def status(self, run_id: str) -> str | None:
        """Return a run's status; None where it was deleted or is not there."""
        try:
            info = self._get("runs/get", {"run_id": run_id})["run"]["info"]
        except RunGone:
            return None
        deleted = info.get("lifecycle_stage") == "deleted"
        return None if deleted else str(info.get("status", "RUNNING"))

    def stored(self, value: float) -> float:
        """Return what becomes of a value: databases have no infinity."""
        return math.copysign(sys.float_info.max, value) if math.isinf(value) else value

    def _experiment(self, creation: Mapping[str, Any], make: bool) -> str | None:
        """Return the experiment's id, made where it is named and not there."""
        if creation.get("experiment_id") is not None:
            return str(creation["experiment_id"])
        name = creation["experiment"]
        try:
            found = self._get("experiments/get-by-name", {"experiment_name": name})
        except RunGone:
            if not make:
                return None
            return str(self._post("experiments/create", {"name": name})["experiment_id"])
        return str(found["experiment"]["experiment_id"])

    def _put(self, root: str, file: Path, folder: str | None) -> None:
        parts = [urlsplit(root).path.strip("/"), *([folder] if folder else []), file.name]
        path = quote("/".join(parts))
        with file.open("rb") as body:
            self._ask(
                "PUT",
                f"/api/2.0/mlflow-artifacts/artifacts/{path}",
                data=body,
                timeout=_UPLOAD_TIMEOUT,
            )

    def _post(self, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("POST", f"{_API}/{what}", json=body)

    def _get(self, what: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("GET", f"{_API}/{what}", params=asked)

    def _ask(self, method: str, endpoint: str, **options: Any) -> dict[str, Any]:
        from mlflow.utils.rest_utils import http_request

        try:
            response = http_request(
                self._store.get_host_creds(),
                endpoint,
                method,
                max_retries=0,
                retry_codes=(),
                raise_on_status=False,
                **{"timeout": _TIMEOUT, **options},
            )
        except NotDelivered:
            raise
        except Exception as error:
            raise answers.failed_request(error, self._where) from error
        return answers.content(response, self._where)


def _metric(entry: Entry) -> dict[str, Any]:
    value = float(entry.value)
    metric: dict[str, Any] = {
        "key": entry.name,
        "value": value if math.isfinite(value) else _spelled(value),
        "timestamp": entry.time,
        "step": entry.step,
    }
    if entry.extra:
        import json

        metric.update(json.loads(entry.extra))
    return metric


def _spelled(value: float) -> str:
    """Spell a number that JSON has not as protocol buffers do."""
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"
