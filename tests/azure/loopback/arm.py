"""Resource Manager: tenants, subscriptions, groups, workspaces and what one may do there."""

from __future__ import annotations

import re
from typing import Any

from loopback.calls import Call
from loopback.errors import AzureError
from loopback.tokens import wrong_tenant
from loopback.world import PROVIDER, STORAGE_ACCOUNT, SUBSCRIPTIONS, TENANT, TENANTS, Workspace

CREATED = "2026-01-05T09:30:00.0000000Z"
ROLES = {
    "Contributor": {
        "actions": ["*"],
        "notActions": [
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        "dataActions": [],
        "notDataActions": [],
    },
    "Reader": {"actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": []},
}


def cloud_endpoints(call: Call) -> list[Any] | dict[str, Any]:
    """Return the endpoints of the public cloud."""
    cloud: dict[str, Any] = {
        "name": "AzureCloud",
        "portal": "https://portal.azure.com",
        "authentication": {
            "loginEndpoint": "https://login.microsoftonline.com/",
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "media": "https://rest.media.azure.net",
        "graphAudience": "https://graph.windows.net/",
        "graph": "https://graph.windows.net/",
        "suffixes": {
            "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
            "acrLoginServer": "azurecr.io",
            "sqlServerHostname": "database.windows.net",
            "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
            "keyVaultDns": "vault.azure.net",
            "storage": "core.windows.net",
        },
        "batch": "https://batch.core.windows.net/",
        "resourceManager": "https://management.azure.com/",
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "gallery": "https://gallery.azure.com/",
    }
    return [cloud] if call.query.get("api-version", "") >= "2019" else cloud


def tenants(_: Call) -> dict[str, Any]:
    """Return the tenants of this identity."""
    values = [
        {"id": f"/tenants/{tenant}", "tenantId": tenant, "displayName": name, "countryCode": "NL"}
        for tenant, name in TENANTS.items()
    ]
    return {"value": values}


def visible(call: Call) -> dict[str, str]:
    """Return the subscriptions that the token's tenant has, by id."""
    return SUBSCRIPTIONS if call.claims["tid"] == TENANT else {}


def described(subscription: str, name: str) -> dict[str, Any]:
    """Return a subscription as Resource Manager does."""
    return {
        "id": f"/subscriptions/{subscription}",
        "subscriptionId": subscription,
        "tenantId": TENANT,
        "displayName": name,
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def subscriptions(call: Call) -> dict[str, Any]:
    """Return the subscriptions that the token sees."""
    return {"value": [described(*each) for each in visible(call).items()]}


def subscription(call: Call) -> dict[str, Any]:
    """Return one subscription."""
    wanted = checked(call)
    return described(wanted, SUBSCRIPTIONS[wanted])


def checked(call: Call) -> str:
    """Return the path's subscription if the token may see it, else Azure's error."""
    wanted = call["subscription"].lower()
    if wanted not in SUBSCRIPTIONS:
        raise AzureError(
            404, "SubscriptionNotFound", f"The subscription '{wanted}' could not be found."
        )
    if wanted not in visible(call):
        raise wrong_tenant(call.claims)
    return wanted


def found(call: Call, group: str | None = None) -> list[Workspace]:
    """Return the workspaces of the path's subscription, and of a group."""
    wanted = checked(call)
    return [
        workspace
        for workspace in call.emulator.workspaces()
        if workspace.subscription == wanted
        and (group is None or workspace.group.lower() == group.lower())
    ]


def resources(call: Call) -> dict[str, Any]:
    """Return the resources of a subscription that fit the filter ``a eq 'b' and …``."""
    asked = call.query.get("$filter", "")
    filters = {name: value.lower() for name, value in re.findall(r"(\w+) eq '([^']*)'", asked)}
    kind = f"{PROVIDER}/workspaces".lower()
    if filters.get("resourceType", kind) != kind:
        return {"value": []}
    chosen = [
        workspace
        for workspace in found(call, filters.get("resourceGroup"))
        if workspace.name.lower() == filters.get("name", workspace.name.lower())
    ]
    kept = ("id", "name", "type", "location", "tags", "sku", "kind", "identity")
    return {"value": [{key: described_workspace(each)[key] for key in kept} for each in chosen]}


def groups(call: Call) -> dict[str, Any]:
    """Return the resource groups of a subscription."""
    regions = {workspace.group: workspace.region for workspace in found(call)}
    return {"value": [described_group(call, *each) for each in regions.items()]}


def group(call: Call) -> dict[str, Any]:
    """Return one resource group."""
    workspaces = checked_group(call)
    return described_group(call, workspaces[0].group, workspaces[0].region)


def checked_group(call: Call) -> list[Workspace]:
    """Return the workspaces of the path's group, else Azure's 404."""
    workspaces = found(call, call["group"])
    if not workspaces:
        raise AzureError(
            404, "ResourceGroupNotFound", f"Resource group '{call['group']}' could not be found."
        )
    return workspaces


def described_group(call: Call, name: str, region: str) -> dict[str, Any]:
    """Return a resource group as Resource Manager does."""
    return {
        "id": f"/subscriptions/{call['subscription']}/resourceGroups/{name}",
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": region,
        "tags": {},
        "properties": {"provisioningState": "Succeeded"},
    }


def workspaces_of_group(call: Call) -> dict[str, Any]:
    """Return the workspaces of a group."""
    return {"value": [described_workspace(each) for each in checked_group(call)]}


def workspaces_of_subscription(call: Call) -> dict[str, Any]:
    """Return the workspaces of a subscription."""
    return {"value": [described_workspace(each) for each in found(call)]}


def workspace(call: Call) -> dict[str, Any]:
    """Return one workspace."""
    checked_group(call)
    return described_workspace(call.workspace)


def described_workspace(workspace: Workspace) -> dict[str, Any]:
    """Return a workspace as Resource Manager does."""
    group = f"/subscriptions/{workspace.subscription}/resourceGroups/{workspace.group}/providers"
    properties = {
        "friendlyName": workspace.name,
        "description": "",
        "workspaceId": workspace.id,
        "tenantId": TENANT,
        "creationTime": CREATED,
        "provisioningState": "Succeeded",
        "storageAccount": f"{group}/Microsoft.Storage/storageAccounts/{STORAGE_ACCOUNT}",
        "keyVault": f"{group}/Microsoft.KeyVault/vaults/{workspace.name}-vault",
        "applicationInsights": f"{group}/microsoft.insights/components/{workspace.name}-insights",
        "discoveryUrl": f"https://{workspace.api}/discovery",
        "mlFlowTrackingUri": workspace.tracking_uri,
        "hbiWorkspace": False,
        "publicNetworkAccess": "Enabled",
        "v1LegacyMode": False,
        "systemDatastoresAuthMode": "accesskey",
        "imageBuildCompute": None,
        "privateEndpointConnections": [],
        "notebookInfo": {
            "resourceId": workspace.id.replace("-", ""),
            "fqdn": f"ml-{workspace.name}-{workspace.region}.notebooks.azure.net",
            "isPrivateLinkEnabled": False,
        },
    }
    return {
        "id": workspace.arm_id,
        "name": workspace.name,
        "type": f"{PROVIDER}/workspaces",
        "kind": "Default",
        "location": workspace.region,
        "tags": {},
        "etag": None,
        "sku": {"name": "Basic", "tier": "Basic"},
        "identity": {"type": "SystemAssigned", "principalId": workspace.id, "tenantId": TENANT},
        "properties": properties,
    }


def permissions(call: Call) -> dict[str, Any]:
    """Return what the caller may do with a workspace."""
    checked_group(call)
    _ = call.workspace
    return {"value": [ROLES[call.emulator.role]]}
