"""Logged models are searched on a server that speaks MLflow 2, without a request for each run."""

from __future__ import annotations

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow2_client import in_another_process
from mlflow2_server import Mlflow2Server


@pytest.fixture
def experiment(client: MlflowClient) -> str:
    """An experiment of four runs with six models, and one without any."""
    for i in range(4):
        with mlflow.start_run() as run:
            mlflow.log_param("lr", i)
            for name in ("a", "b")[: 1 + i % 2]:
                model = mlflow.initialize_logged_model(
                    name, tags={"team": "blue" if i < 2 else "red"}, params={"depth": str(i)}
                )
                mlflow.log_metric("accuracy", i / 10, model_id=model.model_id)
            mlflow.finalize_logged_model(model.model_id, "READY")
    with mlflow.start_run():
        mlflow.log_metric("accuracy", 1.0)
    return str(client.get_run(run.info.run_id).info.experiment_id)


def test_filters_order_and_pages(client: MlflowClient, experiment: str):
    def names(filter_string: str | None = None, **options) -> list[str]:
        models = mlflow.search_logged_models(
            [experiment], filter_string, output_format="list", **options
        )
        return [f"{model.name}{model.params['depth']}" for model in models]

    assert names() == ["b3", "a3", "a2", "b1", "a1", "a0"]
    assert names("name = 'b'") == ["b3", "b1"]
    assert names("metrics.accuracy >= 0.2 AND tags.team = 'red'") == ["b3", "a3", "a2"]
    assert names("params.depth = '1' AND status = 'READY'") == ["b1"]
    assert names(order_by=[{"field_name": "metrics.accuracy", "ascending": True}])[0] == "a0"
    assert names(max_results=2) == ["b3", "a3"]
    first = client.search_logged_models([experiment], max_results=4)
    rest = client.search_logged_models([experiment], max_results=4, page_token=first.token)
    assert (len(first), len(rest), rest.token) == (4, 2, None)
    frame = mlflow.search_logged_models([experiment])
    assert len(frame) == 6


def test_searching_takes_one_request(client: MlflowClient, experiment: str, mlflow2: Mlflow2Server):
    before = len(mlflow2.requests)
    assert len(client.search_logged_models([experiment])) == 6
    asked = [path for _, path in mlflow2.requests[before:]]
    assert asked == ["/api/2.0/mlflow/runs/search"]


def test_the_server_is_asked_once_what_it_lacks(experiment: str, mlflow2: Mlflow2Server):
    before = mlflow2.asked("/logged-models")
    code = """
        for _ in range(3):
            client.search_logged_models(sys.argv[1:])
            mlflow.initialize_logged_model("model", experiment_id=sys.argv[1])
        result = None
    """
    in_another_process(mlflow2.url, code, experiment)
    assert mlflow2.asked("/logged-models") == before + 1


def test_runs_found_by_searching_have_their_models(client: MlflowClient, experiment: str):
    runs = client.search_runs([experiment], order_by=["start_time"])
    assert sorted(len(run.outputs.model_outputs) for run in runs) == [0, 1, 1, 2, 2]
