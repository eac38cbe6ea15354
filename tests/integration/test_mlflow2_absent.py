"""On a server of MLflow 3 nothing of it is active; and what was installed is taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository
from mlflow.store.tracking.rest_store import RestStore
from mlflow2_client import CLASSES, SAVING, classifier, client_of, predicted
from mlflow2_server import Mlflow2Server
from servers import answering, mlflow_server

from amlflow_jupyter.tracking import internals, reclassing, stores


@pytest.fixture(scope="module")
def mlflow3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mlflow2Server]:
    """A server of MLflow 3, behind a proxy that hides nothing and counts requests."""
    with mlflow_server(tmp_path_factory.mktemp("mlflow3")) as behind:
        proxy = Mlflow2Server(behind.url, hides=None)
        proxy.start()
        yield proxy
        proxy.stop()


@pytest.fixture
def client3(mlflow3: Mlflow2Server) -> Iterator[MlflowClient]:
    with client_of(mlflow3.url) as pointed:
        yield pointed


@mlflow.trace
def double(x: int) -> int:
    return 2 * x


def test_everything_reaches_the_server(client3: MlflowClient, mlflow3: Mlflow2Server):
    with mlflow.start_run() as run:
        mlflow.log_metric("accuracy", 0.5)
        info = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
        mlflow.log_metric("late", 1.0, model_id=info.model_id)
        double(1)
    mlflow.flush_trace_async_logging()
    (trace,) = mlflow.search_traces(return_type="list")
    mlflow.set_trace_tag(trace.info.trace_id, "k", "v")
    assert mlflow.get_trace(trace.info.trace_id).info.tags["k"] == "v"
    assert predicted(f"runs:/{run.info.run_id}/model") == predicted(info.model_uri) == CLASSES
    registered = mlflow.register_model(info.model_uri, "three")
    client3.set_registered_model_alias("three", "best", registered.version)
    assert client3.get_model_version_by_alias("three", "best").source == info.model_uri
    assert registered.source == info.model_uri
    found = client3.get_run(run.info.run_id)
    assert not [key for key in found.data.tags if "amlflow" in key]
    assert [output.model_id for output in found.outputs.model_outputs] == [info.model_id]
    assert "artifacts/model" not in client3.get_logged_model(info.model_id).artifact_location
    assert {metric.key for metric in client3.get_logged_model(info.model_id).metrics} == {
        "accuracy",
        "late",
    }
    assert client3.list_artifacts(run.info.run_id) == []
    for path in ("/logged-models", "/runs/outputs", "/traces", "/registered-models/alias"):
        assert mlflow3.asked(path)


def test_uninstalling_leaves_no_trace(mlflow2: Mlflow2Server):
    def builders() -> dict[str, object]:
        return {
            f"{kind} {scheme}": internals.store_builders(kind).get(scheme)
            for kind, schemes in stores.MIXINS.items()
            for scheme in schemes
        }

    before = builders()
    with client_of(mlflow2.url):
        assert builders() != before
        store = internals.current_store()
        assert isinstance(store, RestStore)
        assert type(store).__name__ == "RestStore"
        assert type(store) is not RestStore
        stores.install()
        again = builders()
        stores.install()
        assert builders() == again
        with mlflow.start_run():
            mlflow.log_metric("a", 1.0)
    assert builders() == before
    assert type(store) is RestStore
    assert "amlflow_uri" not in vars(store)
    assert internals.store_of(mlflow2.url) is not store
    assert type(internals.store_of(mlflow2.url)) is RestStore


def test_a_probe_that_fails_is_not_remembered(
    mlflow2: Mlflow2Server, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    for status in (401, 403, 500, 429):
        with answering(status, "") as url, client_of(mlflow2.url):
            store = internals.store_of(url)
            with pytest.raises(mlflow.MlflowException, match=str(status)):
                store.search_logged_models(experiment_ids=["0"])
            store.get_host_creds = internals.store_of(mlflow2.url).get_host_creds
            assert store.search_logged_models(experiment_ids=["0"]) == []


def test_the_repository_of_runs_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with client_of(f"sqlite:///{tmp_path}/mlflow.db") as client:
        with mlflow.start_run() as run:
            mlflow.log_text("hello", "a/hello.txt")
            info = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
        built = mlflow.artifacts.get_artifact_repository(f"runs:/{run.info.run_id}")
        assert isinstance(built, RunsArtifactRepository)
        assert reclassing.own_class(built) is RunsArtifactRepository
        assert [file.path for file in client.list_artifacts(run.info.run_id, "a")] == [
            "a/hello.txt"
        ]
        assert predicted(f"runs:/{run.info.run_id}/model") == predicted(info.model_uri) == CLASSES
