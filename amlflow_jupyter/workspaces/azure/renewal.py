"""Renew what a server rejected, whoever's credential it is: ours, azureml-core's, azure-identity's.

``workspace.get_mlflow_tracking_uri()`` of azureml-core, for instance, gives MLflow a credential of
its own.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from amlflow_jupyter.errors import AuthenticationRequired
from amlflow_jupyter.workspaces.azure import cloud, internals
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.quiet import quiet

# The Azure SDK's way of asking for a token that is newer than now.
_NEWER: Final = '{{"access_token":{{"nbf":{{"essential":true,"value":"{now}"}}}}}}'


def newer() -> str:
    """Return the claims that ask for a token which no cache holds yet."""
    return _NEWER.format(now=int(time.time()))


class Renewing:
    """Tokens of a credential that may be anyone's, and new ones where those are rejected.

    Parameters
    ----------
    auth
        Ours, azureml-core's, or azure-identity's.
    """

    def __init__(self, auth: Any) -> None:
        self._auth = auth

    def token(self) -> str:
        """Return the token that there is now."""
        return str(self._auth.get_token(cloud.current().scope).token)

    def renew(self, rejected: str) -> bool:
        """Have another token than ``rejected`` from now on; return whether there is one.

        Raises
        ------
        AmlflowError
            Our own credential found that nobody is signed in any more.
        """
        if own := self._own():
            return own.renew(rejected)
        if internals.drop_token(self._auth):
            return self.token() != rejected
        try:
            with quiet(logging.CRITICAL, "azure", "msal"):
                self._auth.get_token(cloud.current().scope, claims=newer())
                return self.token() != rejected
        except Exception:  # it keeps no such promise: then it has nothing newer to give
            return False

    def signed_out(self) -> AuthenticationRequired:
        """Return the error for a token that stays rejected: who was signed in, and what to do."""
        if own := self._own():
            return own.signed_out()
        return AuthenticationRequired(
            "Azure ML does not accept the sign-in any more (status 401): sign in again, for "
            "instance with `az login` in a terminal, and connect again with %aml_connect."
        )

    def _own(self) -> SharedCredential | None:
        """Return our credential, if it is behind what is asked: azureml-core's finds it late."""
        if isinstance(self._auth, SharedCredential):
            return self._auth
        return internals.shared_credential(self._auth)
