"""Autologging of scikit-learn, XGBoost, LightGBM and Keras, with models on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mlflow
import numpy as np
from mlflow import MlflowClient

from client_calls.flavor_models import network, points, same
from client_calls.registry import call
from client_calls.workplace import Workplace


# The first: MLflow leaves a flavor alone for which autologging was once set by itself.
@call("autologging: mlflow.autolog()")
def everything(_: Workplace) -> None:
    from sklearn.linear_model import LinearRegression

    frame, kinds = points()
    with _on(mlflow), mlflow.start_run() as run:
        model = LinearRegression().fit(frame, kinds)
    found = _finished(run)
    assert np.isclose(found.data.metrics["training_r2_score"], model.score(frame, kinds))
    assert _logged_model_predicts(found, model.predict(frame))


@call("autologging: sklearn")
def sklearn(_: Workplace) -> None:
    from sklearn.linear_model import LogisticRegression

    frame, kinds = points()
    with _on(mlflow.sklearn), mlflow.start_run() as run:
        model = LogisticRegression(C=3.0).fit(frame, kinds)
    found = _finished(run)
    assert found.data.params["C"] == "3.0"
    assert found.data.metrics["training_accuracy_score"] == model.score(frame, kinds)
    assert _logged_model_predicts(found, model.predict(frame))
    assert found.inputs.dataset_inputs
    names = [entry.path for entry in MlflowClient().list_artifacts(run.info.run_id)]
    assert "training_confusion_matrix.png" in names


@call("autologging: sklearn without a run")
def sklearn_without_run(_: Workplace) -> None:
    from sklearn.tree import DecisionTreeClassifier

    frame, kinds = points()
    with _on(mlflow.sklearn):
        model = DecisionTreeClassifier(max_depth=2, random_state=1).fit(frame, kinds)
    found = _finished(mlflow.last_active_run())
    assert found.data.params["max_depth"] == "2"
    assert _logged_model_predicts(found, model.predict(frame))


@call("autologging: sklearn GridSearchCV")
def grid_search(_: Workplace) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    frame, kinds = points()
    with _on(mlflow.sklearn), mlflow.start_run() as run:
        search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0, 10.0]}, cv=2)
        search.fit(frame, kinds)
    found = _finished(run)
    assert float(found.data.params["best_C"]) == search.best_params_["C"]
    assert np.isclose(found.data.metrics["best_cv_score"], search.best_score_)
    children = mlflow.search_runs(
        filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list"
    )
    assert sorted(child.data.params["C"] for child in children) == ["0.1", "1.0", "10.0"]
    names = {output.model_id for output in found.outputs.model_outputs}
    assert len(names) == 2  # the search and its best estimator


@call("autologging: sklearn, metrics computed after training")
def post_training_metrics(_: Workplace) -> None:
    from sklearn import metrics as scores
    from sklearn.linear_model import LogisticRegression

    frame, kinds = points()
    with _on(mlflow.sklearn), mlflow.start_run() as run:
        model = LogisticRegression().fit(frame[:30], kinds[:30])
        score = scores.accuracy_score(kinds[30:], model.predict(frame[30:]))
    metrics = _finished(run).data.metrics
    (name,) = [name for name in metrics if name.startswith("accuracy_score")]
    assert metrics[name] == score


@call("autologging: xgboost")
def xgboost(_: Workplace) -> None:
    import xgboost as xgb

    frame, kinds = points()
    data = xgb.DMatrix(frame, kinds)
    with _on(mlflow.xgboost), mlflow.start_run() as run:
        options = {"objective": "binary:logistic", "max_depth": 2, "nthread": 1}
        model = xgb.train(options, data, num_boost_round=4, evals=[(data, "train")])
    found = _finished(run)
    assert found.data.params["max_depth"] == "2"
    assert _steps(run, "train-logloss") == [0, 1, 2, 3]
    assert _logged_model_predicts(found, model.predict(data))


@call("autologging: lightgbm")
def lightgbm(_: Workplace) -> None:
    import lightgbm as lgb

    frame, kinds = points()
    data = lgb.Dataset(frame, kinds, free_raw_data=False)
    options = {"objective": "binary", "max_depth": 2, "num_threads": 1, "verbose": -1}
    with _on(mlflow.lightgbm), mlflow.start_run() as run:
        model = lgb.train(options, data, num_boost_round=4, valid_sets=[data], valid_names=["v"])
    found = _finished(run)
    assert found.data.params["max_depth"] == "2"
    assert _steps(run, "v-binary_logloss") == [0, 1, 2, 3]
    assert _logged_model_predicts(found, model.predict(frame))


@call("autologging: keras")
def keras(_: Workplace) -> None:
    frame, kinds = points()
    inputs = frame.to_numpy("float32")
    with _on(mlflow.keras), mlflow.start_run() as run:
        model = network()
        model.fit(inputs, kinds.to_numpy(), epochs=3, batch_size=20, verbose=0)
    found = _finished(run)
    assert found.data.params["epochs"] == "3"
    assert _steps(run, "loss") == [0, 1, 2]
    assert _logged_model_predicts(found, model.predict(inputs, verbose=0), inputs)


@contextmanager
def _on(flavor: Any) -> Iterator[None]:
    flavor.autolog(silent=False)
    try:
        yield
    finally:
        flavor.autolog(disable=True)


def _finished(run: mlflow.entities.Run) -> mlflow.entities.Run:
    found = mlflow.get_run(run.info.run_id)
    assert found.info.status == "FINISHED"
    return found


def _steps(run: mlflow.entities.Run, name: str) -> list[int]:
    return [point.step for point in MlflowClient().get_metric_history(run.info.run_id, name)]


def _logged_model_predicts(run: mlflow.entities.Run, expected: Any, inputs: Any = None) -> bool:
    (output,) = run.outputs.model_outputs
    assert str(mlflow.get_logged_model(output.model_id).status) == "READY"
    model = mlflow.pyfunc.load_model(f"models:/{output.model_id}")
    return same(model.predict(points()[0] if inputs is None else inputs), expected)
