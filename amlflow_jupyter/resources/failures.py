"""Turn what Azure's clients raise into one sentence."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from amlflow_jupyter.errors import (
    AmlflowError,
    AuthenticationRequired,
    ConnectionFailed,
    NotAllowed,
    Unreachable,
)

_LONGEST: Final = 300
_STATUS: Final = re.compile(
    r"(?:Response Code|StatusCode|status code)\W+(\d{3})\b|too many (\d{3}) error responses"
)
# What azureml-core's compute classes append to their message: the body as Python writes bytes.
_CONTENT: Final = re.compile(r"Content: (b?(?:'.*'|\".*\"))\s*$", re.DOTALL)
# A query may hold a SAS, a header a token, a connection string a key.
_SECRET: Final = re.compile(
    r"\?[^\s'\")=]*=[^\s'\")]*|(?<=Bearer )\S+|(?<=AccountKey=)[^;\s]+|(?<=sig=)[^&\s'\"]+"
)


class ResourceFailed(AmlflowError):
    """What was asked of a workspace's resources cannot be done."""


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn an error of Azure's clients into one of ours.

    Parameters
    ----------
    doing
        What fails, as the beginning of a sentence: ``"The datastores cannot be listed"``.
    """
    try:
        yield
    except AmlflowError:
        raise
    # azureml-core, its vendored clients, msrest, requests and azure-identity share no base class.
    except Exception as error:
        raise explained(doing, error) from error


def explained(doing: str, error: BaseException) -> AmlflowError:
    """Return the error of ours that says why ``doing`` failed, and what to do next."""
    if isinstance(error, AmlflowError):
        return error
    reason = reason_of(error)
    status = status_of(error)
    if status == 401 or _is_about_signing_in(error):  # noqa: PLR2004 - HTTP's numbers
        return AuthenticationRequired(
            f"{doing}: Azure did not accept the sign-in ({reason}). Run %aml_connect again, or "
            "`az login` first."
        )
    if status is None and _is_about_the_network(error):
        return Unreachable(f"{doing}: Azure cannot be reached ({reason}). Check the connection.")
    return _by_status(doing, status or 0, reason)


def _by_status(doing: str, status: int, reason: str) -> AmlflowError:
    if status == 403:  # noqa: PLR2004
        return NotAllowed(
            f"{doing}: this identity is not allowed to ({reason}). Ask the workspace's owner for "
            "a role that is."
        )
    if status == 429:  # noqa: PLR2004
        return ConnectionFailed(f"{doing}: Azure asks to wait (status 429). Try again in a minute.")
    if status >= 500:  # noqa: PLR2004
        said = "" if "Max retries exceeded" in reason else f": {reason}"
        return ConnectionFailed(
            f"{doing}: Azure failed by itself (status {status}{said}). Try again later."
        )
    return ResourceFailed(f"{doing}: {reason}")


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status that an error stands for, if it says so."""
    for holder in (
        error,
        getattr(error, "response", None),
        getattr(error, "inner_exception", None),
    ):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    match = _STATUS.search(_message(error))
    return int(match[1] or match[2]) if match else None


def reason_of(error: BaseException) -> str:
    """Return what the service says about an error, on one line and without secrets."""
    message = _message(error)
    bodies = (_response_text(error), _appended(message), message)
    text = next((found for body in bodies if (found := _from_body(body))), message)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reason = _SECRET.sub("", lines[0] if lines else "") or type(error).__name__
    return reason if len(reason) <= _LONGEST else f"{reason[: _LONGEST - 1]}…"


def _message(error: BaseException) -> str:
    """Return an error's own words; ``str()`` of azureml-core's adds its innards, or raises."""
    message = getattr(error, "message", None)
    if isinstance(message, str) and message:
        return message
    try:
        return str(error)
    except Exception:
        return type(error).__name__


def _response_text(error: BaseException) -> str:
    response: Any = getattr(error, "response", None)
    text = getattr(response, "text", None)
    try:
        text = text() if callable(text) else text
    except Exception:  # a body that was not read, or no text
        return ""
    return text if isinstance(text, str) else ""


def _appended(message: str) -> str:
    """Return the body that azureml-core appended to its message."""
    match = _CONTENT.search(message)
    if not match:
        return ""
    try:
        content = ast.literal_eval(match[1])
    except (ValueError, SyntaxError):
        return ""
    return content.decode(errors="replace") if isinstance(content, bytes) else str(content)


def _from_body(text: str) -> str:
    """Return the message of an Azure error body."""
    try:
        body = json.loads(text)
    except ValueError:
        return ""
    found = body.get("error", body) if isinstance(body, dict) else None
    message = found.get("message") if isinstance(found, dict) else None
    return message if isinstance(message, str) else ""


def _is_about_signing_in(error: BaseException) -> bool:
    return type(error).__name__ in {
        "AuthenticationException",
        "ClientAuthenticationError",
        "CredentialUnavailableError",
    }


def _is_about_the_network(error: BaseException) -> bool:
    import requests

    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, requests.RequestException) or bool(
        names
        & {"ServiceRequestError", "ServiceResponseError", "ClientRequestError", "ConnectionError"}
    )
