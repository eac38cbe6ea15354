"""Renew what a server rejected, whoever's credential it is: ours, azureml-core's, azure-identity's.

``workspace.get_mlflow_tracking_uri()`` of azureml-core, for instance, gives MLflow a credential of
its own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from amlflow_jupyter.errors import AuthenticationRequired
from amlflow_jupyter.workspaces.azure import cloud, internals
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.quiet import quiet

_BEARER: Final = "Bearer "
# The Azure SDK's way of asking for a token that is newer than now.
_NEWER: Final = '{{"access_token":{{"nbf":{{"essential":true,"value":"{now}"}}}}}}'


def newer() -> str:
    """Return the claims that ask for a token which no cache holds yet."""
    return _NEWER.format(now=int(time.time()))


def authorized(headers: Mapping[str, str]) -> str | None:
    """Return the token that a request was sent with."""
    value = headers.get("Authorization") or ""
    text = value.decode() if isinstance(value, bytes) else value
    return text.removeprefix(_BEARER) if text.startswith(_BEARER) else None


def token(auth: Any) -> str:
    """Return the token that ``auth`` gives now."""
    return str(auth.get_token(cloud.current().scope).token)


def renew(auth: Any, rejected: str) -> bool:
    """Make ``auth`` give another token than ``rejected``; return whether it does.

    Raises
    ------
    AmlflowError
        Our own credential found that nobody is signed in any more.
    """
    if isinstance(auth, SharedCredential):
        return auth.renew(rejected)
    own = internals.shared_credential(auth)
    if own is not None:
        return own.renew(rejected)
    if internals.drop_token(auth):
        return token(auth) != rejected
    try:
        with quiet(logging.CRITICAL, "azure", "msal"):
            auth.get_token(cloud.current().scope, claims=newer())
            return token(auth) != rejected
    except Exception:  # it keeps no such promise: then it has nothing newer to give
        return False


def signed_out(auth: Any) -> AuthenticationRequired:
    """Return the error for a token that stays rejected: who was signed in, and what to do."""
    own = auth if isinstance(auth, SharedCredential) else internals.shared_credential(auth)
    if own is not None:
        return own.signed_out()
    return AuthenticationRequired(
        "Azure ML does not accept the sign-in any more (status 401): sign in again, for instance "
        "with `az login` in a terminal, and connect again with %aml_connect."
    )
