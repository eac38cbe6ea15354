"""Metrics of models on a server that speaks MLflow 2: none is doubled, none is lost."""

from __future__ import annotations

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.data import from_numpy
from mlflow.entities import Metric
from mlflow2_client import CLASSES, INPUTS, SAVING, classifier, in_another_process
from mlflow2_server import Mlflow2Server
from sklearn.linear_model import LogisticRegression


def history(client: MlflowClient, run_id: str, metric: str) -> list[tuple[int, float]]:
    return [(point.step, point.value) for point in client.get_metric_history(run_id, metric)]


def test_logging_a_model_doubles_no_points(client: MlflowClient):
    with mlflow.start_run() as run:
        for step in range(3):
            mlflow.log_metrics({"loss": 1 / (step + 1), "accuracy": step / 3}, step=step)
            info = mlflow.sklearn.log_model(classifier(), name="model", step=step, **SAVING)
    run_id = run.info.run_id
    assert history(client, run_id, "loss") == [(0, 1.0), (1, 0.5), (2, pytest.approx(1 / 3))]
    assert [step for step, _ in history(client, run_id, "accuracy")] == [0, 1, 2]
    last = client.get_logged_model(info.model_id)
    assert {metric.key: metric.step for metric in last.metrics} == {"loss": 2, "accuracy": 2}
    outputs = client.get_run(run_id).outputs.model_outputs
    assert sorted(output.step for output in outputs) == [0, 1, 2]


def test_each_model_has_its_own_values(client: MlflowClient, mlflow2: Mlflow2Server):
    data = from_numpy(np.array(INPUTS), name="validation")
    with mlflow.start_run() as run:
        models = [mlflow.initialize_logged_model(f"depth-{i}") for i in range(3)]
        for i, model in enumerate(models):
            mlflow.log_metric("accuracy", i / 10, step=i, model_id=model.model_id)
            mlflow.log_metrics(
                {"accuracy": i / 20, "f1": float("nan")}, model_id=model.model_id, dataset=data
            )
    assert sorted(history(client, run.info.run_id, "accuracy")) == [
        *[(0, value) for value in (0.0, 0.0, 0.05, 0.1)],
        (1, 0.1),
        (2, 0.2),
    ]
    found = in_another_process(
        mlflow2.url,
        """
        result = [
            sorted([m.key, str(m.value), m.dataset_name or ""] for m in
                   client.get_logged_model(model_id).metrics)
            for model_id in sys.argv[1:]
        ]
        """,
        *[model.model_id for model in models],
    )
    assert found[2] == [
        ["accuracy", "0.1", "validation"],
        ["accuracy", "0.2", ""],
        ["f1", "nan", "validation"],
    ]
    assert found[0][1] == ["accuracy", "0.0", "validation"]


def test_metrics_of_another_run_reach_the_model(client: MlflowClient):
    with mlflow.start_run() as training:
        model = mlflow.initialize_logged_model("model")
    with mlflow.start_run() as evaluation:
        mlflow.log_metric("accuracy", 0.75, model_id=model.model_id)
    assert client.get_run(training.info.run_id).data.metrics == {}
    found = client.get_run(evaluation.info.run_id)
    assert found.data.metrics == {"accuracy": 0.75}
    assert [used.model_id for used in found.inputs.model_inputs] == [model.model_id]
    (metric,) = client.get_logged_model(model.model_id).metrics
    assert (metric.value, metric.run_id) == (0.75, evaluation.info.run_id)


def test_points_of_an_active_model_are_all_there(client: MlflowClient):
    with mlflow.start_run() as run:
        model = mlflow.initialize_logged_model("model")
        with mlflow.set_active_model(model_id=model.model_id):
            for step in range(20):
                mlflow.log_metric("loss", 20 - step, step=step)
        again = client.get_metric_history(run.info.run_id, "loss")
        client.log_batch(
            run.info.run_id,
            [Metric(p.key, p.value, p.timestamp + 1, p.step + 20, model.model_id) for p in again],
        )
    steps = [step for step, _ in history(client, run.info.run_id, "loss")]
    assert sorted(steps) == list(range(40))
    (newest,) = client.get_logged_model(model.model_id).metrics
    assert (newest.step, newest.value) == (39, 1.0)


def test_asynchronous_logging(client: MlflowClient):
    with mlflow.start_run() as run:
        model = mlflow.initialize_logged_model("model")
        for step in range(5):
            mlflow.log_metric(
                "loss", step / 5, step=step, model_id=model.model_id, synchronous=False
            )
        mlflow.log_metrics({"f1": 0.5}, model_id=model.model_id, synchronous=False).wait()
        mlflow.flush_async_logging()
    assert [step for step, _ in history(client, run.info.run_id, "loss")] == list(range(5))
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 0.8, "f1": 0.5}
    newest = client.get_logged_model(model.model_id).metrics
    assert {metric.key: metric.value for metric in newest} == {"loss": 0.8, "f1": 0.5}


def test_params_and_tags_of_a_batch_with_metrics_of_a_model(client: MlflowClient):
    with mlflow.start_run() as run:
        model = mlflow.initialize_logged_model("model")
        with mlflow.set_active_model(model_id=model.model_id):
            client.log_batch(
                run.info.run_id,
                [Metric("a", 1.0, 1, 0)],
                [mlflow.entities.Param("p", "1")],
                [mlflow.entities.RunTag("t", "1")],
            )
    data = client.get_run(run.info.run_id).data
    assert (data.metrics, data.params, data.tags["t"]) == ({"a": 1.0}, {"p": "1"}, "1")


def test_autologging_with_its_model(client: MlflowClient):
    mlflow.sklearn.autolog(log_datasets=True)
    try:
        with mlflow.start_run() as run:
            LogisticRegression().fit(np.array(INPUTS), np.array(CLASSES))
    finally:
        mlflow.sklearn.autolog(disable=True)
    found = client.get_run(run.info.run_id)
    assert found.data.metrics["training_accuracy_score"] == 1.0
    assert found.inputs.dataset_inputs
    (output,) = found.outputs.model_outputs
    assert mlflow.sklearn.load_model(f"models:/{output.model_id}").predict(INPUTS).tolist() == (
        CLASSES
    )
    assert "training_confusion_matrix.png" in {
        file.path for file in client.list_artifacts(run.info.run_id)
    }
    model = client.get_logged_model(output.model_id)
    assert "training_accuracy_score" in {metric.key for metric in model.metrics}
    assert len(history(client, run.info.run_id, "training_accuracy_score")) == 1


def test_evaluating_a_model(client: MlflowClient):
    frame = pd.DataFrame({"x": [row[0] for row in INPUTS], "y": CLASSES})
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
    with mlflow.start_run() as run:
        result = mlflow.models.evaluate(
            info.model_uri,
            frame,
            targets="y",
            model_type="classifier",
            evaluator_config={"log_explainer": False},
        )
    assert result.metrics["accuracy_score"] == 1.0
    assert client.get_run(run.info.run_id).data.metrics["accuracy_score"] == 1.0
    metrics = client.get_logged_model(info.model_id).metrics
    assert {metric.run_id for metric in metrics if metric.key == "accuracy_score"} == {
        run.info.run_id
    }
