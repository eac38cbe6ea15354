"""Experiments of MLflow."""

from __future__ import annotations

import mlflow
from mlflow import MlflowClient

from client_calls.registry import call
from client_calls.workplace import Workplace


@call("experiments: create_experiment, get_experiment")
def create_experiment(here: Workplace) -> None:
    name = here.name("made")
    made = mlflow.create_experiment(name)
    assert mlflow.get_experiment(made).name == name


@call("experiments: get_experiment_by_name")
def get_by_name(here: Workplace) -> None:
    name = here.name("named")
    made = mlflow.create_experiment(name)
    assert mlflow.get_experiment_by_name(name).experiment_id == made
    assert mlflow.get_experiment_by_name(here.name("nowhere")) is None


@call("experiments: set_experiment")
def set_experiment(here: Workplace) -> None:
    before = MlflowClient().get_run(_a_run()).info.experiment_id
    chosen = mlflow.set_experiment(here.name("chosen"))
    assert MlflowClient().get_run(_a_run()).info.experiment_id == chosen.experiment_id
    mlflow.set_experiment(experiment_id=before)
    assert MlflowClient().get_run(_a_run()).info.experiment_id == before


@call("experiments: search_experiments")
def search_experiments(here: Workplace) -> None:
    names = {here.name("listed") for _ in range(3)}
    for name in names:
        mlflow.create_experiment(name)
    assert names <= {experiment.name for experiment in mlflow.search_experiments()}


@call("experiments: set_experiment_tag")
def set_experiment_tag(here: Workplace) -> None:
    made = mlflow.create_experiment(here.name("tagged"))
    MlflowClient().set_experiment_tag(made, "team", "blue")
    assert mlflow.get_experiment(made).tags["team"] == "blue"


def _a_run() -> str:
    with mlflow.start_run() as run:
        return run.info.run_id
