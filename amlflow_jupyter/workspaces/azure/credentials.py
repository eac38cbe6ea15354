"""Sign in to Azure: try the ways that there are, say which one worked, or why none did."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from amlflow_jupyter.errors import AuthenticationRequired, BadTarget, Unreachable
from amlflow_jupyter.workspaces.azure import cloud, tokens
from amlflow_jupyter.workspaces.azure.credential import Fetch, SharedCredential
from amlflow_jupyter.workspaces.azure.installed import require_azure
from amlflow_jupyter.workspaces.azure.job import keep_fresh
from amlflow_jupyter.workspaces.azure.methods import METHODS, Method, Tell
from amlflow_jupyter.workspaces.azure.reasons import condensed, is_network, is_timeout
from amlflow_jupyter.workspaces.azure.renewal import newer
from amlflow_jupyter.workspaces.azure.signed_in import SignedIn
from amlflow_jupyter.workspaces.azure.waiting import within
from amlflow_jupyter.workspaces.quiet import quiet

#: What ``--auth`` takes.
AUTH: Final = (
    "auto",
    "cli",
    "browser",
    "device",
    "managed",
    "service-principal",
    "environment",
)
#: Seconds to sign in, where nothing else is set: people need longer than programs.
DEADLINE: Final = 120.0
# Seconds for what needs no person; a computer without a network would take minutes.
_PATIENCE: Final = 20.0
# Ways of which each is told of, also where there was nothing to try: those that were asked for.
_FEW: Final = 2


@dataclass(frozen=True)
class Attempt:
    """What came of one way of signing in.

    Attributes
    ----------
    method, title
        Which way it was.
    outcome
        ``"worked"``, ``"failed"`` (also what is set up in part), or ``"absent"`` where there was
        nothing to try.
    reason
        Why it did not work, in one line; empty where it did.
    signed_in
        What it brought, where it worked.
    network
        Whether it failed for want of an answer: then nothing is known about the credentials.
    """

    method: str
    title: str
    outcome: Literal["worked", "failed", "absent"]
    reason: str = ""
    signed_in: SignedIn | None = None
    network: bool = False


def attempts(
    method: str = "auto",
    tenant: str | None = None,
    deadline: float = DEADLINE,
    tell: Tell | None = None,
) -> Iterator[Attempt]:
    """Yield what comes of each way of signing in, one after the other, as it is asked for.

    Parameters
    ----------
    method
        One of :data:`AUTH`.
    tenant
        Id or domain of the tenant to sign in to; without it the identity's own.
    deadline
        Seconds for one that needs a person; those that need none get 20 s at most.
    tell
        Shows a person what to do. Without it nobody is asked for anything.

    Raises
    ------
    BadTarget
        There is no such method.
    MissingAzure
        azure-identity is not installed.
    """
    require_azure()
    for way in _ways(method):
        if way.asks and tell is None:
            yield Attempt(way.name, way.title, "absent", "nobody can be asked here")
        elif reason := way.absent():
            begun = any(os.environ.get(name) for name in way.begun)
            yield Attempt(way.name, way.title, "failed" if begun else "absent", reason)
        else:
            seconds = deadline if way.asks else min(deadline, _PATIENCE)
            yield _attempt(way, tenant, seconds, tell or _nobody)


def sign_in(
    method: str = "auto",
    tenant: str | None = None,
    deadline: float = DEADLINE,
    tell: Tell | None = None,
) -> SignedIn:
    """Sign in to Azure by the first way that works.

    Parameters are those of :func:`attempts`.

    Raises
    ------
    AuthenticationRequired
        None works; the message gives the reason of each that failed in a line, names those that
        there was nothing to try of, and ends with the next step.
    Unreachable
        Azure could not be reached.
    BadTarget, MissingAzure
        As there.
    """
    tried: list[Attempt] = []
    for attempt in attempts(method, tenant, deadline, tell):
        if attempt.signed_in is not None:
            return attempt.signed_in
        tried.append(attempt)
    raise _failure(tried, tenant)


def sign_in_job() -> SignedIn:
    """Return the identity of the Azure ML job that this process belongs to; no network.

    Raises
    ------
    AuthenticationRequired
        This is no job, or one without a token.
    """
    way = next(way for way in METHODS if way.name == "job")
    reason = way.absent()
    tried = (
        Attempt(way.name, way.title, "absent", reason)
        if reason
        else _attempt(way, None, _PATIENCE, _nobody)
    )
    if tried.signed_in is None:
        raise AuthenticationRequired(f"The job cannot write to its run: {tried.reason}.")
    return tried.signed_in


def _ways(method: str) -> list[Method]:
    if method == "auto":
        return list(METHODS)
    if method not in AUTH:
        raise BadTarget(f"--auth {method}: choose from {', '.join(AUTH)}.")
    # A service principal may be named by Azure's variables as well as by azureml-core's.
    names = (method, "environment") if method == "service-principal" else (method,)
    found = [way for way in METHODS if way.name in names]
    # Who asks for a managed identity may be where only the network tells whether there is one.
    return [replace(way, absent=lambda: None) if method == "managed" else way for way in found]


def _attempt(way: Method, tenant: str | None, seconds: float, tell: Tell) -> Attempt:
    told: list[str] = []

    def ask(text: str) -> None:
        told.append(text)
        tell(text)

    fetch = _fetching(way, tenant, seconds, ask)
    try:
        with quiet(logging.CRITICAL, "azure", "msal"):
            first = fetch(cloud.current().scope, False)
    except Exception as error:
        if told and is_timeout(error):
            return Attempt(way.name, way.title, "failed", f"nobody signed in within {seconds:g} s")
        reason = condensed(error, seconds)
        return Attempt(way.name, way.title, "failed", reason, network=is_network(error))
    step = next_step(way.name, tenant or tokens.tenant(first.token))
    credential = SharedCredential(_translated(fetch, way, step), first, way.title, step)
    if way.name == "job":
        keep_fresh(credential, cloud.current().scope)
    found = SignedIn(
        credential=credential,
        method=way.name,
        title=way.title,
        identity=tokens.identity(first.token),
        tenant=tokens.tenant(first.token),
    )
    return Attempt(way.name, way.title, "worked", signed_in=found)


def _fetching(way: Method, tenant: str | None, seconds: float, tell: Tell) -> Fetch:
    """Return what fetches tokens; azure-identity's own caches may hold what was rejected.

    So its credential is made anew each time, except one that holds what a person gave.
    """
    kept: list[Any] = []

    def build() -> Any:
        if not way.keeps:
            return way.build(tenant, seconds, tell)
        if not kept:
            kept.append(way.build(tenant, seconds, tell))
        return kept[0]

    def fetch(scope: str, rejected: bool) -> Any:
        first = not kept
        credential = build()
        if way.asks and first:
            begin = credential.authenticate
            within(seconds, lambda: begin(scopes=[scope]))
        options = {"claims": newer()} if rejected and way.keeps else {}
        return within(seconds, lambda: credential.get_token(scope, **options))

    return fetch


def _translated(fetch: Fetch, way: Method, step: str) -> Fetch:
    """Return ``fetch`` with our errors: it is called in the middle of whatever the user does."""

    def translated(scope: str, rejected: bool) -> Any:
        try:
            with quiet(logging.CRITICAL, "azure", "msal"):
                return fetch(scope, rejected)
        except Exception as error:
            reason = condensed(error, _PATIENCE)
            if is_network(error):
                raise Unreachable(f"Azure cannot be reached to sign in again: {reason}.") from None
            raise AuthenticationRequired(
                f"The sign-in to Azure by {way.title} has ended ({reason}): {step}."
            ) from None

    return translated


def next_step(method: str, tenant: str | None) -> str:
    """Return what to do to be signed in by a method again."""
    where = f" --tenant {tenant}" if tenant else ""
    steps = {
        "cli": f"run `az login{where}` in a terminal",
        "azd": "run `azd auth login` in a terminal",
        "powershell": "run `Connect-AzAccount` in PowerShell",
        "browser": "sign in again with %aml_connect",
        "device": "sign in again with %aml_connect",
        "job": "submit the job again",
    }
    return steps.get(method, "check that its credentials still hold, and connect again")


def _failure(tried: list[Attempt], tenant: str | None) -> AuthenticationRequired | Unreachable:
    failed = [attempt for attempt in tried if attempt.outcome == "failed"]
    lines = _lines(tried, failed)
    if failed and all(attempt.network for attempt in failed):
        return Unreachable(
            "\n".join(["Azure cannot be reached to sign in:", *lines, "Check the network."])
        )
    return AuthenticationRequired(
        "\n".join(["Nothing signs you in to Azure:", *lines, _login(tried, tenant)])
    )


def _lines(tried: list[Attempt], failed: list[Attempt]) -> list[str]:
    """Return why each way did not work; of many that are not there, only their names."""
    named = tried if len(tried) <= _FEW else failed
    absent = [attempt.title for attempt in tried if attempt not in named]
    lines = [f"  {attempt.method}: {attempt.reason}" for attempt in named]
    return [*lines, f"  Not there to try: {', '.join(absent)}."] if absent else lines


def _login(tried: list[Attempt], tenant: str | None) -> str:
    """Return the next step, in the order in which its parts are to be done."""
    absent = {attempt.method for attempt in tried if attempt.outcome == "absent"}
    get = (
        "Install the Azure CLI (https://aka.ms/installazurecli), run" if "cli" in absent else "Run"
    )
    login = f"{get} `az login --tenant {tenant or 'TENANT'}` in a terminal and connect again"
    return f"{login}." if "device" in absent else f"{login}, or use --auth device."


def _nobody(_text: str) -> None:
    """Tell nobody: the method asks for nothing."""


__all__ = [
    "AUTH",
    "DEADLINE",
    "Attempt",
    "SignedIn",
    "attempts",
    "next_step",
    "sign_in",
    "sign_in_job",
]
