"""The private names of azureml-core and azureml-mlflow that amlflow touches. No other file does.

Read in azureml-core 1.60 to 1.62 and azureml-mlflow 1.60 to 1.62.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from amlflow_jupyter.workspaces.azure import cloud, management, tokens
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.credential import SharedCredential

# Seconds; azureml-core has no deadline to give.
_TIMEOUT: Final = 30.0


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
    import requests
    from azureml.core.authentication import AbstractAuthentication, _SubscriptionInfo

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
            """Return name and id of each subscription, and the tenant; a lost token is renewed."""
            found = management.subscriptions(self.credential, _TIMEOUT)
            pairs = [_SubscriptionInfo(name, own_id) for own_id, name in found.items()]
            return pairs, tokens.tenant(self._get_arm_token())

        def _get_workspace(self, *_args: Any, **_options: Any) -> None:
            """Return none: the resource manager may be asked."""

        def signed_session(self, session: Any = None) -> Any:
            """Return a session whose requests carry a token, renewed once where it is rejected."""
            from amlflow_jupyter.workspaces.azure.authorizing import Authorized

            session = session or requests.Session()
            session.auth = Authorized(self.credential)
            return session

        def _token_for(self, scope: str) -> str:
            return str(self.credential.get_token(scope).token)

    return SharedAuthentication


def shared_credential(auth: Any) -> SharedCredential | None:
    """Return our credential behind azureml-core's authentication, where it is ours."""
    found = getattr(auth, "credential", None)
    return found if isinstance(found, SharedCredential) else None


def drop_token(auth: Any) -> bool:
    """Make azureml-core's own service principal forget its token; return whether it is one."""
    if not hasattr(auth, "_cached_arm_token"):
        return False
    auth._cached_arm_token = None  # noqa: SLF001
    return True


def watch_artifacts(repository: Any, authorize: Callable[[Any], type]) -> None:
    """Give the client of an artifact repository another class for its authentication.

    Parameters
    ----------
    authorize
        Makes the class from the one that is there.
    """
    config = getattr(getattr(repository.artifacts, "_client", None), "_config", None)
    policy = getattr(config, "authentication_policy", None)
    if policy is not None:
        policy.__class__ = authorize(type(policy))


def share(uri: str, address: Address, host: str, credential: SharedCredential) -> Any:
    """Let MLflow's stores of a tracking URI ask with ``credential``; return the one before.

    azureml-mlflow keeps one service context a URI, and would look for credentials by itself where
    it has none; giving it the cloud spares it a question to the network. Stores that are there
    hold the context that is there: in that the credential is exchanged.
    """
    from azureml.mlflow._common._cloud.cloud import _get_cloud_or_default
    from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader
    from azureml.mlflow._internal.utils import ServiceContext

    if is_shared(uri):
        context = _AzureMLServiceContextLoader.get_service_context(uri)
        before, context._auth = context._auth, credential  # noqa: SLF001
        return before
    context = ServiceContext(
        host_url=f"https://{host}",
        subscription_id=address.subscription_id,
        workspace_name=address.name,
        resource_group_name=address.resource_group,
        auth=credential,
        cloud=_get_cloud_or_default(cloud.current().name),
    )
    _AzureMLServiceContextLoader.add_service_context(uri, context)
    return None


def unshare(uri: str, before: Any) -> None:
    """Take back what :func:`share` did, which returned ``before``."""
    from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader

    if before is not None and is_shared(uri):
        _AzureMLServiceContextLoader.get_service_context(uri)._auth = before  # noqa: SLF001
        return
    contexts = _AzureMLServiceContextLoader._tracking_uri_to_service_context  # noqa: SLF001
    contexts.pop(uri.split("?", maxsplit=1)[0], None)


def is_shared(uri: str) -> bool:
    """Whether azureml-mlflow has a service context for a tracking URI already."""
    from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader

    return bool(_AzureMLServiceContextLoader.has_service_context(uri))
