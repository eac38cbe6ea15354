"""The private names of azureml-core and azureml-mlflow that amlflow touches. No other file does.

Read in azureml-core 1.60 to 1.62 and azureml-mlflow 1.60 to 1.62.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from amlflow_jupyter.workspaces.azure import cloud
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.credential import SharedCredential


def core_workspace(address: Address, region: str, credential: SharedCredential) -> Any:
    """Return an ``azureml.core.Workspace`` that asks with ``credential``.

    ``_location`` spares it a question; ``_disable_service_check`` spares it asking whether the
    workspace is there, which is known.
    """
    from azureml.core import Workspace

    return Workspace(
        subscription_id=address.subscription_id,
        resource_group=address.resource_group,
        workspace_name=address.name,
        auth=_authentication_class()(credential),
        _location=region or None,
        _disable_service_check=True,
        _cloud=cloud.current().name,
    )


@cache
def _authentication_class() -> type:
    """Make the subclass of azureml-core's authentication: its base is imported only here."""
    from azureml.core.authentication import AbstractAuthentication, ArmTokenAuthentication

    class SharedAuthentication(AbstractAuthentication):
        """Authenticates azureml-core with the credential that MLflow uses, too."""

        def __init__(self, credential: SharedCredential) -> None:
            super().__init__(cloud=cloud.current().name)
            self.credential = credential

        def get_token(self, *scopes: str, **options: Any) -> Any:
            """Return a token as azure-identity's credentials do: azureml-mlflow asks so."""
            return self.credential.get_token(*(scopes or (cloud.current().scope,)), **options)

        def _get_arm_token(self) -> str:
            return self._token_for(cloud.current().scope)

        def _get_graph_token(self) -> str:
            return self._token_for("https://graph.microsoft.com/.default")

        def _get_azureml_client_token(self) -> str:
            return self._token_for(f"{self._get_aml_resource_id()}/.default")

        def _get_all_subscription_ids(self) -> Any:
            token = ArmTokenAuthentication(self._get_arm_token(), cloud.current().name)
            return token._get_all_subscription_ids()  # noqa: SLF001

        def _get_workspace(self, *_args: Any, **_options: Any) -> None:
            """Return none: the resource manager may be asked."""

        def _token_for(self, scope: str) -> str:
            return str(self.credential.get_token(scope).token)

    return SharedAuthentication


def share(uri: str, address: Address, host: str, credential: SharedCredential) -> None:
    """Let MLflow's stores of a tracking URI ask with ``credential``.

    azureml-mlflow keeps one service context a URI, and would look for credentials by itself where
    it has none; giving it the cloud spares it a question to the network.
    """
    from azureml.mlflow._common._cloud.cloud import _get_cloud_or_default
    from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader
    from azureml.mlflow._internal.utils import ServiceContext

    context = ServiceContext(
        host_url=f"https://{host}",
        subscription_id=address.subscription_id,
        workspace_name=address.name,
        resource_group_name=address.resource_group,
        auth=credential,
        cloud=_get_cloud_or_default(cloud.current().name),
    )
    _AzureMLServiceContextLoader.add_service_context(uri, context)


def unshare(uri: str) -> None:
    """Take back what :func:`share` did."""
    from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader

    contexts = _AzureMLServiceContextLoader._tracking_uri_to_service_context  # noqa: SLF001
    contexts.pop(uri.split("?", maxsplit=1)[0], None)
