"""``runs:/`` URIs where the models of a run are among its artifacts.

MLflow 3 keeps models apart from their run, and lists and loads both together for a ``runs:/`` URI.
Here there is nothing to add, but for a model that has not the folder of its name: an older one of
that name has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2.store import Mlflow2Store

if TYPE_CHECKING:
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository as Repository
else:
    Repository = object


class RunsOfMlflow2(Repository):
    """Mixed in before MLflow's repository of ``runs:/`` URIs."""

    def list_artifacts(self, path: str | None = None) -> list[Any]:
        """Return what is directly in a folder, each once: the newest model's file where two are."""
        found = {file.path: file for file in super().list_artifacts(path)}
        return list(found.values())

    def _get_logged_model_artifact_repo(self, run_id: str, name: str) -> Any:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
        from mlflow.utils.uri import append_to_uri_path

        store = internals.store_of(self.tracking_uri)
        if not isinstance(store, Mlflow2Store) or not store.keeps_models():
            return super()._get_logged_model_artifact_repo(run_id, name)
        run = store.get_run(run_id)
        newest = store.newest_model(run, name)
        if newest is None or newest.folder == name:
            return None
        uri = append_to_uri_path(run.info.artifact_uri, newest.folder)
        return get_artifact_repository(uri, tracking_uri=self.tracking_uri)
