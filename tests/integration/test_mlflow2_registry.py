"""Models are registered and found on a server that knows no logged models and no aliases."""

from __future__ import annotations

import uuid
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.entities import LoggedModel
from mlflow.exceptions import MlflowException
from mlflow2_client import CLASSES, SAVING, classifier, in_another_process, predicted
from mlflow2_server import Mlflow2Server


@pytest.fixture
def name() -> str:
    return f"model-{uuid.uuid4().hex}"


@pytest.fixture
def logged(client: MlflowClient) -> LoggedModel:
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
    return client.get_logged_model(info.model_id)


def test_registering_by_every_address(client: MlflowClient, logged: LoggedModel, name: str):
    by_run = mlflow.register_model(f"runs:/{logged.source_run_id}/model", name)
    by_id = mlflow.register_model(logged.model_uri, name)
    by_version = mlflow.register_model(f"models:/{name}/1", name)
    by_client = client.create_model_version(name, f"runs:/{logged.source_run_id}/model")
    by_location = client.create_model_version(name, logged.artifact_location, logged.source_run_id)
    for version in (by_run, by_id, by_version, by_client, by_location):
        assert version.source == logged.artifact_location
        assert version.run_id == logged.source_run_id
        assert version.model_id == logged.model_id
        found = client.get_model_version(name, version.version)
        assert (found.model_id, found.tags) == (logged.model_id, {})
        assert predicted(f"models:/{name}/{version.version}") == CLASSES
    assert predicted(f"models:/{name}/latest") == CLASSES
    versions = client.search_model_versions(f"name = '{name}'")
    assert {version.model_id for version in versions} == {logged.model_id}
    tags = client.get_logged_model(logged.model_id).tags
    assert f'"{name}", "version": "2"' in tags["mlflow.modelVersions"]


@pytest.mark.usefixtures("client")
def test_registering_while_logging(name: str):
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(
            classifier(), name="model", registered_model_name=name, **SAVING
        )
    assert str(info.registered_model_version) == "1"
    assert predicted(f"models:/{name}/1") == CLASSES


def test_the_newest_model_of_a_name_is_registered(client: MlflowClient, name: str):
    with mlflow.start_run() as run:
        for _ in range(2):
            newest = mlflow.sklearn.log_model(classifier(), name="model", **SAVING)
    version = mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
    assert version.source == client.get_logged_model(newest.model_id).artifact_location


@pytest.mark.usefixtures("client")
def test_files_that_are_no_logged_model_are_registered_as_ever(name: str, tmp_path: Path):
    mlflow.sklearn.save_model(classifier(), tmp_path / "saved", **SAVING)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(tmp_path / "saved"), "saved")
    version = mlflow.register_model(f"runs:/{run.info.run_id}/saved", name)
    assert version.source == f"{run.info.artifact_uri}/saved"
    assert version.model_id is None
    assert predicted(f"models:/{name}/1") == predicted(f"runs:/{run.info.run_id}/saved") == CLASSES


def test_aliases(client: MlflowClient, mlflow2: Mlflow2Server, logged: LoggedModel, name: str):
    for _ in range(2):
        mlflow.register_model(logged.model_uri, name)
    client.set_registered_model_alias(name, "champion", "1")
    client.set_registered_model_alias(name, "first", "1")
    client.set_registered_model_alias(name, "champion", "2")
    found = in_another_process(
        mlflow2.url,
        """
        name = sys.argv[1]
        model = client.get_registered_model(name)
        result = [
            client.get_model_version_by_alias(name, "champion").version,
            client.get_model_version(name, "1").aliases,
            client.get_model_version(name, "2").aliases,
            model.aliases,
            model.tags,
            mlflow.pyfunc.load_model(f"models:/{name}@champion").metadata.model_id,
        ]
        """,
        name,
    )
    assert found == [
        "2",
        ["first"],
        ["champion"],
        {"champion": "2", "first": "1"},
        {},
        logged.model_id,
    ]
    client.delete_registered_model_alias(name, "champion")
    client.delete_registered_model_alias(name, "champion")
    assert client.get_model_version(name, "2").aliases == []
    with pytest.raises(MlflowException, match="alias champion not found"):
        client.get_model_version_by_alias(name, "champion")
    with pytest.raises(MlflowException, match="not found"):
        client.set_registered_model_alias(name, "champion", "9")
