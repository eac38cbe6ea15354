"""The made-up part of Azure: tenants, subscriptions, identities and the first workspaces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

TENANT = "8a1c6a70-6c1c-4a4e-9d0f-2b7f5a3e1d01"
OTHER_TENANT = "5d2f4e11-93a7-4b60-8f57-c1d20c7e9902"
TENANTS = {TENANT: "Contoso", OTHER_TENANT: "Fabrikam"}

SUBSCRIPTIONS = {
    "11111111-2222-4333-8444-555555555501": "Contoso Research",
    "11111111-2222-4333-8444-555555555502": "Contoso Production",
}
FIRST, SECOND = SUBSCRIPTIONS

PROVIDER = "Microsoft.MachineLearningServices"
STORAGE_ACCOUNT = "loopbackstorage"
# Any key will do: it never leaves the machine.
STORAGE_KEY = "bG9vcGJhY2sgd29ya3NwYWNlIHN0b3JhZ2Uga2V5IG9mIGEgdGVzdCwgbm90IGEgc2VjcmV0ISEhISE="


@dataclass(frozen=True)
class Identity:
    """Someone or something that signs in."""

    object_id: str
    name: str
    client_id: str = ""
    secret: str = ""

    @property
    def is_user(self) -> bool:
        """Whether it is a person rather than an application."""
        return "@" in self.name


SERVICE_PRINCIPAL = Identity(
    "aaaaaaaa-0000-4000-8000-000000000001",
    "loopback-pipeline",
    "cccccccc-0000-4000-8000-000000000001",
    "loopback-client-secret-1234567890",
)
MANAGED_IDENTITY = Identity(
    "aaaaaaaa-0000-4000-8000-000000000002",
    "loopback-compute-instance",
    "cccccccc-0000-4000-8000-000000000002",
)
USER = Identity("aaaaaaaa-0000-4000-8000-000000000003", "ada@contoso.example")
IDENTITIES = {each.object_id: each for each in (SERVICE_PRINCIPAL, MANAGED_IDENTITY, USER)}


@dataclass(frozen=True)
class Workspace:
    """A workspace's address and the names of what belongs to it."""

    subscription: str
    group: str
    name: str
    region: str

    @property
    def arm_id(self) -> str:
        """The resource's id in Resource Manager."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/{PROVIDER}/workspaces/{self.name}"
        )

    @property
    def id(self) -> str:
        """The workspace's GUID, the same for the same address."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.arm_id.lower()))

    @property
    def api(self) -> str:
        """The host name of the services in the workspace's region."""
        return f"{self.region}.api.azureml.ms"

    @property
    def tracking_uri(self) -> str:
        """The address of its MLflow endpoints, as Azure gives it."""
        return f"azureml://{self.api}/mlflow/v2.0{self.arm_id}"

    @property
    def container(self) -> str:
        """The blob container of its default datastore."""
        return f"azureml-blobstore-{self.id}"

    @property
    def artifact_container(self) -> str:
        """The blob container of the artifacts of its runs."""
        return f"azureml-{self.id}"


WORKSPACES = (
    Workspace(FIRST, "research", "loopback", "westeurope"),
    Workspace(FIRST, "research", "vision", "westeurope"),
    Workspace(FIRST, "teaching", "course", "eastus"),
    Workspace(SECOND, "production", "forecasts", "northeurope"),
)

MSI_SECRET = "loopback-managed-identity-secret"
