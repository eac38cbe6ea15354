"""One authenticated request to Azure, with a deadline; a rejected token is renewed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from amlflow_jupyter.errors import Unreachable
from amlflow_jupyter.workspaces.azure import cloud
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.azure.plain import plain
from amlflow_jupyter.workspaces.azure.reasons import condensed, without_secrets
from amlflow_jupyter.workspaces.azure.waiting import TooLong, within

_UNAUTHORIZED: Final = 401


@dataclass(frozen=True)
class Answer:
    """What Azure answered.

    Attributes
    ----------
    status
        HTTP's.
    document
        The JSON object of its body; empty where there is none.
    headers
        HTTP's; their names' case does not matter.
    """

    status: int
    document: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Whether it was what was asked for."""
        return self.status == 200  # noqa: PLR2004 - HTTP's word for it

    @property
    def code(self) -> str:
        """Azure's code of an error, such as ``"AuthorizationFailed"``."""
        return str(self._error().get("code") or "")

    @property
    def message(self) -> str:
        """Azure's words for an error, on one line and without a secret."""
        lines = str(self._error().get("message") or "").strip().split("\n")
        return without_secrets(plain(lines[0]))[:300]

    def _error(self) -> Mapping[str, Any]:
        error = self.document.get("error")
        return error if isinstance(error, Mapping) else self.document


def ask(
    url: str,
    credential: SharedCredential,
    timeout: float,
    json: Mapping[str, Any] | None = None,
) -> Answer:
    """Ask Azure: GET, or POST where ``json`` is given.

    Raises
    ------
    Unreachable
        Nobody answered within ``timeout`` seconds.
    AmlflowError
        There is no token to ask with.
    """
    token = credential.get_token(cloud.current().scope).token
    answer = _send(url, token, timeout, json)
    if answer.status == _UNAUTHORIZED and credential.renew(token):
        token = credential.get_token(cloud.current().scope).token
        answer = _send(url, token, timeout, json)
    return answer


def _send(url: str, token: str, timeout: float, json: Mapping[str, Any] | None) -> Answer:
    """Send one request; its own timeout leaves out the name's look-up and a dripping answer."""
    import requests

    from amlflow_jupyter.workspaces.azure.authorizing import Bearer

    def send() -> requests.Response:
        return requests.request(
            "GET" if json is None else "POST",
            url,
            json=json,
            auth=Bearer(token),
            timeout=timeout,
        )

    try:
        response = within(timeout, send)
    except (requests.RequestException, TooLong) as error:
        host = url.split("/")[2]
        raise Unreachable(f"{host} cannot be reached: {condensed(error, timeout)}.") from None
    return Answer(response.status_code, _document(response), response.headers)


def _document(response: Any) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}
