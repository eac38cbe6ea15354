"""The control of a running loopback workspace, over HTTP, from any process.

``Control`` is the client; the functions below are the handlers of its requests.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from loopback.calls import Call
from loopback.errors import AzureError
from loopback.faults import Fault
from loopback.tokens import HOUR

VARIABLE = "LOOPBACK_CONTROL"
# What can be set of the emulator, and how it is at the start.
SETTINGS = {
    "limits": False,
    "role": "Contributor",
    "az_signed_in": False,
    "az_error": "",
    "device_code_lifetime": 900,
}


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


async def answer(call: Call) -> Any:
    """Carry out one request of a ``Control``."""
    action = ACTIONS.get(call["action"])
    if action is None:
        raise AzureError(404, "NotFound", f"Control knows no {call['action']}")
    return action(call, await call.json())


def fail(call: Call, values: dict[str, Any]) -> None:
    """Switch a fault on."""
    call.emulator.faults.add(Fault(**values))


def clear(call: Call, _: dict[str, Any]) -> None:
    """Switch all faults off."""
    call.emulator.faults.clear()


def reset(call: Call, _: dict[str, Any]) -> None:
    """Set everything that can be switched as at the start."""
    emulator = call.emulator
    emulator.faults.clear()
    emulator.journal.clear()
    emulator.tokens.lifetime = HOUR
    for name, value in SETTINGS.items():
        setattr(emulator, name, value)
    emulator.device_codes.clear()


def requests(call: Call, _: dict[str, Any]) -> list[Any]:
    """Return what was asked."""
    return call.emulator.journal.requests


def unknown(call: Call, _: dict[str, Any]) -> list[Any]:
    """Return what was not known."""
    return call.emulator.journal.unknown


def refused(call: Call, _: dict[str, Any]) -> list[str]:
    """Return the names that were not connected."""
    return call.emulator.journal.refused


def forget_unknown(call: Call, _: dict[str, Any]) -> None:
    """Drop what was not known."""
    call.emulator.journal.unknown.clear()


def revoke_tokens(call: Call, _: dict[str, Any]) -> None:
    """Revoke all tokens."""
    call.emulator.tokens.revoke()


def settings(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Change what is given, and return what holds."""
    emulator = call.emulator
    emulator.tokens.lifetime = values.get("token_lifetime", emulator.tokens.lifetime)
    for name in SETTINGS:
        setattr(emulator, name, values.get(name, getattr(emulator, name)))
    return {
        "token_lifetime": emulator.tokens.lifetime,
        **{name: getattr(emulator, name) for name in SETTINGS},
    }


def device_codes(call: Call, _: dict[str, Any]) -> list[str]:
    """Return the user codes that wait."""
    return [
        each.user_code for each in call.emulator.device_codes.values() if each.answer == "pending"
    ]


def approve_device_code(call: Call, values: dict[str, Any]) -> None:
    """Answer a device code's sign-in."""
    for each in reversed(call.emulator.device_codes.values()):
        if each.answer == "pending" and values.get("user_code") in (None, each.user_code):
            each.answer = values.get("answer", "approved")
            return
    raise AzureError(404, "NotFound", "No device code waits.")


ACTIONS = {
    each.__name__: each
    for each in (
        fail,
        clear,
        reset,
        requests,
        unknown,
        refused,
        forget_unknown,
        revoke_tokens,
        settings,
        device_codes,
        approve_device_code,
    )
}
