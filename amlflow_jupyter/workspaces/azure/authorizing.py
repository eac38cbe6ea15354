"""Authorize requests of the ``requests`` library; one whose token is rejected is sent once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from requests.auth import AuthBase

from amlflow_jupyter.workspaces.azure.renewal import authorized, renew, signed_out, token

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

_UNAUTHORIZED: Final = 401


class Authorized(AuthBase):
    """Puts a token into requests, and a new one where the first is rejected.

    Parameters
    ----------
    auth
        The credential that tokens come from.
    """

    def __init__(self, auth: Any) -> None:
        self._auth = auth

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Authorize a request, and watch for its answer."""
        request.headers["Authorization"] = f"Bearer {token(self._auth)}"
        request.register_hook("response", self._answered)  # type: ignore[no-untyped-call]
        return request

    def _answered(self, response: Response, **options: Any) -> Response:
        """Return the answer, or that to the request with a new token.

        Raises
        ------
        AuthenticationRequired
            That is rejected, too.
        """
        if response.status_code != _UNAUTHORIZED:
            return response
        rejected = authorized(response.request.headers)
        if rejected is None or not renew(self._auth, rejected):
            raise signed_out(self._auth)
        _ = response.content  # read to its end, so that the connection can be used again
        response.close()
        again = response.request.copy()
        again.headers["Authorization"] = f"Bearer {token(self._auth)}"
        answer: Response = response.connection.send(again, **options)
        answer.history.append(response)
        answer.request = again
        if answer.status_code == _UNAUTHORIZED:
            raise signed_out(self._auth)
        return answer
