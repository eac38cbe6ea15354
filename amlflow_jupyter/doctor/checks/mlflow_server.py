"""What answers at the address of an MLflow server: whether it is one, and of which MLflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amlflow_jupyter.doctor.finding import Finding, failure, ok, skipped, warning
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.errors import (
    AuthenticationRequired,
    ConnectionFailed,
    NotMlflow,
)
from amlflow_jupyter.workspaces import databricks, tracking_server
from amlflow_jupyter.workspaces.workspace import Workspace

_VERSION: Final = "/version"
_LOGGED_MODELS: Final = "/api/2.0/mlflow/logged-models/search"
_MISSING: Final = 404
_OK: Final = 200


def check(subject: Subject) -> Iterator[Finding]:
    """Ask the server what it is."""
    workspace = subject.workspace
    if workspace is None or workspace.kind not in ("server", "databricks"):
        yield skipped("The target is no MLflow server.")
    elif workspace.kind == "databricks":
        yield _databricks(subject, workspace)
    elif workspace.uri.startswith(("http:", "https:")):
        yield from server(subject, workspace)
    else:
        yield skipped(f"{workspace.title} is asked by MLflow itself, when a run is made.")


def server(subject: Subject, workspace: Workspace) -> Iterator[Finding]:
    """Judge an MLflow server."""
    try:
        tracking_server.check(workspace, subject.timeout)
    except ConnectionFailed as error:
        yield failure(str(error), _remedy(subject, workspace, error))
        return
    yield ok(f"{workspace.location} answers as an MLflow server does.")
    yield version(subject, _ask(workspace, _VERSION, "GET", subject.timeout))
    answer = _ask(workspace, _LOGGED_MODELS, "POST", subject.timeout)
    yield logged_models(answer.status_code if answer is not None else None)


def version(subject: Subject, answer: Any) -> Finding:
    """Judge the version that a server answered with, or that it answered with none."""
    from packaging.version import InvalidVersion, Version

    text = answer.text.strip() if answer is not None and answer.status_code == _OK else ""
    try:
        theirs = Version(text)
    except InvalidVersion:
        return skipped("The server does not say of which version it is.")
    ours = Version(_installed())
    if theirs.major > ours.major:
        return warning(
            f"The server is of MLflow {theirs}, newer than the {ours} here.",
            subject.commands.install(f"mlflow=={theirs}"),
        )
    return ok(f"The server is of MLflow {theirs}, and MLflow {ours} is installed here.")


def logged_models(status: int | None) -> Finding:
    """Judge what MLflow 3's models were answered with, an HTTP status."""
    if status is None:
        return skipped("Whether the server keeps MLflow 3's models could not be asked.")
    if status == _MISSING:
        return ok("The server speaks MLflow 2: amlflow keeps MLflow 3's models in their runs.")
    return ok("The server keeps MLflow 3's models itself.")


def _databricks(subject: Subject, workspace: Workspace) -> Finding:
    try:
        address = databricks.check(workspace, subject.timeout)
    except ConnectionFailed as error:
        profile = workspace.uri.partition("://")[2]
        words = ["databricks", "auth", "login", *(["--profile", profile] if profile else [])]
        return failure(str(error), subject.commands.shell(*words))
    return ok(f"{workspace.title} answers at {address}.")


def _remedy(subject: Subject, workspace: Workspace, error: ConnectionFailed) -> str:
    if isinstance(error, AuthenticationRequired):
        return subject.commands.set_variable("MLFLOW_TRACKING_TOKEN", "TOKEN")
    if isinstance(error, NotMlflow):
        return "%aml_connect http://HOST:PORT"
    return subject.commands.shell("curl", "-v", f"{workspace.location}/health")


def _ask(workspace: Workspace, path: str, method: str, timeout: float) -> Any:
    """Ask as MLflow's client does; None where nothing is answered."""
    import requests
    from mlflow.exceptions import MlflowException
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request

    body = {} if method == "GET" else {"json": {"experiment_ids": ["0"], "max_results": 1}}
    try:
        return http_request(
            get_default_host_creds(workspace.uri),
            path,
            method,
            timeout=timeout,
            max_retries=0,
            raise_on_status=False,
            **body,
        )
    except (MlflowException, requests.RequestException):
        return None


def _installed() -> str:
    from importlib import metadata

    return metadata.version("mlflow")
