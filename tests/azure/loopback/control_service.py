"""What answers a ``Control``: an action each, on plain HTTP."""

from __future__ import annotations

from typing import Any

from loopback.calls import Call
from loopback.errors import AzureError
from loopback.faults import Fault
from loopback.tokens import HOUR

# What can be set of the emulator, and how it is at the start.
SETTINGS = {
    "limits": False,
    "role": "Contributor",
    "az_signed_in": False,
    "az_error": "",
    "device_code_lifetime": 900,
}


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
