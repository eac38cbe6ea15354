"""What a workspace is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from amlflow_jupyter.resources.asking import ask


@dataclass(frozen=True)
class Details:
    """A workspace and the resources that belong to it.

    Attributes
    ----------
    name, friendly_name, description, subscription_id, resource_group, region, state
        Of the workspace.
    storage_account, key_vault, application_insights, container_registry
        Resource ids; None for what was not made yet.
    identity, identity_id, tenant_id
        The kind of the workspace's own identity, its object id, and the tenant.
    tags
        Of the resource.
    created
        When, as ISO 8601.
    mlflow_tracking_uri
        Where MLflow finds it.
    """

    name: str
    friendly_name: str | None
    description: str | None
    subscription_id: str
    resource_group: str
    region: str
    state: str | None
    storage_account: str | None
    key_vault: str | None
    application_insights: str | None
    container_registry: str | None
    identity: str | None
    identity_id: str | None
    tenant_id: str | None
    tags: dict[str, str]
    created: str | None
    mlflow_tracking_uri: str | None

    @classmethod
    def of(cls, core: Any) -> Self:
        """Ask for the details of an azureml-core workspace.

        ``Workspace.get_details`` also holds keys of telemetry: only what is named here is taken.

        Raises
        ------
        AmlflowError
            They cannot be read.
        """
        doing = f"The workspace {core.name!r} cannot be read"
        return ask(core, doing, lambda: cls._read(core, core.get_details()))

    @classmethod
    def _read(cls, core: Any, said: dict[str, Any]) -> Self:
        # Nested or flat: versions of azureml-core differ.
        identity = said.get("identity") or {}
        return cls(
            name=str(said.get("name") or core.name),
            friendly_name=_text(said.get("friendlyName")),
            description=_text(said.get("description")),
            subscription_id=core.subscription_id,
            resource_group=core.resource_group,
            region=str(said.get("location") or ""),
            state=_text(said.get("provisioningState")),
            storage_account=_text(said.get("storageAccount")),
            key_vault=_text(said.get("keyVault")),
            application_insights=_text(said.get("applicationInsights")),
            container_registry=_text(said.get("containerRegistry")),
            identity=_text(identity.get("type") or said.get("identityType")),
            identity_id=_text(identity.get("principal_id") or said.get("identityPrincipalId")),
            tenant_id=_text(identity.get("tenant_id") or said.get("identityTenantId")),
            tags={str(key): str(value) for key, value in (said.get("tags") or {}).items()},
            created=_text(said.get("creationTime")),
            mlflow_tracking_uri=_tracking_uri(core),
        )


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _tracking_uri(core: Any) -> str | None:
    uri = core.get_mlflow_tracking_uri()
    return str(uri).partition("?")[0] if uri else None
