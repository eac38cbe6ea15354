"""A stand-in for the ``az`` program: what azure-identity and azureml ask of it.

The program on the PATH only passes its arguments on; ``answer`` decides what it prints.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from loopback.calls import Call
from loopback.world import SUBSCRIPTIONS, TENANT, TENANTS, USER

VERSION = "2.67.0"
SIGNED_OUT = "Please run 'az login' to setup account."
PROGRAM = '''#!{python}
"""Stands in for the Azure CLI: what it prints is said by the loopback workspace."""
import json, sys, time, urllib.request

asked = json.dumps(
    {{"arguments": sys.argv[1:], "offset": time.localtime().tm_gmtoff}}
).encode()
request = urllib.request.Request("{url}", asked, {{"Content-Type": "application/json"}})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
with opener.open(request, timeout=60) as answer:
    said = json.load(answer)
sys.stdout.write(said["out"])
sys.stderr.write(said["err"])
sys.exit(said["code"])
'''


def write(folder: Path, url: str) -> None:
    """Write the program into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "az"
    program.write_text(PROGRAM.format(python=sys.executable, url=url))
    program.chmod(0o755)


async def answer(call: Call) -> dict[str, Any]:
    """Return what ``az`` prints and exits with."""
    asked = await call.json()
    arguments: list[str] = asked["arguments"]
    words = [each for each in arguments if not each.startswith("-")]
    options = dict(zip(arguments, [*arguments[1:], ""], strict=True))
    options["offset"] = asked["offset"]
    command = next((each for each in COMMANDS if words[: len(each)] == list(each)), None)
    if command is not None:
        return COMMANDS[command](call, options)
    if "--version" in arguments:
        return version(call, options)
    return failed(f"'{' '.join(words)}' is misspelled or not recognized by the system.", 2)


def token(call: Call, options: dict[str, str]) -> dict[str, Any]:
    """Return a token of the user who is signed in."""
    if not call.emulator.az_signed_in:
        return failed(SIGNED_OUT)
    if call.emulator.az_error:
        return failed(call.emulator.az_error)
    subscription = options.get("--subscription") or options.get("-s") or next(iter(SUBSCRIPTIONS))
    if subscription not in {*SUBSCRIPTIONS, *SUBSCRIPTIONS.values()}:
        return failed(f"The subscription of '{subscription}' doesn't exist in cloud 'AzureCloud'.")
    tenant = options.get("--tenant", TENANT)
    if tenant not in TENANTS:
        return failed(
            f"AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct "
            "tenant ID and are signing into the correct cloud."
        )
    audience = options.get("--resource") or options.get("--scope", "").removesuffix("/.default")
    issued, end = call.emulator.tokens.issue(USER, audience, tenant)
    # In the local time of whoever runs az, which need not be that of this process.
    local = datetime.fromtimestamp(end, UTC) + timedelta(seconds=float(options["offset"]))
    body = {
        "accessToken": issued,
        "expiresOn": local.strftime("%Y-%m-%d %H:%M:%S.000000"),
        "expires_on": end,
        "subscription": subscription,
        "tenant": tenant,
        "tokenType": "Bearer",
    }
    return printed(json.dumps(body, indent=2) + "\n")


def login(call: Call, options: dict[str, str]) -> dict[str, Any]:
    """Sign the user in."""
    call.emulator.az_signed_in = True
    return accounts(call, options)


def logout(call: Call, _: dict[str, str]) -> dict[str, Any]:
    """Sign the user out."""
    call.emulator.az_signed_in = False
    return printed("")


def version(call: Call, options: dict[str, str]) -> dict[str, Any]:
    """Return the version, as ``az --version`` or ``az version`` has it."""
    _ = call
    if "--version" in options:
        return printed(f"azure-cli                         {VERSION}\n\ncore  {VERSION}\n")
    return printed(json.dumps({"azure-cli": VERSION, "azure-cli-core": VERSION}))


def account(call: Call, _: dict[str, str]) -> dict[str, Any]:
    """Return the default subscription of the user who is signed in."""
    if not call.emulator.az_signed_in:
        return failed(SIGNED_OUT)
    return printed(json.dumps(subscriptions()[0], indent=2) + "\n")


def accounts(call: Call, _: dict[str, str]) -> dict[str, Any]:
    """Return all subscriptions of the user who is signed in."""
    if not call.emulator.az_signed_in:
        return failed(SIGNED_OUT)
    return printed(json.dumps(subscriptions(), indent=2) + "\n")


def subscriptions() -> list[dict[str, Any]]:
    """Return the subscriptions as ``az`` lists them."""
    return [
        {
            "environmentName": "AzureCloud",
            "homeTenantId": TENANT,
            "id": subscription,
            "isDefault": position == 0,
            "managedByTenants": [],
            "name": name,
            "state": "Enabled",
            "tenantId": TENANT,
            "user": {"name": USER.name, "type": "user"},
        }
        for position, (subscription, name) in enumerate(SUBSCRIPTIONS.items())
    ]


def printed(out: str) -> dict[str, Any]:
    """Return what a command that worked prints."""
    return {"out": out, "err": "", "code": 0}


def failed(message: str, code: int = 1) -> dict[str, Any]:
    """Return what a command that failed prints."""
    return {"out": "", "err": f"ERROR: {message}\n", "code": code}


COMMANDS = {
    ("account", "get-access-token"): token,
    ("account", "show"): account,
    ("account", "list"): accounts,
    ("login",): login,
    ("logout",): logout,
    ("version",): version,
}
