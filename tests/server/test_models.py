"""The models of a run, which MLflow 3 keeps outside its artifacts."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mlflow
import pytest
from made_store import HOSTILE, NOON
from mlflow.entities import LoggedModelOutput

RUN = "a" * 32


class Models:
    """A run that logs models."""

    def __init__(self, folder):
        self.uri = f"sqlite:///{folder / 'mlflow.db'}"
        self.client = mlflow.MlflowClient(self.uri, registry_uri=self.uri)
        self.run = self.client.create_run("0", NOON).info.run_id

    def log(self, name, step=0, status=None, kind=None):
        model = self.client.create_logged_model("0", name, self.run, model_type=kind)
        self.client.log_outputs(self.run, [LoggedModelOutput(model.model_id, step)])
        if status:
            self.client.finalize_logged_model(model.model_id, status)
        return model.model_id


@pytest.fixture
def models(save, tmp_path):
    made = Models(tmp_path)
    save("mine", made.uri)
    return made


async def _shown(ask, run_id, name="mine"):
    return (await ask("connections", name, "runs", run_id))["run"]["models"]


async def test_a_run_without_models_has_none(ask, models):
    assert await _shown(ask, models.run) == []


async def test_models_are_shown_with_the_last_step_first(ask, models):
    early = models.log("checkpoint", 1, "FAILED")
    late = models.log("classifier", 2, "READY", kind="agent")
    last = models.log("checkpoint", 3)
    assert await _shown(ask, models.run) == [
        {"id": last, "name": "checkpoint", "status": "PENDING", "type": None},
        {"id": late, "name": "classifier", "status": "READY", "type": "agent"},
        {"id": early, "name": "checkpoint", "status": "FAILED", "type": None},
    ]


async def test_deleted_models_are_left_out(ask, models):
    kept, deleted = models.log("kept", 1), models.log("deleted", 2)
    models.client.delete_logged_model(deleted)
    assert [model["id"] for model in await _shown(ask, models.run)] == [kept]


async def test_of_many_models_the_last_twenty_are_shown(ask, models):
    logged = [models.log("checkpoint", step) for step in range(22)]
    assert [model["id"] for model in await _shown(ask, models.run)] == logged[:1:-1]


@contextmanager
def _older_server(refusal):
    """Serve a run with two models, and ``refusal`` for whatever is asked about models."""
    run = {
        "info": {"run_id": RUN, "experiment_id": "0", "status": "FINISHED", "start_time": NOON},
        "data": {},
        "outputs": {"model_outputs": [{"model_id": f"m-{n}", "step": n} for n in range(2)]},
    }
    known = {
        "runs/get": {"run": {**run, "info": {**run["info"], "lifecycle_stage": "active"}}},
        "experiments/get": {"experiment": {"experiment_id": "0", "name": HOSTILE}},
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            route = self.path.partition("?")[0].partition("/mlflow/")[2]
            status, body = refusal
            if route in known:
                status, body = 200, json.dumps(known[route]).encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    "refusal",
    [
        (404, b"<html>not found</html>"),
        (404, b'{"error_code": "ENDPOINT_NOT_FOUND", "message": "no such API"}'),
        (405, b""),
        (500, b"oh no"),
        (200, b"hello"),
    ],
)
async def test_server_that_knows_no_models_shows_the_run_without(ask, save, refusal):
    with _older_server(refusal) as address:
        save("old", address)
        assert await _shown(ask, RUN, "old") == []
