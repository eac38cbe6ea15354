"""The workspace of Azure ML: whether it is there, what one may do in it, and what it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from amlflow_jupyter.doctor.checks import hosts
from amlflow_jupyter.doctor.checks.mlflow_server import logged_models
from amlflow_jupyter.doctor.finding import Finding, Level, failure, ok, skipped
from amlflow_jupyter.doctor.network.endpoint import Endpoint, of_url
from amlflow_jupyter.doctor.permissions import Need, missing
from amlflow_jupyter.doctor.simultaneously import each
from amlflow_jupyter.doctor.subject import Subject
from amlflow_jupyter.errors import AmlflowError, BadTarget, NotAllowed, Unreachable
from amlflow_jupyter.workspaces.azure import cloud, tokens
from amlflow_jupyter.workspaces.azure.facts import AzureFacts

if TYPE_CHECKING:
    from amlflow_jupyter.workspaces.azure.asking import Answer
    from amlflow_jupyter.workspaces.azure.credentials import SignedIn

_WORKSPACE_VERSION: Final = "2022-05-01"
_PERMISSIONS_VERSION: Final = "2022-04-01"
_LOGGED_MODELS: Final = "/api/2.0/mlflow/logged-models/search"
_ROLE: Final = "AzureML Data Scientist"
_TENANT: Final = re.compile(r"--tenant ([\w.-]+)")
_SHOWN: Final = 10


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the workspace; nothing is written in it."""
    workspace = subject.workspace
    if workspace is None or workspace.kind != "azure":
        yield skipped("The target is no Azure ML workspace.")
        return
    try:
        signed_in = subject.access.signed_in()
    except AmlflowError as error:
        yield skipped(f"The workspace is not asked: {error}")
        return
    if signed_in is None:
        yield skipped("The workspace is not asked, because nobody is signed in.")
    elif workspace.azure is None:
        yield _visible(subject, signed_in)
    else:
        yield from _workspace(subject, replace(workspace.azure, signed_in=signed_in), signed_in)


def _workspace(subject: Subject, facts: AzureFacts, signed_in: SignedIn) -> Iterator[Finding]:
    from amlflow_jupyter.workspaces.azure import management

    try:
        found = management.facts(facts.address, signed_in, subject.timeout)
    except AmlflowError as error:
        yield failure(str(error), _remedy(subject, facts, signed_in, error))
        return
    here = replace(facts, address=found.address, host=facts.host or found.host)
    yield ok(f"{signed_in.identity} sees the workspace {found.address.name} in {found.region}.")
    yield from _allowed(subject, here, signed_in)
    yield from _hosts(subject, facts, here, signed_in)
    yield from _mlflow(subject, here, signed_in)


def _allowed(subject: Subject, facts: AzureFacts, signed_in: SignedIn) -> Iterator[Finding]:
    permissions = _permissions(subject, facts, signed_in)
    if permissions is None:
        yield skipped("What you may do in the workspace could not be asked.")
    else:
        yield from rights(subject, facts, signed_in, permissions)


def rights(
    subject: Subject,
    facts: AzureFacts,
    signed_in: SignedIn,
    permissions: Sequence[Mapping[str, Any]],
) -> Iterator[Finding]:
    """Judge what somebody may do in a workspace.

    Parameters
    ----------
    subject
        Says how commands are written.
    facts, signed_in
        The workspace, and who it is about.
    permissions
        What each role allows, as Resource Manager answers it.
    """
    lacking = missing(permissions)
    remedy = _assignment(subject, facts, signed_in)
    for essential in (True, False):
        needs = [need for need in lacking if need.essential is essential]
        if needs:
            level = Level.FAILURE if essential else Level.WARNING
            yield Finding(level, _lacking(signed_in, needs), remedy)
    if not lacking:
        yield ok(f"{signed_in.identity} may do in it all that amlflow does.")


def _lacking(signed_in: SignedIn, needs: Sequence[Need]) -> str:
    purposes = ", ".join(need.purpose for need in needs)
    return (
        f"{signed_in.identity} may not {purposes} ({needs[0].actions[0]}): the workspace's owner "
        f"can give the role {_ROLE!r}."
    )


def _permissions(
    subject: Subject, facts: AzureFacts, signed_in: SignedIn
) -> list[Mapping[str, Any]] | None:
    from amlflow_jupyter.workspaces.azure import management

    path = f"{facts.address.arm_id}/providers/Microsoft.Authorization/permissions"
    try:
        link = f"{path}?api-version={_PERMISSIONS_VERSION}"
        return list(management.pages(link, signed_in.credential, subject.timeout))
    except AmlflowError:
        return None


def _hosts(
    subject: Subject, known: AzureFacts, facts: AzureFacts, signed_in: SignedIn
) -> Iterator[Finding]:
    """Reach the hosts that only the workspace itself tells."""
    wanted = [] if known.host else [of_url(f"https://{facts.host}", "the workspace's services")]
    url = f"{cloud.current().management}{facts.address.arm_id}?api-version={_WORKSPACE_VERSION}"
    answer = _ask(subject, url, signed_in)
    account = _storage_account(answer.document if answer and answer.ok else {})
    if account:
        wanted.append(Endpoint(account, purpose="artifacts"))
    yield from each(lambda endpoint: hosts.reached(subject, endpoint), wanted)


def _storage_account(document: Mapping[str, Any]) -> str | None:
    """Return the host of a workspace's own storage account."""
    properties = document.get("properties")
    account = properties.get("storageAccount") if isinstance(properties, Mapping) else None
    name = str(account or "").rpartition("/")[2]
    suffix = urlsplit(cloud.current().resources[-1]).netloc.removeprefix("management.")
    return f"{name}.blob.{suffix}" if re.fullmatch(r"[a-z0-9]{3,24}", name) else None


def _mlflow(subject: Subject, facts: AzureFacts, signed_in: SignedIn) -> Iterator[Finding]:
    from amlflow_jupyter.workspaces.azure import naming, opening

    workspace = naming.describe_facts(facts)
    try:
        opening.check(workspace, subject.timeout)
    except AmlflowError as error:
        yield failure(str(error), _remedy(subject, facts, signed_in, error))
        return
    yield ok(f"The MLflow of the workspace answers at {facts.host}.")
    url = f"https://{facts.host}/mlflow/v2.0{facts.address.arm_id}{_LOGGED_MODELS}"
    answer = _ask(subject, url, signed_in, {"experiment_ids": ["0"], "max_results": 1})
    yield logged_models(answer.status if answer else None)


def _visible(subject: Subject, signed_in: SignedIn) -> Finding:
    from amlflow_jupyter.workspaces.azure import management

    try:
        found = management.visible(signed_in, subject.timeout)
    except AmlflowError as error:
        return failure(str(error), subject.commands.shell("az", "account", "list", "--all"))
    if not found:
        return failure(
            f"{signed_in.identity} sees no workspace in the tenant {signed_in.tenant}.",
            subject.commands.shell("az", "login", "--tenant", "TENANT"),
        )
    names = ", ".join(one.address.name for one in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ok(f"{signed_in.identity} sees the workspaces {names}{more}: name one to examine it.")


def _ask(
    subject: Subject, url: str, signed_in: SignedIn, json: Mapping[str, Any] | None = None
) -> Answer | None:
    from amlflow_jupyter.workspaces.azure.asking import ask

    try:
        return ask(url, signed_in.credential, subject.timeout, json)
    except AmlflowError:
        return None


def _remedy(
    subject: Subject, facts: AzureFacts, signed_in: SignedIn, error: AmlflowError
) -> str | None:
    commands = subject.commands
    if isinstance(error, NotAllowed):
        return _assignment(subject, facts, signed_in)
    if isinstance(error, BadTarget):
        return "%aml_connect azure"
    if isinstance(error, Unreachable):
        return commands.shell("curl", "-v", cloud.current().management)
    tenant = _TENANT.search(str(error))
    where = ("--tenant", tenant[1].rstrip(".")) if tenant else ()
    return commands.shell("az", "login", *where)


def _assignment(subject: Subject, facts: AzureFacts, signed_in: SignedIn) -> str:
    """Return what gives somebody the role, to be run by the workspace's owner."""
    try:
        token = signed_in.credential.get_token(cloud.current().scope).token
        who = str(tokens.claims(token).get("oid") or signed_in.identity)
    except AmlflowError:
        who = signed_in.identity
    words = ("az", "role", "assignment", "create", "--assignee", who, "--role", _ROLE)
    return subject.commands.shell(*words, "--scope", facts.address.arm_id)
