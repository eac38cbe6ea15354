"""The control of a running loopback workspace, over HTTP, from any process."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from loopback.faults import Fault

VARIABLE = "LOOPBACK_CONTROL"


class Control:
    """Switch faults and limits of a running loopback workspace, and read what it was asked.

    Parameters
    ----------
    url
        The address that ``Loopback.control`` has; other processes find it in the environment
        variable ``LOOPBACK_CONTROL``.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def fail(
        self,
        path: str,
        status: int | None = None,
        *,
        times: int | None = None,
        skip: int = 0,
        delay: float = 0.0,
        body: Any = None,
        retry_after: float | None = None,
        headers: dict[str, str] | None = None,
        after: bool = False,
        lost: bool = False,
    ) -> None:
        """Strike the requests that match a regular expression.

        Parameters
        ----------
        path
            Searched in ``METHOD host/path?query``.
        status
            The HTTP status to answer. Without one (and without ``lost``) the request is only
            made to wait.
        times
            How many requests are struck; all when not given.
        skip
            How many matching requests pass first.
        delay
            Seconds to wait first.
        body
            What to answer, text or JSON; Azure's error body when not given.
        retry_after
            The seconds of a ``Retry-After`` header.
        headers
            Further headers.
        after
            Whether the request is carried out, and only its answer is bad.
        lost
            Whether the connection is cut instead of answered.
        """
        sent = dict(headers or {})
        if retry_after is not None:
            sent["Retry-After"] = f"{retry_after:g}"
        fault = Fault(path, status, times, skip, delay, body, sent, after, lost)
        self._ask("fail", vars(fault))

    def clear(self) -> None:
        """Switch all faults off."""
        self._ask("clear")

    def reset(self) -> None:
        """Switch faults and limits off, and set token lifetime, role and ``az`` as at the start.

        What was asked so far is forgotten, what was unknown is not.
        """
        self._ask("reset")

    def requests(self, containing: str = "") -> list[dict[str, Any]]:
        """Return the requests since the last reset: method, host, path, status, at, seconds."""
        asked: list[dict[str, Any]] = self._ask("requests")
        return [
            each for each in asked if containing in f"{each['method']} {each['host']}{each['path']}"
        ]

    def unknown(self) -> list[dict[str, Any]]:
        """Return the requests of the whole session that no route answers."""
        return list(self._ask("unknown"))

    def refused(self) -> list[str]:
        """Return the names, since the last reset, to which the proxy did not connect."""
        return list(self._ask("refused"))

    def forget_unknown(self) -> None:
        """Drop the unknown requests; for tests of just that."""
        self._ask("forget_unknown")

    def revoke_tokens(self) -> None:
        """Reject from now on every token that was issued up to now."""
        self._ask("revoke_tokens")

    @property
    def token_lifetime(self) -> float:
        """Seconds that newly issued tokens live."""
        return float(self._ask("settings")["token_lifetime"])

    @token_lifetime.setter
    def token_lifetime(self, seconds: float) -> None:
        self._ask("settings", {"token_lifetime": seconds})

    @property
    def limits(self) -> bool:
        """Whether Azure's documented limits hold."""
        return bool(self._ask("settings")["limits"])

    @limits.setter
    def limits(self, on: bool) -> None:
        self._ask("settings", {"limits": on})

    @property
    def role(self) -> str:
        """What the caller may do: ``Contributor``, or ``Reader``, who may write nothing."""
        return str(self._ask("settings")["role"])

    @role.setter
    def role(self, name: str) -> None:
        self._ask("settings", {"role": name})

    @property
    def az_signed_in(self) -> bool:
        """Whether somebody is signed in to the ``az`` on the PATH."""
        return bool(self._ask("settings")["az_signed_in"])

    @az_signed_in.setter
    def az_signed_in(self, on: bool) -> None:
        self._ask("settings", {"az_signed_in": on})

    @property
    def az_error(self) -> str:
        """What ``az`` says in place of a token; empty when it gives one."""
        return str(self._ask("settings")["az_error"])

    @az_error.setter
    def az_error(self, message: str) -> None:
        self._ask("settings", {"az_error": message})

    @property
    def device_code_lifetime(self) -> float:
        """Seconds in which a new device code must be used."""
        return float(self._ask("settings")["device_code_lifetime"])

    @device_code_lifetime.setter
    def device_code_lifetime(self, seconds: float) -> None:
        self._ask("settings", {"device_code_lifetime": seconds})

    def device_codes(self) -> list[str]:
        """Return the user codes of device code sign-ins that wait for their user."""
        return list(self._ask("device_codes"))

    def approve_device_code(self, user_code: str | None = None) -> None:
        """Sign in with a device code as the user would; the newest when none is given."""
        self._ask("approve_device_code", {"user_code": user_code})

    def decline_device_code(self, user_code: str | None = None) -> None:
        """Refuse a device code's sign-in as the user would."""
        self._ask("approve_device_code", {"user_code": user_code, "answer": "declined"})

    def _ask(self, action: str, values: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/{action}",
            data=json.dumps(values or {}).encode(),
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")
