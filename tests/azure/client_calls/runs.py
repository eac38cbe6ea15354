"""Runs of MLflow, from their start to their end."""

from __future__ import annotations

import contextlib

import mlflow
from mlflow import MlflowClient

from client_calls.registry import call
from client_calls.workplace import Workplace


@call("runs: start_run, end_run")
def start_run(here: Workplace) -> None:
    run = mlflow.start_run(run_name=here.name("plain"))
    assert _info(run).status == "RUNNING"
    mlflow.end_run()
    info = _info(run)
    assert info.status == "FINISHED"
    assert info.run_name == run.info.run_name
    assert info.end_time >= info.start_time


@call("runs: a run whose block fails")
def failed_run(_: Workplace) -> None:
    with contextlib.suppress(ZeroDivisionError), mlflow.start_run() as run:
        raise ZeroDivisionError
    assert _info(run).status == "FAILED"


@call("runs: start_run with tags and a description")
def described_run(_: Workplace) -> None:
    with mlflow.start_run(tags={"phase": "one"}, description="What it is *for*.") as run:
        pass
    tags = mlflow.get_run(run.info.run_id).data.tags
    assert tags["phase"] == "one"
    assert tags["mlflow.note.content"] == "What it is *for*."


@call("runs: nested runs")
def nested_runs(here: Workplace) -> None:
    with mlflow.start_run(run_name=here.name("parent")) as parent:
        for number in range(2):
            with mlflow.start_run(run_name=f"child {number}", nested=True) as child:
                mlflow.log_metric("number", number)
            assert mlflow.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id
    found = _search(f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    assert sorted(run.data.metrics["number"] for run in found) == [0, 1]


@call("runs: start_run(parent_run_id=…)")
def run_of_a_parent(_: Workplace) -> None:
    with mlflow.start_run() as parent:
        pass
    with mlflow.start_run(parent_run_id=parent.info.run_id) as child:
        pass
    assert mlflow.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id


@call("runs: continue a run by its id")
def continued_run(_: Workplace) -> None:
    with mlflow.start_run() as first:
        mlflow.log_metric("loss", 2.0, step=0)
    with mlflow.start_run(run_id=first.info.run_id):
        assert _info(first).status == "RUNNING"
        mlflow.log_metric("loss", 1.0, step=1)
    history = MlflowClient().get_metric_history(first.info.run_id, "loss")
    assert [(point.step, point.value) for point in history] == [(0, 2.0), (1, 1.0)]
    assert _info(first).status == "FINISHED"


@call("runs: active_run, last_active_run")
def active_run(_: Workplace) -> None:
    with mlflow.start_run() as run:
        assert mlflow.active_run().info.run_id == run.info.run_id
    assert mlflow.active_run() is None
    assert mlflow.last_active_run().info.run_id == run.info.run_id


@call("runs: MlflowClient.create_run, set_terminated")
def client_run(here: Workplace) -> None:
    client, experiment = MlflowClient(), mlflow.create_experiment(here.name("by-hand"))
    run = client.create_run(experiment, run_name="by hand", tags={"made": "by hand"})
    client.set_terminated(run.info.run_id, "KILLED")
    found = client.get_run(run.info.run_id)
    assert found.info.status == "KILLED"
    assert (found.info.run_name, found.data.tags["made"]) == ("by hand", "by hand")


@call("runs: search_runs by metric, param and tag")
def search_runs(here: Workplace) -> None:
    mark = here.name("mark")
    for depth in (1, 2, 3):
        with mlflow.start_run(tags={"mark": mark}):
            mlflow.log_param("depth", depth)
            mlflow.log_metric("score", depth / 10)
    found = _search(f"tags.mark = '{mark}' and metrics.score > 0.15", ["metrics.score DESC"])
    assert [run.data.params["depth"] for run in found] == ["3", "2"]
    (only,) = _search(f"tags.mark = '{mark}' and params.depth = '1'")
    assert only.data.metrics == {"score": 0.1}


@call("runs: search_runs as a data frame")
def search_runs_frame(here: Workplace) -> None:
    mark = here.name("mark")
    for depth in (1, 2):
        with mlflow.start_run(tags={"mark": mark}):
            mlflow.log_param("depth", depth)
            mlflow.log_metric("score", depth / 10)
    frame = mlflow.search_runs(filter_string=f"tags.mark = '{mark}'", order_by=["metrics.score"])
    assert list(frame["params.depth"]) == ["1", "2"]
    assert list(frame["metrics.score"]) == [0.1, 0.2]


@call("runs: search_runs page by page")
def search_runs_pages(here: Workplace) -> None:
    experiment, client = mlflow.create_experiment(here.name("pages")), MlflowClient()
    made = {client.create_run(experiment).info.run_id for _ in range(5)}
    found, token = [], None
    while token or not found:
        page = client.search_runs([experiment], max_results=2, page_token=token)
        found, token = found + [run.info.run_id for run in page], page.token
    assert len(found) == len(made)
    assert set(found) == made


@call("runs: delete_run, restore_run")
def delete_run(here: Workplace) -> None:
    mark = here.name("deleted")
    with mlflow.start_run(tags={"mark": mark}) as run:
        pass
    mlflow.delete_run(run.info.run_id)
    assert _info(run).lifecycle_stage == "deleted"
    assert not _search(f"tags.mark = '{mark}'")
    MlflowClient().restore_run(run.info.run_id)
    assert len(_search(f"tags.mark = '{mark}'")) == 1


@call("runs: rename with MlflowClient.update_run")
def rename_run(here: Workplace) -> None:
    name = here.name("renamed")
    with mlflow.start_run(run_name="old") as run:
        pass
    MlflowClient().update_run(run.info.run_id, name=name)
    assert _info(run).run_name == name


@call("runs: log_input of a data frame")
def log_input(here: Workplace) -> None:
    import pandas as pd

    frame = pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]})
    dataset = mlflow.data.from_pandas(frame, source="https://example.org/a.csv", name="points")
    with mlflow.start_run() as run:
        mlflow.log_input(dataset, context=here.name("training"), tags={"split": "train"})
    (logged,) = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert (logged.dataset.name, logged.dataset.digest) == ("points", dataset.digest)
    assert {tag.key: tag.value for tag in logged.tags}["split"] == "train"


@call("runs: system metrics")
def system_metrics(_: Workplace) -> None:
    mlflow.set_system_metrics_sampling_interval(0.2)
    mlflow.set_system_metrics_samples_before_logging(1)
    try:
        with mlflow.start_run(log_system_metrics=True) as run:
            _wait_until(lambda: "system/cpu_utilization_percentage" in _metrics(run))
    finally:
        mlflow.set_system_metrics_sampling_interval(None)
        mlflow.set_system_metrics_samples_before_logging(None)
    assert _metrics(run)["system/system_memory_usage_percentage"] > 0


def _wait_until(holds, seconds: float = 30) -> None:
    import time

    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)


def _metrics(run: mlflow.entities.Run) -> dict[str, float]:
    return mlflow.get_run(run.info.run_id).data.metrics


def _info(run: mlflow.entities.Run) -> mlflow.entities.RunInfo:
    return mlflow.get_run(run.info.run_id).info


def _search(query: str, order_by: list[str] | None = None) -> list[mlflow.entities.Run]:
    return mlflow.search_runs(filter_string=query, order_by=order_by, output_format="list")
