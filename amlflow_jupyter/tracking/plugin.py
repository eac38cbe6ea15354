"""MLflow's plugins of ours, which it finds by entry points: for Azure, installing is enough.

azureml-mlflow registers builders for the same scheme, and whose MLflow loads first is not known.
An entry point names an attribute of this module, so that :func:`__getattr__` runs while MLflow
loads it: from then on its table keeps our builder, whichever comes last.

MLflow loads this module whenever it is imported: it imports next to nothing itself, and what is
built is imported when it is built.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.internals import Kind
from amlflow_jupyter.tracking.stores import marked, reclassing_builder

_SCHEME: Final = "azureml"
_THEIRS: Final = "azureml.mlflow.entry_point_loaders"
# Entry points that stand beside azureml-mlflow's: its builders, and the kind of what they build.
_BUILDERS: Final[dict[str, tuple[Kind, str]]] = {
    "azure_tracking": ("tracking", "azureml_store_builder"),
    "azure_registry": ("registry", "azureml_model_registry_builder"),
    "azure_artifacts": ("artifacts", "azureml_artifacts_builder"),
}


def __getattr__(name: str) -> Any:
    if name not in _BUILDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    builder = azure_builder(name)
    internals.keep_builder(_BUILDERS[name][0], _SCHEME, builder)
    return builder


def databricks_tracking(store_uri: str, **options: Any) -> Any:
    """Build the store of an old ``adbazureml://`` URI, as linked Databricks clusters have it."""
    from amlflow_jupyter.workspaces.azure.surroundings import modern_uri

    return azure_builder("azure_tracking")(store_uri=modern_uri(store_uri), **options)


def databricks_registry(store_uri: str) -> Any:
    """Build the model registry of an old ``adbazureml://`` URI."""
    from amlflow_jupyter.workspaces.azure.surroundings import modern_uri

    return azure_builder("azure_registry")(store_uri=modern_uri(store_uri))


def runs_artifacts(artifact_uri: str, **options: Any) -> Any:
    """Build the repository of a ``runs:/`` URI."""
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository

    return reclassing_builder(RunsArtifactRepository, "artifacts", "runs")(artifact_uri, **options)


for _builder in (databricks_tracking, databricks_registry, runs_artifacts):
    marked(_builder)


@cache
def azure_builder(name: str) -> Callable[..., Any]:
    """Return what builds a store of azureml-mlflow's with our mixins.

    Parameters
    ----------
    name
        As in the entry points, such as ``"azure_tracking"``.
    """
    kind, theirs = _BUILDERS[name]

    def build_for_azure(*args: Any, **options: Any) -> Any:
        internals.stop_keeping(kind)
        return reclassing_builder(_their_builder(theirs), kind, _SCHEME)(*args, **options)

    return marked(build_for_azure)


def _their_builder(name: str) -> Callable[..., Any]:
    from mlflow.exceptions import MlflowException

    try:
        builder: Callable[..., Any] = getattr(import_module(_THEIRS), name)
    except ImportError as error:
        raise MlflowException(
            f"Azure Machine Learning needs azureml-mlflow ({error}): "
            "pip install 'amlflow-jupyter[azure]'."
        ) from error
    return builder
