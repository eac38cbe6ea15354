"""MLflow servers: how one is named, and whether what answers there really is one."""

from __future__ import annotations

import os
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from amlflow_jupyter.errors import (
    AuthenticationRequired,
    BadTarget,
    ConnectionFailed,
    NotMlflow,
    Unreachable,
)
from amlflow_jupyter.workspaces.workspace import Workspace

_SEARCH: Final = "/api/2.0/mlflow/experiments/search"


def describe(uri: str) -> Workspace:
    """Return the workspace of an ``http(s)://`` address; a user and password in it are left out.

    Raises
    ------
    BadTarget
        The address has no host, or a port that is no number.
    """
    host, _ = _split_credentials(uri)
    parts = urlsplit(host)
    name = f"{parts.netloc}{parts.path}".rstrip("/")
    return Workspace("server", host, f"MLflow server at {name}", host, ui_url=host)


def describe_database(uri: str) -> Workspace:
    """Return the workspace of a database that is used without a server in front."""
    parts = urlsplit(uri)
    shown = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    if parts.password:
        raise BadTarget(
            f"{shown} was given with a password: keep it out of the address (for PostgreSQL in "
            "~/.pgpass, for instance), because MLflow hands the address to everything it starts."
        )
    return Workspace("server", uri, f"Database at {parts.hostname or shown}", shown)


def adopt_credentials(uri: str) -> None:
    """Move a user and password from an address to the variables that MLflow reads them from."""
    _, credentials = _split_credentials(uri)
    if credentials:
        os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"] = credentials


def check(workspace: Workspace, timeout: float) -> None:
    """Make sure that an MLflow server answers, within ``timeout`` seconds.

    Raises
    ------
    Unreachable, NotMlflow, AuthenticationRequired, ConnectionFailed
        It does not, each with what to do.
    """
    from mlflow.utils.credentials import get_default_host_creds

    if workspace.uri.startswith(("http:", "https:")):
        ask(get_default_host_creds(workspace.uri), workspace.location, timeout)


def ask(credentials: Any, shown: str, timeout: float) -> None:
    """Ask a server for one experiment, as the MLflow client would, and judge the answer."""
    import requests
    from mlflow.exceptions import MlflowException
    from mlflow.utils.rest_utils import http_request

    try:
        answer = http_request(
            credentials,
            _SEARCH,
            "POST",
            timeout=timeout,
            max_retries=0,
            raise_on_status=False,
            json={"max_results": 1},
        )
    except (MlflowException, requests.RequestException) as error:
        raise Unreachable(_unreachable(shown, timeout, error)) from error
    _judge(answer, shown)


def _judge(answer: Any, shown: str) -> None:
    status = answer.status_code
    if status in (401, 403):
        raise AuthenticationRequired(
            f"{shown} asks who you are (status {status}): set MLFLOW_TRACKING_TOKEN, or "
            "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, and connect again."
        )
    if status >= 500:  # noqa: PLR2004 - the class of server errors
        raise ConnectionFailed(
            f"{shown} answered with an error of its own (status {status}): try again later."
        )
    try:
        document = answer.json()
    except ValueError:
        document = None
    # A server without experiments answers {}.
    if status != 200 or not isinstance(document, dict) or set(document) - _EXPECTED:  # noqa: PLR2004
        raise NotMlflow(
            f"{shown} answers (status {status}), but not as an MLflow server does: check the "
            "address, for instance its port and path."
        )


_EXPECTED: Final = {"experiments", "next_page_token"}


def _unreachable(shown: str, timeout: float, error: BaseException) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return (
            f"{shown} shows a certificate that this computer does not trust: name the authority's "
            "file in MLFLOW_TRACKING_SERVER_CERT_PATH, and connect again."
        )
    for sign, reason in _REASONS.items():
        if sign in text:
            return f"{shown} cannot be reached: {reason}. Check the address."
    return (
        f"{shown} did not answer within {timeout:g} s: check the address and that the server runs."
    )


_REASONS: Final = {
    "Connection refused": "nothing listens there",
    "actively refused": "nothing listens there",
    "Name or service not known": "its name is not known here",
    "NameResolutionError": "its name is not known here",
    "getaddrinfo failed": "its name is not known here",
    "SSLError": "it does not speak TLS as it should",
}


def _split_credentials(uri: str) -> tuple[str, tuple[str, str] | None]:
    """Split an address into the address without user and password, and these two."""
    from urllib.parse import unquote

    parts = urlsplit(uri)
    try:
        port = parts.port
    except ValueError:
        raise BadTarget(
            f"The port in {_without_user(parts.netloc)!r} is no number up to 65535."
        ) from None
    if not parts.hostname:
        raise BadTarget(f"{uri!r} names no host: write http://host:port.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = f"{host}:{port}" if port else host
    clean = urlunsplit((parts.scheme.lower(), netloc, parts.path.rstrip("/"), "", ""))
    if parts.username is None:
        return clean, None
    return clean, (unquote(parts.username), unquote(parts.password or ""))


def _without_user(netloc: str) -> str:
    return netloc.rpartition("@")[2]
