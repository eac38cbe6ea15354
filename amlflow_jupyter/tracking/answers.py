"""What a server's answer to delivery means: taken, not now, never, or sign in first."""

from __future__ import annotations

import json
from typing import Any, Final

from amlflow_jupyter.journal.outcomes import (
    NotDelivered,
    Refused,
    RunGone,
    SignInNeeded,
    TryLater,
)

_OK: Final = 200
_UNAUTHORIZED: Final = frozenset({401, 403})
_TOO_LARGE: Final = 413
_TOO_MANY: Final = 429
_SERVER_ERRORS: Final = 500
_CLIENT_ERRORS: Final = 400
_LONGEST_QUOTE: Final = 300
# Causes, by class name, of a request that never left: what was sent cannot have arrived.
_NEVER_SENT: Final = frozenset(
    {"ConnectTimeout", "NewConnectionError", "NameResolutionError", "SSLError", "ProxyError"}
    | {"ConnectTimeoutError", "ConnectionRefusedError", "gaierror"}
)


def content(response: Any, where: str) -> dict[str, Any]:
    """Return the JSON of an acknowledgement.

    Parameters
    ----------
    response
        The answer, as requests gives it.
    where
        The server, for sentences.

    Raises
    ------
    NotDelivered
        It is no acknowledgement.
    """
    said = _json(response)
    if response.status_code == _OK:
        if said is None and response.text.strip():
            raise TryLater(
                f"{where} answered with something else than MLflow does: a sign-in page or a "
                "proxy may stand in between.",
                arrived=True,
            )
        return said or {}
    raise _failure(response, said, where)


def _failure(response: Any, said: dict[str, Any] | None, where: str) -> NotDelivered:
    status = int(response.status_code)
    message = str((said or {}).get("message") or response.reason or "")[:_LONGEST_QUOTE]
    if status in _UNAUTHORIZED:
        return SignInNeeded(f"{where} asks for a sign-in ({status}): connect again.")
    if status == _TOO_MANY:
        return TryLater(f"{where} asks to slow down.", arrived=False, wait=_wait(response))
    if status >= _SERVER_ERRORS:
        reason = f"{where} fails ({status} {message})."
        return TryLater(reason, arrived=True, wait=_wait(response))
    if said is not None and said.get("error_code") == "RESOURCE_DOES_NOT_EXIST":
        return RunGone(message)
    if status == _TOO_LARGE or (said is not None and status >= _CLIENT_ERRORS):
        return Refused(message)
    # A proxy's page, a redirection: nobody who knows of runs has seen this.
    return TryLater(f"{where} answered {status}, not in MLflow's words.", arrived=False)


def failed_request(error: Exception, where: str) -> NotDelivered:
    """Say what it means that a request failed without an answer."""
    names = {type(cause).__name__ for cause in _causes(error)}
    if "SSLError" in names:
        return TryLater(f"{where} shows a certificate that is not trusted.", arrived=False)
    if names & _NEVER_SENT:
        return TryLater(f"{where} cannot be reached.", arrived=False)
    return TryLater(f"{where} does not answer.", arrived=True)


def from_store(error: Exception) -> NotDelivered:
    """Say what an error means that a store of this computer raised."""
    from mlflow.exceptions import MlflowException

    message = str(error)[:_LONGEST_QUOTE]
    if not isinstance(error, MlflowException):
        return TryLater(f"The store fails: {message}", arrived=True)
    code = error.error_code
    if code == "RESOURCE_DOES_NOT_EXIST":
        return RunGone(message)
    if code in {"UNAUTHENTICATED", "PERMISSION_DENIED", "CUSTOMER_UNAUTHORIZED"}:
        return SignInNeeded(message)
    if code in {"INVALID_PARAMETER_VALUE", "BAD_REQUEST", "INVALID_STATE", "RESOURCE_CONFLICT"}:
        return Refused(message)
    return TryLater(f"The store fails: {message}", arrived=True)


def _wait(response: Any) -> float | None:
    """Return the seconds of a Retry-After header, given as seconds or as a date."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    asked = response.headers.get("Retry-After")
    if not asked:
        return None
    try:
        return float(Retry().parse_retry_after(asked))
    except InvalidHeader:
        return None


def _json(response: Any) -> dict[str, Any] | None:
    try:
        said = json.loads(response.text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _causes(error: BaseException | None) -> list[BaseException]:
    """Return an error and all that stands behind it, libraries' own wrappings included."""
    found: list[BaseException] = []
    left = [error]
    while left:
        one = left.pop()
        if one is None or one in found:
            continue
        found.append(one)
        wrapped = [value for value in one.args if isinstance(value, BaseException)]
        left += [one.__cause__, one.__context__, getattr(one, "reason", None), *wrapped]
        left = [value for value in left if isinstance(value, BaseException)]
    return found
