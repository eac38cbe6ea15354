"""What MLflow asks to authorize a request to Azure; an entry point names this class."""

from __future__ import annotations

from typing import Any

from mlflow.tracking.request_auth.abstract_request_auth_provider import RequestAuthProvider

from amlflow_jupyter.tracking.renewing import AUTH_NAME, asking_credential


class AzureAuthorization(RequestAuthProvider):
    """Authorizes the requests of the stores that :class:`RenewingStore` is mixed in to."""

    def get_name(self) -> str:
        """Return the name that those stores give."""
        return AUTH_NAME

    def get_auth(self) -> Any:
        """Return what authorizes the request that this thread is about to send."""
        from amlflow_jupyter.workspaces.azure.authorizing import Authorized
        from amlflow_jupyter.workspaces.azure.renewal import Renewing

        return Authorized(Renewing(asking_credential()))
