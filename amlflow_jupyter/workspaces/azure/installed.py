"""Whether what Azure needs is installed: it is an extra."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from amlflow_jupyter.errors import MissingAzure

_NEEDED: Final = {
    "azure.identity": "azure-identity",
    "azureml.mlflow": "azureml-mlflow",
    "azureml.core": "azureml-core",
}


def missing_packages() -> list[str]:
    """Return the packages that Azure needs and that are not installed."""
    return [package for module, package in _NEEDED.items() if not _is_there(module)]


def require_azure() -> None:
    """Make sure that what Azure needs is installed.

    Raises
    ------
    MissingAzure
        It is not.
    """
    if missing := missing_packages():
        raise MissingAzure(
            f"Azure ML needs {', '.join(missing)}, which is not installed: run "
            '%pip install "amlflow-jupyter[azure]" and restart the kernel.'
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package above it
        return False
