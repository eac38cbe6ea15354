"""The ways of signing in to Azure, one by one, and for how long a sign-in holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from amlflow_jupyter.doctor.checks.clock import set_clock
from amlflow_jupyter.doctor.finding import Finding, failure, ok, skipped, warning
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.errors import AmlflowError, MissingAzure
from amlflow_jupyter.workspaces.azure import cloud, tokens

if TYPE_CHECKING:
    from amlflow_jupyter.workspaces.azure.credentials import Attempt, SignedIn

_MINUTE: Final = 60.0
# Seconds. Clients renew a token before its last five minutes.
_SHORT: Final = 5 * _MINUTE


def check(subject: Subject) -> Iterator[Finding]:
    """Try each way of signing in to Azure; nobody is asked for anything."""
    workspace = subject.workspace
    if workspace is None or workspace.kind != "azure":
        yield skipped("The target is no Azure ML workspace.")
        return
    already = workspace.azure.signed_in if workspace.azure else None
    if already is not None:
        yield ok(f"The notebook is signed in by {already.title}, as {already.identity}.")
        yield lifetime(subject, already)
    try:
        yield from _ways(subject, already)
    except MissingAzure as error:
        yield failure(str(error), subject.commands.install("amlflow-jupyter[azure]"))


def _ways(subject: Subject, already: SignedIn | None) -> Iterator[Finding]:
    """Yield what comes of each way, the first that works being the one that is used."""
    used, failed = already, []
    for attempt in subject.access.attempts():
        if attempt.signed_in is None:
            failed += [attempt] if attempt.outcome == "failed" else []
            yield unused(subject, attempt, needed=used is None)
        elif used is None:
            used = attempt.signed_in
            yield ok(f"Signed in by {used.title}: {used.identity}, in {_tenant(used)}.")
            yield lifetime(subject, used)
        else:
            yield ok(f"Also possible by {attempt.title}: {attempt.signed_in.identity}.")
    if used is None:
        yield nothing(subject, failed)


def unused(subject: Subject, attempt: Attempt, *, needed: bool) -> Finding:
    """Tell why a way of signing in does not work.

    Parameters
    ----------
    subject
        Says how commands are written.
    attempt
        What came of it.
    needed
        Whether no way before it has worked: it matters only then.
    """
    sentence = f"Not signed in by {attempt.title}: {attempt.reason}."
    if attempt.outcome == "absent" or not needed:
        return skipped(sentence)
    if attempt.network:
        return warning(sentence, _ask_login(subject))
    return warning(sentence, _remedy(subject, attempt.method))


def nothing(subject: Subject, failed: list[Attempt]) -> Finding:
    """Tell that no way works, and what to do."""
    if failed and all(attempt.network for attempt in failed):
        return failure(
            "Azure does not answer, so that it cannot be told whether you can sign in.",
            _ask_login(subject),
        )
    return failure("Nothing signs you in to Azure.", _az_login(subject))


def lifetime(subject: Subject, signed_in: SignedIn) -> Finding:
    """Judge for how long a sign-in holds."""
    try:
        token = signed_in.credential.get_token(cloud.current().scope).token
    except AmlflowError as error:
        return failure(str(error), _remedy(subject, signed_in.method))
    expires = tokens.expiry(token)
    if expires is None:
        return skipped("Its token does not tell for how long it holds.")
    return left(subject, signed_in.method, expires - time.time())


def left(subject: Subject, method: str, seconds: float) -> Finding:
    """Judge the ``seconds`` that a token holds yet."""
    if seconds <= 0:
        return failure(
            f"Its token expired {_shown(-seconds)} ago, by the clock of this computer.",
            set_clock(subject.commands),
        )
    if seconds < _SHORT:
        return warning(
            f"Its token holds for {_shown(seconds)} only, and must be renewed that often.",
            _remedy(subject, method),
        )
    return ok(f"Its token holds for {_shown(seconds)} and is renewed by itself.")


def _remedy(subject: Subject, method: str) -> str:
    commands = subject.commands
    if method in {"environment", "service-principal"}:
        return commands.set_variable("AZURE_CLIENT_SECRET", "SECRET")
    if method == "azd":
        return commands.shell("azd", "auth", "login")
    if method == "powershell":
        return commands.shell("pwsh", "-Command", "Connect-AzAccount")
    return _az_login(subject)


def _ask_login(subject: Subject) -> str:
    return subject.commands.shell("curl", "-v", f"https://{cloud.current().login}")


def _az_login(subject: Subject) -> str:
    azure = subject.workspace.azure if subject.workspace else None
    where = ("--tenant", azure.tenant) if azure and azure.tenant else ()
    return subject.commands.shell("az", "login", *where)


def _tenant(signed_in: SignedIn) -> str:
    return f"the tenant {signed_in.tenant}" if signed_in.tenant else "a tenant that is not named"


def _shown(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} minutes"
