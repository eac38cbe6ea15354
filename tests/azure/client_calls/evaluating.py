"""``mlflow.evaluate`` and its newer name."""

from __future__ import annotations

import warnings

import mlflow

from client_calls.flavor_models import classifier, points, regressor
from client_calls.registry import call
from client_calls.workplace import Workplace

_PACKAGES = ["scikit-learn"]


@call("evaluate: mlflow.models.evaluate of a logged model")
def of_a_model(_: Workplace) -> None:
    frame, kinds = points()
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(
            regressor(), name="model", pip_requirements=_PACKAGES, input_example=frame[:2]
        )
        result = mlflow.models.evaluate(
            info.model_uri, frame.assign(kind=kinds), targets="kind", model_type="regressor"
        )
    logged = mlflow.get_run(run.info.run_id).data.metrics
    assert logged["root_mean_squared_error"] == result.metrics["root_mean_squared_error"]


@call("evaluate: mlflow.evaluate of a classifier, with its plots")
def of_a_classifier(_: Workplace) -> None:
    frame, kinds = points()
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(
            classifier(), name="model", pip_requirements=_PACKAGES, input_example=frame[:2]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the older name says that it is one
            result = mlflow.evaluate(
                info.model_uri, frame.assign(kind=kinds), targets="kind", model_type="classifier"
            )
    assert result.metrics["accuracy_score"] > 0.9
    assert "confusion_matrix" in result.artifacts
    names = {entry.path for entry in mlflow.MlflowClient().list_artifacts(run.info.run_id)}
    assert any(name.startswith("confusion_matrix") for name in names)


@call("evaluate: predictions in a data frame")
def of_predictions(_: Workplace) -> None:
    frame, kinds = points()
    table = frame.assign(kind=kinds, found=classifier().predict(frame))
    with mlflow.start_run() as run:
        mlflow.models.evaluate(
            data=table, targets="kind", predictions="found", model_type="classifier"
        )
    assert mlflow.get_run(run.info.run_id).data.metrics["accuracy_score"] > 0.9
