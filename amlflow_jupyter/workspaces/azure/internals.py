"""The private names of azureml-core and azureml-mlflow that amlflow touches. No other file does.

Read in azureml-core 1.60 to 1.62 and azureml-mlflow 1.60 to 1.62.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from amlflow_jupyter.workspaces.azure import cloud, management, tokens
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.azure.importing import change_when_imported

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


def default_authentication(credential: SharedCredential, tenant: str | None) -> Callable[[], None]:
    """Let azureml-core's default authentication be ``credential``; return what takes that back.

    ``Workspace.from_config()`` without ``auth=`` asks it. azureml-core is not imported for this.

    Parameters
    ----------
    tenant
        The tenant of the credential: who asks for another gets azureml-core's own way.
    """

    def change(module: Any) -> Callable[[], None]:
        default = module.InteractiveLoginAuthentication
        before = default._get_ambient  # noqa: SLF001

        def _get_ambient(self: Any, cloud: Any) -> Any:
            if self._tenant_id in (None, tenant):
                return _authentication_class()(credential)
            return before(self, cloud)

        default._get_ambient = _get_ambient  # noqa: SLF001

        def undo() -> None:
            default._get_ambient = before  # noqa: SLF001

        return undo

    return change_when_imported("azureml.core.authentication", change)


@cache
def _authentication_class() -> type:
    """Make a class of azureml-core's authentication: its base is imported only here."""
    from azureml.core.authentication import AbstractAuthentication

    name = "SharedAuthentication"
    return type(name, (_SharedAuthentication, AbstractAuthentication), {"__module__": __name__})


class _SharedAuthentication:
    """Authenticates azureml-core with the credential that MLflow uses, too."""

    _get_aml_resource_id: Callable[[], str]

    def __init__(self, credential: SharedCredential) -> None:
        super().__init__(cloud=cloud.current().name)  # type: ignore[call-arg]
        self.credential = credential

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """Return a token as azure-identity's credentials do: azureml-mlflow asks so."""
        return self.credential.get_token(*(scopes or (cloud.current().scope,)), **options)

    def signed_session(self, session: Any = None) -> Any:
        """Return a session whose requests carry a token, renewed once where it is rejected."""
        import requests

        from amlflow_jupyter.workspaces.azure.authorizing import Authorized

        session = session or requests.Session()
        session.auth = Authorized(self.credential)
        return session

    def _get_arm_token(self) -> str:
        return self._token_for(cloud.current().scope)

    def _get_graph_token(self) -> str:
        return self._token_for("https://graph.microsoft.com/.default")

    def _get_azureml_client_token(self) -> str:
        return self._token_for(f"{self._get_aml_resource_id()}/.default")

    def _get_resource_token(self, resource: str) -> str:
        return self._token_for(f"{resource}/.default")

    def _get_all_subscription_ids(self) -> Any:
        """Return name and id of each subscription, and the tenant; a lost token is renewed."""
        from azureml.core.authentication import _SubscriptionInfo

        found = management.subscriptions(self.credential, _TIMEOUT)
        pairs = [_SubscriptionInfo(name, own_id) for own_id, name in found.items()]
        return pairs, tokens.tenant(self._get_arm_token())

    def _get_workspace(self, *_args: Any, **_options: Any) -> None:
        """Return none: the resource manager may be asked."""

    def _token_for(self, scope: str) -> str:
        return str(self.credential.get_token(scope).token)


def shared_credential(auth: Any) -> SharedCredential | None:
    """Return our credential behind azureml-core's authentication, where it is ours."""
    for each in _behind(auth):
        if isinstance(found := getattr(each, "credential", None), SharedCredential):
            return found
    return None


def drop_token(auth: Any) -> bool:
    """Make azureml-core's own service principal forget its token; return whether it is one."""
    principals = [each for each in _behind(auth) if hasattr(each, "_cached_arm_token")]
    for each in principals:
        each._cached_arm_token = None  # noqa: SLF001
    return bool(principals)


def _behind(auth: Any) -> tuple[Any, Any]:
    """Return an authentication, and what azureml-core's default one found to ask in its place."""
    return auth, getattr(auth, "_ambient_auth", None)


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


_artifacts_uri: ContextVar[str | None] = ContextVar("_artifacts_uri", default=None)


@contextmanager
def artifacts_of(tracking_uri: str | None) -> Iterator[None]:
    """Let a repository of artifacts that is built in the block ask as a tracking URI's store does.

    azureml-mlflow takes the store that MLflow logs to, whichever workspace's the artifacts are.
    """
    from azureml.mlflow._store.artifact import utils

    current = utils.get_service_context
    if not hasattr(current, "amlflow_asks_by_uri"):
        utils.get_service_context = _by_uri(current)
    token = _artifacts_uri.set(tracking_uri)
    try:
        yield
    finally:
        _artifacts_uri.reset(token)


def _by_uri(current: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def get_service_context(parsed_artifacts_url: Any) -> Any:
        from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader

        uri = _artifacts_uri.get()
        if uri and uri.startswith("azureml:"):
            return _AzureMLServiceContextLoader.load_service_context(uri)
        return current(parsed_artifacts_url)

    get_service_context.amlflow_asks_by_uri = True  # type: ignore[attr-defined]
    return get_service_context


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
