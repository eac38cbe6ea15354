"""Logged models of scikit-learn: logged, loaded by every address, tagged, searched, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient

from client_calls.flavor_models import classifier, points, same
from client_calls.registry import call
from client_calls.workplace import Workplace

_PACKAGES = ["scikit-learn"]  # what MLflow would find out in a process of seconds


@call("models: sklearn.log_model(name=…)")
def log_by_name(_: Workplace) -> None:
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(
            classifier(), name="model", pip_requirements=_PACKAGES, input_example=points()[0][:3]
        )
    assert info.run_id == run.info.run_id
    assert _predicts(mlflow.sklearn.load_model(info.model_uri))


@call("models: sklearn.log_model(artifact_path=…)")
def log_by_path(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(classifier(), artifact_path="model", pip_requirements=_PACKAGES)
    assert _predicts(mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model"))


@call("models: log_model whose packages MLflow finds out")
def log_inferred(_: Workplace) -> None:
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(classifier(), name="model")
    packages = Path(mlflow.pyfunc.get_model_dependencies(info.model_uri)).read_text()
    assert "scikit-learn==" in packages


@call("models: log_model without a run")
def log_without_run(_: Workplace) -> None:
    info = mlflow.sklearn.log_model(classifier(), name="alone", pip_requirements=_PACKAGES)
    while mlflow.active_run():
        mlflow.end_run()
    assert _predicts(mlflow.sklearn.load_model(info.model_uri))


@call("models: log_model with signature, params and metadata")
def log_with_facts(_: Workplace) -> None:
    from mlflow.models import infer_signature

    frame, _kinds = points()
    signature = infer_signature(frame, classifier().predict(frame))
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(
            classifier(),
            name="model",
            signature=signature,
            params={"C": 3.0},
            tags={"team": "blue"},
            metadata={"origin": "here"},
            pip_requirements=_PACKAGES,
        )
    found = mlflow.models.get_model_info(info.model_uri)
    assert found.signature == signature
    assert found.metadata["origin"] == "here"
    model = mlflow.get_logged_model(info.model_id)
    assert model.params["C"] == "3.0"
    assert model.tags["team"] == "blue"


@call("models: two models of one run")
def log_two(_: Workplace) -> None:
    with mlflow.start_run() as run:
        ids = {_logged(name=name).model_id for name in ("first", "second")}
    assert len(ids) == 2
    assert {
        output.model_id for output in mlflow.get_run(run.info.run_id).outputs.model_outputs
    } == ids
    assert all(_predicts(mlflow.sklearn.load_model(f"models:/{model_id}")) for model_id in ids)


@call("models: two models of one name in one run")
def log_twice(_: Workplace) -> None:
    with mlflow.start_run():
        ids = {_logged(step=step).model_id for step in (1, 2)}
    assert len(ids) == 2
    assert all(_predicts(mlflow.sklearn.load_model(f"models:/{model_id}")) for model_id in ids)


@call("models: pyfunc.load_model from runs:/")
def load_from_run(_: Workplace) -> None:
    with mlflow.start_run() as run:
        _logged()
    assert _predicts(mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model"))


@call("models: load_model from models:/m-…")
def load_by_id(_: Workplace) -> None:
    with mlflow.start_run():
        info = _logged()
    assert info.model_uri == f"models:/{info.model_id}"
    assert info.model_id.startswith("m-")
    assert _predicts(mlflow.pyfunc.load_model(info.model_uri))


@call("models: load_model from the run's artifact URI")
def load_by_address(_: Workplace) -> None:
    with mlflow.start_run():
        info = _logged()
    location = mlflow.get_logged_model(info.model_id).artifact_location
    assert _predicts(mlflow.sklearn.load_model(location))


@call("models: the files of a model")
def model_files(_: Workplace) -> None:
    with mlflow.start_run():
        info = _logged()
    folder = Path(mlflow.artifacts.download_artifacts(info.model_uri))
    assert {"MLmodel", "requirements.txt", "conda.yaml"} <= {p.name for p in folder.iterdir()}
    listed = mlflow.artifacts.list_artifacts(info.model_uri)
    assert "MLmodel" in {entry.path.rpartition("/")[2] for entry in listed}


@call("models: get_logged_model")
def get_logged_model(_: Workplace) -> None:
    with mlflow.start_run() as run:
        info = _logged()
    model = mlflow.get_logged_model(info.model_id)
    assert (model.name, str(model.status)) == ("model", "READY")
    assert model.source_run_id == run.info.run_id
    assert model.experiment_id == run.info.experiment_id


@call("models: initialize_logged_model, finalize_logged_model")
def initialize(_: Workplace) -> None:
    model = mlflow.initialize_logged_model(name="made-by-hand", tags={"kind": "external"})
    assert str(mlflow.get_logged_model(model.model_id).status) == "PENDING"
    mlflow.finalize_logged_model(model.model_id, "FAILED")
    assert str(mlflow.get_logged_model(model.model_id).status) == "FAILED"


@call("models: create_external_model")
def external_model(here: Workplace) -> None:
    name = here.name("external")
    model = mlflow.create_external_model(name=name, params={"temperature": "0.5"})
    found = mlflow.get_logged_model(model.model_id)
    assert (found.name, found.params["temperature"]) == (name, "0.5")


@call("models: search_logged_models")
def search_models(here: Workplace) -> None:
    name = here.name("sought")
    with mlflow.start_run() as run:
        wanted = [_logged(name=name, step=step).model_id for step in (1, 2)]
    experiments = [run.info.experiment_id]
    found = mlflow.search_logged_models(
        experiments, f"name = '{name}'", output_format="list", max_results=10
    )
    assert sorted(model.model_id for model in found) == sorted(wanted)


@call("models: search_logged_models by a param, as a data frame")
def search_models_frame(here: Workplace) -> None:
    mark = here.name("mark")
    with mlflow.start_run() as run:
        info = _logged(params={"mark": mark})
        _logged(params={"mark": "another"})
    frame = mlflow.search_logged_models([run.info.experiment_id], f"params.mark = '{mark}'")
    assert list(frame["model_id"]) == [info.model_id]


@call("models: search_logged_models by a metric")
def search_models_by_metric(here: Workplace) -> None:
    name = here.name("scored")
    with mlflow.start_run() as run:
        for score in (0.1, 0.9):
            info = _logged(name=name)
            mlflow.log_metric("score", score, model_id=info.model_id)
    (best,) = mlflow.search_logged_models(
        [run.info.experiment_id],
        f"name = '{name}' and metrics.score > 0.5",
        output_format="list",
    )
    assert best.model_id == info.model_id


@call("models: metrics of a model")
def model_metrics(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 0.5, step=1)
        info = _logged()
        mlflow.log_metric("accuracy", 0.75, model_id=info.model_id)
    metrics = mlflow.get_logged_model(info.model_id).metrics
    assert {metric.key: metric.value for metric in metrics}["accuracy"] == 0.75
    assert mlflow.get_run(run.info.run_id).data.metrics == {"loss": 0.5, "accuracy": 0.75}
    assert len(MlflowClient().get_metric_history(run.info.run_id, "loss")) == 1


@call("models: set_logged_model_tags, delete_logged_model_tag")
def model_tags(_: Workplace) -> None:
    with mlflow.start_run():
        info = _logged()
    client = MlflowClient()
    client.set_logged_model_tags(info.model_id, {"stage": "candidate", "team": "blue"})
    assert client.get_logged_model(info.model_id).tags.items() >= {"team": "blue"}.items()
    client.delete_logged_model_tag(info.model_id, "team")
    tags = client.get_logged_model(info.model_id).tags
    assert tags["stage"] == "candidate"
    assert "team" not in tags


@call("models: log_model_params")
def model_params(_: Workplace) -> None:
    with mlflow.start_run():
        info = _logged()
    mlflow.log_model_params({"depth": "3"}, model_id=info.model_id)
    assert mlflow.get_logged_model(info.model_id).params["depth"] == "3"


@call("models: delete_logged_model")
def delete_model(here: Workplace) -> None:
    name = here.name("deleted")
    with mlflow.start_run() as run:
        info = _logged(name=name)
    MlflowClient().delete_logged_model(info.model_id)
    found = mlflow.search_logged_models(
        [run.info.experiment_id], f"name = '{name}'", output_format="list"
    )
    assert found == []


@call("models: set_active_model")
def set_active_model(here: Workplace) -> None:
    try:
        with mlflow.set_active_model(name=here.name("active")) as model:
            assert mlflow.get_active_model_id() == model.model_id
        assert mlflow.get_logged_model(model.model_id).name == model.name
    finally:
        mlflow.clear_active_model()


@call("models: save_model, then log_artifacts")
def save_and_log(here: Workplace) -> None:
    folder = here.folder / "saved"
    mlflow.sklearn.save_model(classifier(), str(folder), pip_requirements=_PACKAGES)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(folder), "saved")
    assert _predicts(mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/saved"))


def _logged(**options: Any) -> Any:
    options.setdefault("name", "model")
    return mlflow.sklearn.log_model(classifier(), pip_requirements=_PACKAGES, **options)


def _predicts(model: Any) -> bool:
    frame, _ = points()
    return same(model.predict(frame), classifier().predict(frame))
