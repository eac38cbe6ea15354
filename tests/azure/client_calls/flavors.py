"""Models of other flavors than scikit-learn's, by both forms of ``log_model``."""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd

from client_calls.flavor_models import network, points, same
from client_calls.registry import call
from client_calls.workplace import Workplace


@call("models: xgboost.log_model(name=…)")
def xgboost_by_name(_: Workplace) -> None:
    model, expected = _boosted()
    with mlflow.start_run():
        info = mlflow.xgboost.log_model(model, name="boosted", pip_requirements=["xgboost"])
    assert same(mlflow.pyfunc.load_model(info.model_uri).predict(points()[0]), expected)


@call("models: xgboost.log_model(artifact_path=…)")
def xgboost_by_path(_: Workplace) -> None:
    model, expected = _boosted()
    with mlflow.start_run() as run:
        mlflow.xgboost.log_model(model, artifact_path="boosted", pip_requirements=["xgboost"])
    loaded = mlflow.xgboost.load_model(f"runs:/{run.info.run_id}/boosted")
    assert same(loaded.predict(points()[0]), expected)


@call("models: lightgbm.log_model(name=…)")
def lightgbm_by_name(_: Workplace) -> None:
    model, expected = _light()
    with mlflow.start_run():
        info = mlflow.lightgbm.log_model(model, name="light", pip_requirements=["lightgbm"])
    assert same(mlflow.pyfunc.load_model(info.model_uri).predict(points()[0]), expected)


@call("models: lightgbm.log_model(artifact_path=…)")
def lightgbm_by_path(_: Workplace) -> None:
    model, expected = _light()
    with mlflow.start_run() as run:
        mlflow.lightgbm.log_model(model, artifact_path="light", pip_requirements=["lightgbm"])
    loaded = mlflow.lightgbm.load_model(f"runs:/{run.info.run_id}/light")
    assert same(loaded.predict(points()[0]), expected)


@call("models: keras.log_model(name=…)")
def keras_by_name(_: Workplace) -> None:
    model = network()
    with mlflow.start_run():
        info = mlflow.keras.log_model(model, name="network", pip_requirements=["keras"])
    _assert_same_network(mlflow.keras.load_model(info.model_uri), model)


@call("models: keras.log_model(artifact_path=…)")
def keras_by_path(_: Workplace) -> None:
    model = network()
    with mlflow.start_run() as run:
        mlflow.keras.log_model(model, artifact_path="network", pip_requirements=["keras"])
    _assert_same_network(mlflow.keras.load_model(f"runs:/{run.info.run_id}/network"), model)


@call("models: pyfunc.log_model(name=…)")
def pyfunc_by_name(here: Workplace) -> None:
    table = here.file("factor.txt", "3")
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(
            name="times",
            python_model=Times(),
            artifacts={"factor": str(table)},
            pip_requirements=["pandas"],
        )
    assert same(mlflow.pyfunc.load_model(info.model_uri).predict(_column()), [3, 6])


@call("models: pyfunc.log_model(artifact_path=…)")
def pyfunc_by_path(here: Workplace) -> None:
    table = here.file("factor.txt", "5")
    with mlflow.start_run() as run:
        mlflow.pyfunc.log_model(
            artifact_path="times",
            python_model=Times(),
            artifacts={"factor": str(table)},
            pip_requirements=["pandas"],
        )
    loaded = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/times")
    assert same(loaded.predict(_column()), [5, 10])


@call("models: pyfunc.log_model of a function")
def pyfunc_function(_: Workplace) -> None:
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(
            name="doubled",
            python_model=doubled,
            input_example=["a"],
            pip_requirements=["pandas"],
        )
    assert mlflow.pyfunc.load_model(info.model_uri).predict(["x", "y"]) == ["xx", "yy"]


class Times(mlflow.pyfunc.PythonModel):
    """Multiplies by the number in a file."""

    def load_context(self, context: Any) -> None:
        """Read the number."""
        with open(context.artifacts["factor"]) as file:  # noqa: PTH123 - an ordinary user's line
            self.factor = int(file.read())

    def predict(self, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> Any:
        """Multiply."""
        del params
        return model_input["x"] * self.factor


def doubled(model_input: list[str]) -> list[str]:
    """Return each text twice."""
    return [text * 2 for text in model_input]


def _column() -> pd.DataFrame:
    return pd.DataFrame({"x": [1, 2]})


def _boosted() -> tuple[Any, Any]:
    from xgboost import XGBClassifier

    frame, kinds = points()
    model = XGBClassifier(n_estimators=3, n_jobs=1).fit(frame, kinds)
    return model, model.predict(frame)


def _light() -> tuple[Any, Any]:
    from lightgbm import LGBMClassifier

    frame, kinds = points()
    model = LGBMClassifier(n_estimators=3, n_jobs=1, verbose=-1).fit(frame, kinds)
    return model, model.predict(frame)


def _assert_same_network(loaded: Any, model: Any) -> None:
    inputs = points()[0].to_numpy("float32")
    assert same(loaded.predict(inputs, verbose=0), model.predict(inputs, verbose=0))
