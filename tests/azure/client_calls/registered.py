"""The model registry of MLflow."""

from __future__ import annotations

from typing import Any

import mlflow
from mlflow import MlflowClient

from client_calls.flavor_models import classifier, points, same
from client_calls.registry import call
from client_calls.workplace import Workplace

_PACKAGES = ["scikit-learn"]


@call("registry: create_registered_model, get_registered_model")
def create(here: Workplace) -> None:
    name, client = here.name("made"), MlflowClient()
    client.create_registered_model(name, tags={"team": "blue"}, description="What it is for.")
    found = client.get_registered_model(name)
    assert (found.name, found.description) == (name, "What it is for.")
    assert found.tags["team"] == "blue"


@call("registry: search_registered_models")
def search(here: Workplace) -> None:
    names, client = {here.name("listed") for _ in range(2)}, MlflowClient()
    for name in names:
        client.create_registered_model(name)
    assert names <= {model.name for model in client.search_registered_models(max_results=1000)}
    name = min(names)
    assert [m.name for m in client.search_registered_models(f"name = '{name}'")] == [name]


@call("registry: rename_registered_model")
def rename(here: Workplace) -> None:
    client, old, new = MlflowClient(), here.name("old"), here.name("new")
    client.create_registered_model(old)
    client.rename_registered_model(old, new)
    assert client.get_registered_model(new).name == new


@call("registry: update_registered_model")
def update(here: Workplace) -> None:
    client, name = MlflowClient(), here.name("described")
    client.create_registered_model(name)
    client.update_registered_model(name, description="Described later.")
    assert client.get_registered_model(name).description == "Described later."


@call("registry: delete_registered_model")
def delete(here: Workplace) -> None:
    client, name = MlflowClient(), here.name("deleted")
    client.create_registered_model(name)
    client.delete_registered_model(name)
    assert client.search_registered_models(f"name = '{name}'") == []


@call("registry: tags of a registered model")
def model_tags(here: Workplace) -> None:
    client, name = MlflowClient(), here.name("tagged")
    client.create_registered_model(name)
    client.set_registered_model_tag(name, "team", "blue")
    assert client.get_registered_model(name).tags == {"team": "blue"}
    client.delete_registered_model_tag(name, "team")
    assert client.get_registered_model(name).tags == {}


@call("registry: register_model('runs:/…')")
def register_from_run(here: Workplace) -> None:
    name = here.name("from-run")
    with mlflow.start_run() as run:
        _logged()
    version = mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
    assert (version.name, int(version.version)) == (name, 1)
    assert version.run_id == run.info.run_id
    assert _predicts(mlflow.sklearn.load_model(f"models:/{name}/1"))


@call("registry: register_model('models:/m-…')")
def register_by_id(here: Workplace) -> None:
    name = here.name("from-id")
    with mlflow.start_run() as run:
        info = _logged()
    version = mlflow.register_model(f"models:/{info.model_id}", name, tags={"origin": "id"})
    assert MlflowClient().get_model_version(name, version.version).run_id == run.info.run_id
    assert MlflowClient().get_model_version(name, version.version).tags["origin"] == "id"
    assert _predicts(mlflow.pyfunc.load_model(f"models:/{name}/{version.version}"))


@call("registry: log_model(registered_model_name=…)")
def register_while_logging(here: Workplace) -> None:
    name = here.name("at-once")
    with mlflow.start_run():
        info = _logged(registered_model_name=name)
    assert int(info.registered_model_version) == 1
    assert _predicts(mlflow.pyfunc.load_model(f"models:/{name}/1"))


@call("registry: register_model of files that were logged as artifacts")
def register_files(here: Workplace) -> None:
    name, folder = here.name("files"), here.folder / "saved"
    mlflow.sklearn.save_model(classifier(), str(folder), pip_requirements=_PACKAGES)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(folder), "saved")
    mlflow.register_model(f"runs:/{run.info.run_id}/saved", name)
    assert _predicts(mlflow.sklearn.load_model(f"models:/{name}/1"))


@call("registry: create_model_version from the run's artifact URI")
def create_version(here: Workplace) -> None:
    client, name, folder = MlflowClient(), here.name("by-hand"), here.folder / "saved"
    mlflow.sklearn.save_model(classifier(), str(folder), pip_requirements=_PACKAGES)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(folder), "saved")
    client.create_registered_model(name)
    version = client.create_model_version(
        name, f"{run.info.artifact_uri}/saved", run.info.run_id, description="By hand."
    )
    assert client.get_model_version(name, version.version).description == "By hand."
    assert _predicts(mlflow.sklearn.load_model(f"models:/{name}/{version.version}"))


@call("registry: a second version, search_model_versions")
def second_version(here: Workplace) -> None:
    name = here.name("versions")
    for _ in range(2):
        _version(name)
    found = MlflowClient().search_model_versions(f"name = '{name}'")
    assert sorted(int(version.version) for version in found) == [1, 2]


@call("registry: load_model from models:/name@alias")
def alias(here: Workplace) -> None:
    client, name = MlflowClient(), here.name("aliased")
    _version(name)
    client.set_registered_model_alias(name, "champion", "1")
    assert int(client.get_model_version_by_alias(name, "champion").version) == 1
    assert _predicts(mlflow.pyfunc.load_model(f"models:/{name}@champion"))
    client.delete_registered_model_alias(name, "champion")
    assert client.get_registered_model(name).aliases == {}


@call("registry: load_model from models:/name/latest")
def latest(here: Workplace) -> None:
    name = here.name("latest")
    for _ in range(2):
        _version(name)
    assert _predicts(mlflow.sklearn.load_model(f"models:/{name}/latest"))


@call("registry: tags and description of a version")
def version_facts(here: Workplace) -> None:
    client, name = MlflowClient(), here.name("facts")
    _version(name)
    client.set_model_version_tag(name, "1", "validated", "yes")
    client.update_model_version(name, "1", description="The first.")
    found = client.get_model_version(name, "1")
    assert (found.tags["validated"], found.description) == ("yes", "The first.")
    client.delete_model_version_tag(name, "1", "validated")
    assert "validated" not in client.get_model_version(name, "1").tags


@call("registry: delete_model_version")
def delete_version(here: Workplace) -> None:
    client, name = MlflowClient(), here.name("dropped")
    for _ in range(2):
        _version(name)
    client.delete_model_version(name, "1")
    found = client.search_model_versions(f"name = '{name}'")
    assert [int(version.version) for version in found] == [2]


@call("registry: get_model_version_download_uri, downloading a version")
def download_version(here: Workplace) -> None:
    name = here.name("downloaded")
    _version(name)
    assert MlflowClient().get_model_version_download_uri(name, "1")
    folder = mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=str(here.folder))
    assert _predicts(mlflow.sklearn.load_model(folder))


@call("registry: get_model_info of a version")
def version_info(here: Workplace) -> None:
    name = here.name("informed")
    version = _version(name)
    info = mlflow.models.get_model_info(f"models:/{name}/1")
    assert info.run_id == version.run_id
    assert "sklearn" in info.flavors


def _version(name: str) -> Any:
    with mlflow.start_run():
        info = _logged()
    return mlflow.register_model(info.model_uri, name)


def _logged(**options: Any) -> Any:
    return mlflow.sklearn.log_model(
        classifier(), name="model", pip_requirements=_PACKAGES, **options
    )


def _predicts(model: Any) -> bool:
    frame, _ = points()
    return same(model.predict(frame), classifier().predict(frame))
