"""Where the files of a model are that is about to be registered."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2 import identity
from amlflow_jupyter.tracking.mlflow2.store import Mlflow2Store


class Source(NamedTuple):
    """The files of a model, the run that made it, and its id where it is a logged model."""

    uri: str
    run_id: str | None
    model_id: str | None = None


def resolve(source: str, run_id: str | None, store: Any) -> Source | None:
    """Return where ``source`` really is; None where the server is told what the user says.

    Parameters
    ----------
    source
        A URI; ``models:/…`` and ``runs:/…`` mean nothing to a server of MLflow 2.
    run_id
        The run that made it, where it is known.
    store
        The tracking store of MLflow.
    """
    scheme = urlsplit(source).scheme
    if not isinstance(store, Mlflow2Store):
        return None
    if scheme == "models":
        model_id = internals.parse_model_uri(source).model_id
        if identity.parse(model_id):
            return _logged_model(store, model_id, run_id)
    if not store.keeps_models():
        return None
    if scheme == "models":
        return _version(source, run_id)
    if scheme == "runs":
        return _in_run(store, *_split_runs_uri(source))
    return _beneath_run(store, source, run_id) if run_id else None


def _logged_model(store: Mlflow2Store, model_id: str, run_id: str | None) -> Source:
    model = store.get_logged_model(model_id)
    return Source(model.artifact_location, run_id or model.source_run_id, model_id)


def _version(uri: str, run_id: str | None) -> Source | None:
    """Return the files of another registered version."""
    from mlflow import MlflowClient
    from mlflow.store.artifact.models_artifact_repo import ModelsArtifactRepository
    from mlflow.store.artifact.utils.models import get_model_name_and_version

    client = MlflowClient()
    name = get_model_name_and_version(client, uri)
    if len(name) == 1:  # a logged model of some other server
        return None
    version = client.get_model_version(*name)
    found = ModelsArtifactRepository.get_underlying_uri(uri)
    return Source(found, run_id or version.run_id, version.model_id)


def _split_runs_uri(uri: str) -> tuple[str, str]:
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository

    run_id, path = RunsArtifactRepository.parse_runs_uri(uri)
    return run_id, path or ""


def _in_run(store: Mlflow2Store, run_id: str, path: str) -> Source:
    from mlflow.utils.uri import append_to_uri_path

    run = store.get_run(run_id)
    name, _, rest = path.partition("/")
    found = store.newest_model(run, name)
    folder = found.folder if found else name
    uri = append_to_uri_path(run.info.artifact_uri, *filter(None, (folder, rest)))
    return Source(uri, run_id, found.model_id if found and not rest else None)


def _beneath_run(store: Mlflow2Store, uri: str, run_id: str) -> Source | None:
    """Return the newest of the models that a folder of a run may mean."""
    root = str(store.get_run(run_id).info.artifact_uri).rstrip("/") + "/"
    return _in_run(store, run_id, uri.removeprefix(root)) if uri.startswith(root) else None
