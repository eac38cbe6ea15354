"""MLflow's REST API as Azure has it: that of MLflow 2, in front of a real MLflow server.

Requests are passed on to the server with the ids it knows, answers come back with Azure's ids and
artifact addresses. What Azure does not know (logged models, traces and whatever else MLflow 3
brought) is answered as Azure does, with 404 and no body. Each workspace is a workspace of the
server too.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from starlette.responses import JSONResponse, Response

from loopback import experiment_ids, limits, roles, run_ids
from loopback.artifacts import RUN
from loopback.calls import Answer, Call
from loopback.errors import MlflowError
from loopback.world import Workspace

Body = dict[str, Any]
KNOWN = {
    "experiments": "create search get get-by-name delete restore update set-experiment-tag",
    "runs": "create update delete restore get search log-metric log-parameter set-tag delete-tag "
    "log-batch log-model log-inputs",
    "metrics": "get-history",
    "artifacts": "list",
    "registered-models": "create rename update delete get search get-latest-versions set-tag "
    "delete-tag alias",
    "model-versions": "create update transition-stage delete get search get-download-uri set-tag "
    "delete-tag",
}
ENDPOINTS = {f"{room}/{name}" for room, names in KNOWN.items() for name in names.split()}
READS = {"search", "get", "get-by-name", "get-history", "list", "get-latest-versions"}
# What MLflow 3 adds to messages that MLflow 2 had; Azure drops what it does not know.
UNKNOWN_FIELDS = {"model_id", "dataset_name", "dataset_digest", "model_params", "model_metrics"}
UNKNOWN_ANSWERS = UNKNOWN_FIELDS | {"outputs", "model_inputs", "workspace"}
QUOTED = r"'[^']*'|\"[^\"]*\""
RUN_FILTER = re.compile(rf"(\brun_id\b\s*(?:!=|=|IN)\s*)(\([^)]*\)|{QUOTED})", re.IGNORECASE)
DEFAULT_EXPERIMENT = "Default"


async def answer(call: Call) -> Answer:
    """Answer one request of MLflow's REST API."""
    endpoint = call["endpoint"]
    if endpoint not in ENDPOINTS:
        return nothing(call)
    if endpoint.rpartition("/")[2] not in READS and call.request.method != "GET":
        roles.may_write(call, f"Microsoft.MachineLearningServices/workspaces/{endpoint}")
    sent = dict(call.query) if call.request.method == "GET" else await call.json()
    if call.request.method == "GET":
        sent |= {
            name: call.request.query_params.getlist(name)
            for name in ("experiment_ids", "order_by", "stages")
            if name in call.request.query_params
        }
    if endpoint == "artifacts/list":
        return listed_artifacts(call, sent)
    return await Translation(call).answer(endpoint, sent)


class Translation:
    """One request, passed on to the server and back."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._emulator = call.emulator
        self._workspace = call.workspace

    async def answer(self, endpoint: str, sent: Body) -> Response:
        """Pass a request on, with the limits that hold, and return its answer."""
        if self._emulator.limits:
            await self._check(endpoint, sent)
        body = await self._towards(sent)
        status, answer = await ask(
            self._call, self._call.request.method, endpoint, body, raises=False
        )
        return JSONResponse(self._back(answer), status)

    async def _check(self, endpoint: str, sent: Body) -> None:
        """Hold the limits: of the message alone, then of the run that would grow."""
        if endpoint == "metrics/get-history":
            limits.check_page(sent.get("max_results"))
        if endpoint == "experiments/create":
            limits.check_experiment(sent.get("name", ""))
        grown = grown_by(endpoint, sent)
        if grown is None:
            return
        limits.check_tags(grown.get("tags") or [])
        limits.check_batch(grown)
        run: Body = {"data": {}}
        if endpoint != "runs/create":
            wanted = run_ids.to_mlflow(self._emulator, sent.get("run_id") or sent["run_uuid"])
            status, got = await ask(self._call, "GET", "runs/get", {"run_id": wanted}, raises=False)
            run = got["run"] if status == 200 else run
        limits.check_growth(run, grown)

    async def _towards(self, value: Any, name: str = "") -> Any:
        """Return what a client sent, as the server understands it."""
        if isinstance(value, dict):
            return {
                key: await self._towards(each, key)
                for key, each in value.items()
                if key not in UNKNOWN_FIELDS
            }
        if isinstance(value, list):
            return [await self._towards(each, name) for each in value]
        if not isinstance(value, str):
            return value
        if name in ("run_id", "run_uuid"):
            return run_ids.to_mlflow(self._emulator, value) if value else value
        if name in ("experiment_id", "experiment_ids"):
            return await self._experiment(value)
        return RUN_FILTER.sub(self._clause, value) if name == "filter" else value

    def _clause(self, match: re.Match[str]) -> str:
        """Return a filter's clause on run ids, with those of the server."""
        ids = re.sub(
            r"(['\"])([^'\"]*)\1",
            lambda one: f"'{run_ids.to_mlflow(self._emulator, one[2])}'",
            match[2],
        )
        return match[1] + ids

    async def _experiment(self, guid: str) -> str:
        """Return the server's number of an experiment; 0 is the workspace's default one."""
        if guid != "0":
            return experiment_ids.to_mlflow(self._workspace, guid)
        _, found = await ask(
            self._call, "GET", "experiments/get-by-name", {"experiment_name": DEFAULT_EXPERIMENT}
        )
        return str(found["experiment"]["experiment_id"])

    def _back(self, value: Any, name: str = "") -> Any:
        """Return what the server answered, as Azure would."""
        if isinstance(value, dict):
            made = {
                key: self._back(each, key)
                for key, each in value.items()
                if key not in UNKNOWN_ANSWERS
            }
            if "artifact_uri" in made and "experiment_id" in made:
                made["artifact_uri"] = artifact_uri(
                    self._workspace, made["experiment_id"], made["run_id"]
                )
            return made
        if isinstance(value, list):
            return [self._back(each, name) for each in value]
        if not isinstance(value, str):
            return value
        if name in ("run_id", "run_uuid"):
            return run_ids.to_azure(self._emulator, value) if value else value
        if name == "experiment_id":
            return experiment_ids.to_azure(self._workspace, value)
        return "" if name == "artifact_location" else value


def grown_by(endpoint: str, sent: Body) -> Body | None:
    """Return what a request adds to a run: tags, params, metrics; nothing when it adds none."""
    if endpoint in ("runs/log-batch", "runs/create"):
        return sent
    one = {"runs/set-tag": "tags", "runs/log-parameter": "params", "runs/log-metric": "metrics"}
    return {one[endpoint]: [sent]} if endpoint in one else None


def artifact_uri(workspace: Workspace, experiment: str, run: str) -> str:
    """Return the address of a run's artifacts, of Azure's ids."""
    return f"{workspace.tracking_uri}/experiments/{experiment}/runs/{run}/artifacts"


async def ask(
    call: Call, method: str, endpoint: str, body: Body, *, raises: bool = True
) -> tuple[int, Body]:
    """Ask the server, in the workspace of a request, with the ids it knows.

    Parameters
    ----------
    call
        The request on whose behalf it asks.
    method
        ``GET`` sends the body as a query.
    endpoint
        What stands behind ``/api/2.0/mlflow/``.
    body
        The message.
    raises
        Whether an error of the server is raised as a ``MlflowError``, or returned.

    Returns
    -------
    tuple
        The HTTP status and the JSON of the answer.
    """
    name = await of_server(call)
    options: Body = {"params": body} if method == "GET" else {"json": body}
    answer = await call.emulator.mlflow.request(
        method,
        f"/api/2.0/mlflow/{endpoint}",
        headers={"X-MLFLOW-WORKSPACE": name},
        **options,
    )
    try:
        said: Body = answer.json()
    except json.JSONDecodeError:
        said = {"error_code": "INTERNAL_ERROR", "message": answer.text[:500]}
    if raises and answer.status_code >= 400:
        raise MlflowError(
            answer.status_code,
            said.get("error_code", "INTERNAL_ERROR"),
            said.get("message", ""),
        )
    return answer.status_code, said


async def of_server(call: Call) -> str:
    """Return the name of the server's own workspace for a request's, made when it is missing."""
    name = f"ws-{call.workspace.id}-{call.emulator.generation(call.workspace)}"
    known = call.emulator.state.documents("mlflow_workspaces")
    if known.get(name) is None:
        answer = await call.emulator.mlflow.post("/api/3.0/mlflow/workspaces", json={"name": name})
        if answer.status_code >= 400 and "already exists" not in answer.text:
            raise MlflowError(500, "INTERNAL_ERROR", answer.text)
        await call.emulator.mlflow.post(
            "/api/2.0/mlflow/experiments/create",
            json={"name": DEFAULT_EXPERIMENT},
            headers={"X-MLFLOW-WORKSPACE": name},
        )
        known.put(name, {"name": name})
    return name


def listed_artifacts(call: Call, sent: Body) -> Body:
    """Return the files and folders directly below a path of a run's artifacts."""
    run = sent.get("run_id") or sent["run_uuid"]
    below = (sent.get("path") or "").strip("/")
    prefix = f"{below}/" if below else ""
    kept = call.documents("artifacts").all(f"{RUN}/dcid.{run}/{prefix}")
    names = {each["path"].removeprefix(prefix).partition("/")[:2] for each in kept}
    files = [{"path": prefix + name, "is_dir": bool(slash)} for name, slash in sorted(names)]
    experiment = experiment_ids.to_azure(call.workspace, "0")
    return {"root_uri": artifact_uri(call.workspace, experiment, run), "files": files}


async def log_batch_async(call: Call) -> Answer:
    """Log a batch at once, and return an id to ask after it, if it holds metrics."""
    sent = await call.json()
    call.parameters["endpoint"] = "runs/log-batch"
    answer = await Translation(call).answer("runs/log-batch", sent)
    if answer.status_code >= 400:
        return answer
    return {"batch_tracking_id": str(uuid.uuid4()) if sent.get("metrics") else ""}


def run_data_status(_: Call) -> Body:
    """Say that a batch is there."""
    return {"is_complete": True}


def nothing(_: Call) -> Response:
    """Answer what Azure has nothing of: 404 and no body."""
    return Response(status_code=404)
