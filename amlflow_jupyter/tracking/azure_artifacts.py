"""The artifacts of Azure Machine Learning, listed as MLflow's clients expect.

The repository of azureml-mlflow begins at a folder of a run, but lists paths from the run's root,
and takes every name that begins with the folder's for something in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.tracking.mlflow2.files import remember

if TYPE_CHECKING:
    from mlflow.store.artifact.artifact_repo import ArtifactRepository as Repository
else:
    Repository = object

# Azure's registries, which several workspaces share: those are left to azureml-mlflow.
_REGISTRIES: Final = "/registries/"
_MLMODEL: Final = "MLmodel"
# What the service answers for a path that is taken.
_THERE: Final = re.compile(r"ArtifactId [^/\s]+/[^/\s]+/(.+?) already exists")


class AzureArtifacts(Repository):
    """Mixed in before azureml-mlflow's repository of artifacts."""

    def list_artifacts(self, path: str | None = None) -> list[Any]:
        """Return what is directly in a folder, by paths that begin at the repository's."""
        from mlflow.entities import FileInfo

        if self._is_registry():
            return list(super().list_artifacts(path))
        own = _parts(self.artifacts.path)
        folder = [*own, *_parts(path)]
        found: dict[str, Any] = {}
        for file in self.artifacts.get_file_paths():
            parts = _parts(file)
            if parts[: len(folder)] == folder and len(parts) > len(folder):
                is_dir = len(parts) > len(folder) + 1
                name = "/".join(parts[len(own) : len(folder) + 1])
                found[name] = FileInfo(name, is_dir, None if is_dir else -1)
        return sorted(found.values(), key=lambda file: str(file.path))

    def download_artifacts(self, artifact_path: str, dst_path: str | None = None) -> Any:
        """Download a file, or a folder, to the same path beneath ``dst_path``."""
        from mlflow.store.artifact.artifact_repo import ArtifactRepository

        if self._is_registry():
            return super().download_artifacts(artifact_path, dst_path)
        # MLflow's own: azureml-mlflow's goes to the run's root before it calls that.
        return ArtifactRepository.download_artifacts(self, artifact_path, dst_path)

    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        """Upload a file."""
        with _saying_what_is_there():
            super().log_artifact(local_file, artifact_path)

    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        """Upload a folder; of a model's, what describes it is remembered, to be listed with it."""
        with _saying_what_is_there():
            super().log_artifacts(local_dir, artifact_path)
        described = Path(local_dir, _MLMODEL)
        if described.is_file():
            path = "/".join([*_parts(artifact_path), _MLMODEL])
            remember(self.artifact_uri, path, described.read_text(encoding="utf-8"))

    def _download_file(self, remote_file_path: str, local_path: str, **options: Any) -> None:
        path = remote_file_path
        if not self._is_registry():
            path = "/".join([*_parts(self.artifacts.path), *_parts(remote_file_path)])
        super()._download_file(path, local_path, **options)

    def _is_registry(self) -> bool:
        return _REGISTRIES in self.artifact_uri


@contextmanager
def _saying_what_is_there() -> Iterator[None]:
    """Say in a sentence that a file is there already: Azure writes each once."""
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS

    try:
        yield
    except Exception as error:
        there = _THERE.findall(str(error))
        if not there:
            raise
        raise MlflowException(
            f"The run has {', '.join(there)} already, and Azure Machine Learning replaces no file: "
            "log it under a name of its own, with the step in it for instance.",
            RESOURCE_ALREADY_EXISTS,
        ) from error


def _parts(path: str | None) -> list[str]:
    return [part for part in (path or "").split("/") if part]
