"""``runs:/`` URIs where the models of a run are among its artifacts.

MLflow 3 keeps models apart from their run, and lists and loads both together for a ``runs:/`` URI.
Here there is nothing to add, unless a model has not the folder of its name: an older model of that
name has it, which then stands back, or other files, which are shown with the model's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2.store import Mlflow2Store

if TYPE_CHECKING:
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository as Repository
else:
    Repository = object


class _Moved(NamedTuple):
    """Where a path of a repository really is.

    ``label`` is what the paths in ``repository`` begin with in the repository that was asked.
    """

    repository: Any
    path: str
    label: str


class RunsOfMlflow2(Repository):
    """Mixed in before MLflow's repository of ``runs:/`` URIs."""

    def list_artifacts(self, path: str | None = None) -> list[Any]:
        """Return what is directly in a folder, each once: the newest model's file where two are."""
        from mlflow.entities import FileInfo

        moved = self._moved(path)
        if moved is None:
            return list({file.path: file for file in super().list_artifacts(path)}.values())
        return [
            FileInfo(_joined(moved.label, file.path), file.is_dir, file.file_size)
            for file in moved.repository.list_artifacts(moved.path or None)
        ]

    def download_artifacts(self, artifact_path: str, dst_path: str | None = None) -> Any:
        """Download a file, or a folder, to the same path beneath ``dst_path``."""
        from mlflow.utils.file_utils import create_tmp_dir

        moved = self._moved(artifact_path)
        if moved is None:
            return super().download_artifacts(artifact_path, dst_path)
        folder = Path(dst_path or create_tmp_dir(), moved.label)
        folder.mkdir(exist_ok=True)
        return moved.repository.download_artifacts(moved.path, str(folder))

    def _moved(self, path: str | None) -> _Moved | None:
        """Return the newest model's place for a path in the folder of an older one of its name."""
        run_id, own = self.parse_runs_uri(self.artifact_uri)
        name, _, rest = _joined(own, path).partition("/")
        folder = self._folder_elsewhere(run_id, name, of_models=True)
        if folder is None:
            return None
        if own:
            inside = own.partition("/")[2]
            return _Moved(self._repository(run_id, _joined(folder, inside)), path or "", "")
        return _Moved(self._repository(run_id, folder), rest, name)

    def _get_logged_model_artifact_repo(self, run_id: str, name: str) -> Any:
        if not _keeps_models(self.tracking_uri):
            return super()._get_logged_model_artifact_repo(run_id, name)
        folder = self._folder_elsewhere(run_id, name, of_models=False)
        return self._repository(run_id, folder) if folder else None

    def _folder_elsewhere(self, run_id: str, name: str, of_models: bool) -> str | None:
        """Return the folder of the newest model of a name, if that is not its name.

        Parameters
        ----------
        of_models
            Whether only where a model has the folder of that name, or only where none has.
        """
        store = internals.store_of(self.tracking_uri) if name else None
        if not isinstance(store, Mlflow2Store) or not store.keeps_models():
            return None
        run = store.get_run(run_id)
        newest = store.newest_model(run, name)
        if newest is None or newest.folder == name:
            return None
        return newest.folder if store.has_model_in(run, name) is of_models else None

    def _repository(self, run_id: str, path: str) -> Any:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
        from mlflow.utils.uri import append_to_uri_path

        run = internals.store_of(self.tracking_uri).get_run(run_id)
        uri = append_to_uri_path(run.info.artifact_uri, path)
        return get_artifact_repository(uri, tracking_uri=self.tracking_uri)


def _keeps_models(tracking_uri: str | None) -> bool:
    store = internals.store_of(tracking_uri)
    return isinstance(store, Mlflow2Store) and store.keeps_models()


def _joined(*parts: str | None) -> str:
    return "/".join(part for part in parts if part)
