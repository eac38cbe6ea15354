"""The token that an Azure Databricks cluster passes on for whoever uses it."""

from __future__ import annotations

from typing import Any

from amlflow_jupyter.workspaces.azure import tokens

# Seconds; what a token without an expiry is taken to live.
_SHORT = 300


class ClusterCredential:
    """Gives the cluster's token, as azure-identity's credentials give theirs.

    Parameters
    ----------
    dbutils
        The object of that name in a Databricks notebook.
    """

    def __init__(self, dbutils: Any) -> None:
        self._dbutils = dbutils

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        """Return the cluster's ``AccessToken``: it is for the resource manager, whoever asks."""
        import time

        from azure.core.credentials import AccessToken

        context = self._dbutils.notebook.entry_point.getDbutils().notebook().getContext()
        token = str(context.adlsAadToken().get())
        return AccessToken(token, int(tokens.expiry(token) or time.time() + _SHORT))
