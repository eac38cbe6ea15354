"""Authorize requests of the ``requests`` library; one whose token is rejected is sent once more."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from requests.auth import AuthBase

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

    from amlflow_jupyter.errors import AuthenticationRequired

_UNAUTHORIZED: Final = 401
_BEARER: Final = "Bearer "


class Tokens(Protocol):
    """Where tokens come from, such as a ``SharedCredential`` or a ``Renewing``."""

    def token(self) -> str:
        """Return the token that there is now."""

    def renew(self, rejected: str) -> bool:
        """Have another token than ``rejected`` from now on; return whether there is one."""

    def signed_out(self) -> AuthenticationRequired:
        """Return the error for a token that stays rejected."""


def authorized(headers: Mapping[str, str]) -> str | None:
    """Return the token that a request was sent with."""
    value = headers.get("Authorization") or ""
    text = value.decode() if isinstance(value, bytes) else value
    return text.removeprefix(_BEARER) if text.startswith(_BEARER) else None


class Bearer(AuthBase):
    """Puts one token into requests; as a mere header, ``~/.netrc`` would replace it.

    Parameters
    ----------
    token
        Goes to the host that is asked, and to none that it leads on to.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Authorize a request."""
        request.headers["Authorization"] = f"{_BEARER}{self._token}"
        return request


class Authorized(AuthBase):
    """Puts a token into requests, and a new one where the first is rejected.

    Parameters
    ----------
    tokens
        Where they come from.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Authorize a request, and watch for its answer."""
        request.headers["Authorization"] = f"{_BEARER}{self._tokens.token()}"
        body: Any = request.body
        begin = body.tell() if hasattr(body, "tell") else None
        answered = partial(self._answered, begin)
        request.register_hook("response", answered)  # type: ignore[no-untyped-call]
        return request

    def _answered(self, begin: int | None, response: Response, **options: Any) -> Response:
        """Return the answer, or that to the request with a new token.

        Parameters
        ----------
        begin
            Where the body begins, if it is a file: it was read to its end.

        Raises
        ------
        AuthenticationRequired
            That is rejected, too.
        """
        if response.status_code != _UNAUTHORIZED:
            return response
        rejected = authorized(response.request.headers)
        if rejected is None or not self._tokens.renew(rejected):
            raise self._tokens.signed_out()
        _ = response.content  # read to its end, so that the connection can be used again
        response.close()
        again = response.request.copy()
        again.headers["Authorization"] = f"{_BEARER}{self._tokens.token()}"
        if begin is not None:
            again.body.seek(begin)  # type: ignore[union-attr]
        answer: Response = response.connection.send(again, **options)
        answer.history.append(response)
        answer.request = again
        if answer.status_code == _UNAUTHORIZED:
            raise self._tokens.signed_out()
        return answer
