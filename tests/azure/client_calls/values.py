"""Metrics, params and tags of MLflow."""

from __future__ import annotations

import math
import threading

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from client_calls.registry import call
from client_calls.workplace import Workplace


@call("metrics: log_metric")
def log_metric(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 0.25)
    assert _data(run).metrics == {"loss": 0.25}


@call("metrics: log_metric with steps")
def log_steps(_: Workplace) -> None:
    with mlflow.start_run() as run:
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
    assert _points(run, "loss") == [(step, 1 / (step + 1)) for step in range(5)]
    assert _data(run).metrics["loss"] == 0.2


@call("metrics: log_metrics with a timestamp")
def log_metrics(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metrics({"a": 1.0, "b": -2.5}, step=3, timestamp=1_700_000_000_000)
    assert _data(run).metrics == {"a": 1.0, "b": -2.5}
    (point,) = MlflowClient().get_metric_history(run.info.run_id, "b")
    assert (point.step, point.timestamp) == (3, 1_700_000_000_000)


@call("metrics: not a number, infinities")
def not_finite(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metrics({"nan": math.nan, "up": math.inf, "down": -math.inf})
    found = _data(run).metrics
    assert math.isnan(found["nan"])
    assert found["up"] > 1e308
    assert found["down"] < -1e308


@call("metrics: MlflowClient.log_batch")
def log_batch(_: Workplace) -> None:
    metrics = [Metric("loss", 100.0 - step, 1_700_000_000_000 + step, step) for step in range(100)]
    with mlflow.start_run() as run:
        MlflowClient().log_batch(
            run.info.run_id, metrics, [Param("lr", "0.1")], [RunTag("phase", "two")]
        )
    assert _points(run, "loss") == [(step, 100.0 - step) for step in range(100)]
    assert _data(run).params == {"lr": "0.1"}
    assert _data(run).tags["phase"] == "two"


@call("metrics: a history of several pages")
def long_history(_: Workplace) -> None:
    expected = [(step, step * 0.5) for step in range(1500)]
    with mlflow.start_run() as run:
        for start in range(0, len(expected), 250):
            chunk = expected[start : start + 250]
            metrics = [Metric("loss", value, 1_700_000_000_000, step) for step, value in chunk]
            MlflowClient().log_batch(run.info.run_id, metrics)
    assert sorted(_points(run, "loss")) == expected


@call("metrics: from several threads")
def from_threads(_: Workplace) -> None:
    with mlflow.start_run() as run:
        threads = [
            threading.Thread(target=_log_some, args=(run.info.run_id, name)) for name in "abcd"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(_points(run, name) == [(0, 0.0), (1, 1.0), (2, 2.0)] for name in "abcd")


@call("metrics: log_metrics(synchronous=False)")
def log_asynchronously(_: Workplace) -> None:
    with mlflow.start_run() as run:
        for step in range(5):
            mlflow.log_metrics({"loss": step}, step=step, synchronous=False)
        mlflow.flush_async_logging()
    assert sorted(_points(run, "loss")) == [(step, float(step)) for step in range(5)]


@call("metrics: of a run that is not active")
def elsewhere(_: Workplace) -> None:
    with mlflow.start_run() as run:
        pass
    mlflow.log_metric("late", 1.0, run_id=run.info.run_id)
    assert _data(run).metrics == {"late": 1.0}


@call("params: log_param, log_params")
def log_params(_: Workplace) -> None:
    with mlflow.start_run() as run:
        assert mlflow.log_param("lr", 0.1) == 0.1
        mlflow.log_params({"depth": 3, "kind": "tree", "none": None})
    assert _data(run).params == {"lr": "0.1", "depth": "3", "kind": "tree", "none": "None"}


@call("params: sixty at once")
def many_params(_: Workplace) -> None:
    params = {f"p{number}": str(number) for number in range(60)}
    with mlflow.start_run() as run:
        mlflow.log_params(params)
    assert _data(run).params == params


@call("params: log_params(synchronous=False)")
def log_params_asynchronously(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_params({"lr": 0.1}, synchronous=False)
        mlflow.flush_async_logging()
    assert _data(run).params == {"lr": "0.1"}


@call("params: a changed value is refused")
def changed_param(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("lr", 0.1)
        try:
            mlflow.log_param("lr", 0.2)
        except mlflow.MlflowException as refusal:
            assert "lr" in str(refusal)  # noqa: PT017 - this package knows no pytest
        else:
            raise AssertionError("it was taken")
    assert _data(run).params == {"lr": "0.1"}


@call("tags: set_tag, set_tags, delete_tag")
def set_tags(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.set_tag("phase", "one")
        mlflow.set_tags({"phase": "two", "team": "blue"})
        assert _data(run).tags.items() >= {"phase": "two", "team": "blue"}.items()
        mlflow.delete_tag("team")
    assert "team" not in _data(run).tags


def _log_some(run_id: str, name: str) -> None:
    for step in range(3):
        MlflowClient().log_metric(run_id, name, step, step=step)


def _data(run: mlflow.entities.Run) -> mlflow.entities.RunData:
    return mlflow.get_run(run.info.run_id).data


def _points(run: mlflow.entities.Run, name: str) -> list[tuple[int, float]]:
    history = MlflowClient().get_metric_history(run.info.run_id, name)
    return [(point.step, point.value) for point in history]
