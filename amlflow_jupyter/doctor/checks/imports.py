"""Whether MLflow, and what connects it to Azure, can be imported at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module, metadata
from typing import Final

from amlflow_jupyter.doctor.finding import Finding, failure, ok
from amlflow_jupyter.doctor.subject import Subject

# Module and the package that brings it.
_ALWAYS: Final = (("mlflow", "mlflow"),)
_AZURE: Final = (
    ("azure.identity", "azure-identity"),
    ("azureml.core", "azureml-core"),
    ("azureml.mlflow", "azureml-mlflow"),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Import what the target needs."""
    is_azure = subject.workspace is not None and subject.workspace.kind == "azure"
    for module, package in (*_ALWAYS, *(_AZURE if is_azure else ())):
        yield imported(subject, module, package)


def imported(subject: Subject, module: str, package: str) -> Finding:
    """Import ``module`` and judge how that went."""
    begun = time.monotonic()
    try:
        import_module(module)
    except BaseException as error:  # a broken package may raise anything, SystemExit too
        return _problem(subject, module, package, error)
    return ok(f"{module} can be imported, in {time.monotonic() - begun:.1f} s.")


def _problem(subject: Subject, module: str, package: str, error: BaseException) -> Finding:
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and not module.startswith(missing):
        return failure(
            f"{module} cannot be imported, because {missing!r} is missing.",
            subject.commands.install(package) + " --upgrade --force-reinstall",
        )
    if missing:
        extra = "amlflow-jupyter[azure]" if package != "mlflow" else "mlflow>=3.11,<4"
        return failure(f"{package} is not installed.", subject.commands.install(extra))
    return failure(
        f"{module} cannot be imported: {reason}",
        subject.commands.install(f"{package}=={_version(package)}") + " --force-reinstall",
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "*"
