"""Versions of packages, by their metadata alone: nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from amlflow_jupyter.doctor.breakages import (
    AZUREML_MLFLOW,
    breakages,
    vulnerabilities,
)
from amlflow_jupyter.doctor.finding import Finding, Level, failure, ok, warning
from amlflow_jupyter.doctor.packages import (
    Package,
    Unmet,
    damaged_packages,
    installed_packages,
    unmet,
)
from amlflow_jupyter.doctor.subject import Subject

# What is named where all is well, and whose wishes are looked at.
_NAMED: Final = ("mlflow", "mlflow-skinny", "azureml-mlflow", "azureml-core", "azure-ai-ml")
_WATCHED: Final = frozenset(
    {
        *_NAMED,
        "amlflow-jupyter",
        "anywidget",
        "azure-core",
        "azure-identity",
        "azureml-widgets",
        "ipykernel",
        "ipywidgets",
        "jupyter-server",
        "jupyterlab",
        "jupyterlab-widgets",
        "mlflow-tracing",
        "msal",
        "protobuf",
    }
)
_PARTS: Final = frozenset({"mlflow", "mlflow-skinny", "mlflow-tracing"})


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the versions of what is installed for this Python."""
    yield from versions(subject, None)


def versions(subject: Subject, path: list[str] | None) -> Iterator[Finding]:
    """Judge the versions of what is installed.

    Parameters
    ----------
    subject
        Says how commands are written.
    path
        Folders of packages; None takes those of this Python.
    """
    installed = installed_packages(path)
    found = [
        *_damaged(subject, path),
        *_broken(subject, installed),
        *_apart(subject, installed),
        *_unmet(subject, installed),
        *_vulnerable(subject, installed),
    ]
    yield from found
    if not found:
        yield ok(f"{_named(installed)}: nothing is known that breaks them together.")


def _damaged(subject: Subject, path: list[str] | None) -> Iterator[Finding]:
    for folder in damaged_packages(path):
        yield warning(
            f"{folder} is left of an installation that was interrupted.",
            subject.commands.remove_file(str(folder)),
        )


def _broken(subject: Subject, installed: Mapping[str, Package]) -> Iterator[Finding]:
    for rule, sentence in breakages(installed):
        if rule.install:
            remedy = subject.commands.install(*rule.install)
        else:
            remedy = subject.commands.remove(rule.package)
        yield Finding(rule.level, sentence, remedy)


def _apart(subject: Subject, installed: Mapping[str, Package]) -> Iterator[Finding]:
    """Yield that the parts of MLflow are of different versions: their files overwrite each other.

    Known from mlflow/mlflow #12426 and #14349.
    """
    mlflow = installed.get("mlflow")
    parts = [installed[name] for name in sorted(_PARTS - {"mlflow"}) if name in installed]
    for part in parts:
        if mlflow and part.version != mlflow.version:
            yield failure(
                f"mlflow {mlflow.version} and {part.name} {part.version} are parts of one package "
                "and must be of one version.",
                subject.commands.install(f"mlflow=={mlflow.version}")
                + f' "{part.name}=={mlflow.version}"',
            )


def _unmet(subject: Subject, installed: Mapping[str, Package]) -> Iterator[Finding]:
    told = {(rule.package, rule.beside) for rule, _ in breakages(installed)}
    for package in installed.values():
        for one in unmet(package, installed):
            watched = package.name in _WATCHED or one.wanted in _WATCHED
            if watched and not _is_told(one, told):
                yield _wish(subject, one, installed)


def _is_told(one: Unmet, told: AbstractSet[tuple[str, str]]) -> bool:
    """Whether a rule, or that the parts of MLflow are apart, tells the same."""
    asks = "mlflow-skinny" if one.package.name == "mlflow" else one.package.name
    is_apart = one.installed is not None and {one.package.name, one.wanted} <= _PARTS
    return is_apart or (asks, one.wanted) in told


def _wish(subject: Subject, one: Unmet, installed: Mapping[str, Package]) -> Finding:
    package = f"{one.package.name} {one.package.version}"
    # MLflow's two packages are of one version: the whole one is what is asked for.
    name = "mlflow" if one.wanted == "mlflow-skinny" and "mlflow" in installed else one.wanted
    remedy = subject.commands.install(f"{name}{one.specifier}")
    if one.package.name == "azureml-mlflow" and _is_old(one.package):
        # Newer ones take newer MLflows: better than going back with MLflow.
        remedy = subject.commands.install(AZUREML_MLFLOW)
    if one.installed is None:
        return failure(f"{package} needs {one.wanted}, which is not installed.", remedy)
    problem = (
        f"{package} asks for {one.wanted} {one.specifier}, but {one.installed} is installed: they "
        "may not work together."
    )
    level = Level.FAILURE if one.package.name == "amlflow-jupyter" else Level.WARNING
    return Finding(level, problem, remedy)


def _vulnerable(subject: Subject, installed: Mapping[str, Package]) -> Iterator[Finding]:
    mlflow = installed.get("mlflow") or installed.get("mlflow-skinny")
    known = vulnerabilities(mlflow) if mlflow else []
    if mlflow is None:
        yield failure(
            "MLflow is not installed for this Python.", subject.commands.install("mlflow>=3.11,<4")
        )
    elif known:
        wanted = [f"{mlflow.name}>={known[0].fixed},<4"]
        if "azureml-mlflow" in installed:  # it limits MLflow: pip must choose both together
            wanted.append(AZUREML_MLFLOW)
        listed = "; ".join(f"{one.name} (fixed in {one.fixed}): {one.what}" for one in known)
        yield warning(
            f"mlflow {mlflow.version} has known vulnerabilities: {listed}.",
            subject.commands.install(*wanted),
        )


def _is_old(azureml_mlflow: Package) -> bool:
    from packaging.requirements import Requirement

    return azureml_mlflow.version not in Requirement(AZUREML_MLFLOW).specifier


def _named(installed: Mapping[str, Package]) -> str:
    there = [installed[name] for name in _NAMED if name in installed]
    return ", ".join(f"{one.name} {one.version}" for one in there)
