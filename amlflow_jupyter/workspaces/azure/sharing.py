"""Let MLflow's stores of a workspace ask with the credential that is signed in; and take it back.

Also what the installed package does by itself in a job of Azure ML: there nobody connects.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import credentials, internals, tokens
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.surroundings import JobRun, job_run
from amlflow_jupyter.workspaces.workspace import Workspace

_TOKEN: Final = "AZUREML_RUN_TOKEN"  # noqa: S105 - its name
_EXPIRY: Final = "AZUREML_RUN_TOKEN_EXPIRY"


def share(workspace: Workspace) -> Callable[[], None]:
    """Let MLflow, and azureml-core by default, ask an opened workspace with its credential.

    Returns
    -------
    Callable
        Takes that back.
    """
    facts = workspace.azure
    if facts is None or facts.signed_in is None:
        return lambda: None
    who = facts.signed_in
    before = internals.share(workspace.uri, facts.address, facts.host, who.credential)
    take_back: list[Callable[[], None]] = [partial(internals.unshare, workspace.uri, before)]
    if who.method != "job":  # a job's token is for its run alone
        take_back.append(internals.default_authentication(who.credential, who.tenant))

    def undo() -> None:
        for undone in reversed(take_back):
            undone()

    return undo


def adopt_job(uri: str) -> None:
    """Give MLflow the renewing token of this job, before it makes its store of ``uri``.

    Nothing is done outside a job, for another workspace than the job's, or where somebody gave a
    credential before.
    """
    run = job_run()
    if run is None or not _is_of(uri, run) or internals.is_shared(uri):
        return
    say_expiry_in_utc()
    internals.share(uri, run.address, run.host, credentials.sign_in_job().credential)


def _is_of(uri: str, run: JobRun) -> bool:
    """Whether ``uri`` is of the workspace that a job runs in."""
    try:
        return urlsplit(uri).hostname == run.host and Address.from_uri(uri).is_same(run.address)
    except (ValueError, BadTarget):
        return False


def say_expiry_in_utc() -> None:
    """Write the end of the job's token so that azureml-core reads it right in any time zone.

    From a number of seconds it makes local time, which it then takes for UTC; a date that names
    its time zone stays what it is.
    """
    end = os.environ.get(_EXPIRY) or tokens.expiry(os.environ.get(_TOKEN, ""))
    try:
        moment = datetime.fromtimestamp(float(end or ""), UTC)
    except ValueError:
        return  # it is a date already, or there is none
    os.environ[_EXPIRY] = moment.isoformat()
