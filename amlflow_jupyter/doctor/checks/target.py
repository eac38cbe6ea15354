"""The target: which one is meant, and, where it is on this computer, whether it can be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from amlflow_jupyter.doctor.checks.folders import space
from amlflow_jupyter.doctor.finding import Finding, failure, ok, skipped, warning
from amlflow_jupyter.doctor.places import mounts, network_file_system
from amlflow_jupyter.doctor.schema import State, database_state
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.errors import ConnectionFailed
from amlflow_jupyter.workspaces import local
from amlflow_jupyter.workspaces.workspace import Workspace


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the target, without asking it anything."""
    workspace = subject.workspace
    if workspace is None:
        yield failure(f"{subject.problem}", "%aml_connect local")
    elif workspace.kind == "local":
        yield from _local(subject, workspace)
    else:
        profile = f", as the profile {workspace.profile}" if workspace.profile else ""
        yield ok(f"Runs go to {workspace.title}{profile}.")


def _local(subject: Subject, workspace: Workspace) -> Iterator[Finding]:
    path = Path(workspace.location)
    try:
        local.check(workspace)
    except ConnectionFailed as error:
        folder = path.parent if workspace.uri.startswith("sqlite:") else path
        yield failure(str(error), subject.commands.shell("mkdir", "-p", str(folder)))
        return
    yield ok(f"Runs go to {path}, which can be written.")
    yield space(subject, path, "runs")
    if workspace.uri.startswith("sqlite:"):
        if kind := network_file_system(path, mounts()):
            yield warning(
                f"{path} is a database on a file system of a network ({kind}), which can be "
                "damaged when two programs write: keep it on a disk of this computer.",
                f"%aml_connect sqlite:///{Path.home()}/mlflow.db",
            )
        yield schema(subject, path)


def schema(subject: Subject, path: Path) -> Finding:
    """Judge whether the tables of a database are those of the MLflow that is installed."""
    uri = f"sqlite:///{path.as_posix()}"
    upgrade = subject.commands.module("mlflow", "db", "upgrade", uri)
    state, detail = database_state(path)
    if state is State.ABSENT:
        return skipped(f"There is no database at {path} yet: the first run makes it.")
    if state is State.OLD:
        return failure(
            f"The tables of {path} are of an older MLflow: back the file up, and upgrade them.",
            upgrade,
        )
    if state is State.UNKNOWN:
        return failure(
            f"The tables of {path} are of a newer MLflow than the one that is installed.",
            subject.commands.install("mlflow<4") + " --upgrade",
        )
    if state is State.UNREADABLE:
        return failure(
            f"{path} cannot be read as a database of MLflow ({detail}).",
            subject.commands.remove_file(str(path)),
        )
    return ok(f"The tables of {path} are those of the MLflow that is installed.")
