"""The lines of the services around experiments: runs, jobs, compute, data, models, workspaces."""

from __future__ import annotations

from loopback import (
    compute,
    datastores,
    environments,
    execution,
    experiments,
    history,
    machines,
    metrics,
    models,
    snapshots,
    workspaces_rp,
)
from loopback.table import API, ARM, WORKSPACE, Line, line

RP_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"
DEPLOYMENT = RP_GROUP + "/providers/Microsoft.Resources/deployments/{deployment}"
LOCATION = "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations"
COMPUTE = WORKSPACE + "/computes/{compute}"

DEPLOYMENTS = [
    line(ARM, "PUT", RP_GROUP, workspaces_rp.create_group),
    line(
        ARM,
        "GET",
        "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices",
        workspaces_rp.provider,
    ),
    line(
        ARM,
        "GET",
        "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments/",
        workspaces_rp.deployments,
    ),
    line(ARM, "PUT", DEPLOYMENT, workspaces_rp.deploy),
    line(ARM, "GET", DEPLOYMENT, workspaces_rp.deployment),
    line(ARM, "GET", DEPLOYMENT + "/operationStatuses/{id}", workspaces_rp.deployment_status),
    line(
        ARM,
        "GET",
        RP_GROUP + "/deployments/{deployment}/operations",
        workspaces_rp.deployment_operations,
    ),
    line(ARM, "PUT", WORKSPACE, workspaces_rp.put),
    line(ARM, "DELETE", WORKSPACE, workspaces_rp.delete),
    line(
        ARM,
        "GET",
        LOCATION + "/{region}/workspaceOperationsStatus/{id}",
        workspaces_rp.deletion_status,
    ),
    *(
        line(ARM, "DELETE", f"{RP_GROUP}/providers/{kind}/{{name}}", workspaces_rp.delete_dependent)
        for kind in (
            "Microsoft.Storage/storageAccounts",
            "Microsoft.KeyVault/vaults",
            # The workspace's own document and azureml-core spell this one differently.
            "microsoft.insights/components",
            "microsoft.Insights/components",
        )
    ),
]

COMPUTES = [
    line(API, "GET", "/rp/workspaces" + WORKSPACE + "/computes", compute.listing),
    line(API, "GET", "/rp/workspaces" + COMPUTE, compute.get),
    line(ARM, "GET", WORKSPACE + "/computes", compute.listing),
    line(ARM, "GET", COMPUTE, compute.get),
    line(ARM, "PUT", COMPUTE, compute.create),
    line(ARM, "PATCH", COMPUTE, compute.update),
    line(ARM, "DELETE", COMPUTE, compute.delete),
    line(ARM, "POST", COMPUTE + "/start", compute.start),
    line(ARM, "POST", COMPUTE + "/stop", compute.stop),
    line(ARM, "POST", COMPUTE + "/restart", compute.restart),
    line(ARM, "POST", COMPUTE + "/listNodes", compute.nodes),
    line(ARM, "POST", WORKSPACE + "/checkComputeNameAvailability", compute.name_available),
    line(ARM, "GET", LOCATION + "/{region}/computeOperationsStatus/{operation}", compute.operation),
    line(ARM, "GET", LOCATION + "/{region}/vmSizes", machines.sizes),
    line(ARM, "GET", LOCATION + "/{region}/usages", machines.usages),
    line(ARM, "GET", LOCATION + "/{region}/quotas", machines.quotas),
]

HISTORY = "/history/v1.0" + WORKSPACE
RUNS_OF = (
    HISTORY + "/experiments/{experiment_name}/runs/{run}",
    HISTORY + "/experimentids/{experiment}/runs/{run}",
)
RUN_HISTORY = [
    line(API, "POST", HISTORY + "/experiments:query", experiments.query),
    line(API, "GET", HISTORY + "/experiments/{experiment_name}", experiments.get),
    line(API, "POST", HISTORY + "/experiments/{experiment_name}", experiments.create),
    line(API, "GET", HISTORY + "/experimentids/{experiment}", experiments.get),
    line(API, "PATCH", HISTORY + "/experimentids/{experiment}", experiments.update),
    line(API, "DELETE", HISTORY + "/experimentids/{experiment}", experiments.delete),
    line(API, "GET", HISTORY + "/runs/{run}", history.get),
    line(API, "GET", HISTORY + "/computes/{compute}/runs", history.by_compute),
    *(
        each
        for one in RUNS_OF
        for each in (
            line(API, "POST", one.removesuffix("/runs/{run}") + "/runs:query", history.query),
            line(API, "PATCH", one.removesuffix("runs/{run}") + "batch/runs", history.patch_many),
            line(API, "POST", one.removesuffix("runs/{run}") + "batch/events", history.many_events),
            line(API, "GET", one, history.get),
            line(API, "PATCH", one, history.patch),
            line(API, "GET", one + "/children", history.children),
            line(API, "GET", one + "/details", history.details),
            line(API, "POST", one + "/events", history.event),
            line(API, "DELETE", one + "/tags", history.delete_tags),
            line(API, "GET|POST", one + "/token", history.token),
            line(API, "GET|POST", one + "/metricsingest/wait", history.ingested),
        )
    ),
    line(API, "POST", "/metric/v2.0" + WORKSPACE + "/runs/{run}/batch", metrics.batch),
    line(API, "POST", "/metric/v2.0" + WORKSPACE + "/runs/{run}/list", metrics.listing),
    line(API, "POST", "/metric/v2.0" + WORKSPACE + "/runs/{run}/full", metrics.full),
]

CONTENT = WORKSPACE + "/snapshots/{snapshot}"
SUBMITTED = "/execution/v1.0" + WORKSPACE + "/experiments/{experiment_name}"
JOBS = [
    line(API, "GET", "/content/v1.0" + WORKSPACE + "/snapshots/latest/metadata", snapshots.latest),
    line(API, "GET", "/content/v1.0" + CONTENT + "/metadata", snapshots.metadata),
    line(API, "POST", "/content/v2.0" + WORKSPACE + "/snapshots/getblob", snapshots.addresses),
    line(API, "POST", "/content/v2.0" + CONTENT + "/zip", snapshots.zipped),
    line(API, "POST", "/content/v2.0" + CONTENT, snapshots.create),
    line(API, "POST", SUBMITTED + "/snapshotrun", execution.submit),
    line(API, "POST", SUBMITTED + "/runId/{run}/cancel", execution.cancel),
]

DATASTORES = "/datastore/v1.0" + WORKSPACE
ENVIRONMENT = WORKSPACE + "/environments/{environment}"
MODELS = "/modelmanagement/v1.0" + WORKSPACE
ASSETS = [
    line(API, "GET", DATASTORES + "/default", datastores.default),
    line(API, "PUT", DATASTORES + "/default/{datastore}", datastores.set_default),
    line(API, "GET", DATASTORES + "/datastores", datastores.listing),
    line(API, "POST", DATASTORES + "/datastores", datastores.create),
    line(API, "GET", DATASTORES + "/datastores/{datastore}", datastores.get),
    line(API, "PUT", DATASTORES + "/datastores/{datastore}", datastores.update),
    line(API, "DELETE", DATASTORES + "/datastores/{datastore}", datastores.delete),
    line(API, "GET", "/environment/v1.0" + WORKSPACE + "/environments/", environments.listing),
    *(
        each
        for one in (ENVIRONMENT, ENVIRONMENT + "/versions/{version}")
        for each in (
            line(API, "GET", "/environment/v1.0" + one, environments.get),
            line(API, "PUT", "/environment/v1.0" + one, environments.register),
            line(API, "PUT", "/environment/v1.0" + one + "/metadata", environments.label),
            line(API, "GET", "/environment/v1.0" + one + "/image", environments.image),
            line(API, "POST", "/environment/v2.0" + one + "/image", environments.build),
            line(API, "GET", "/environment/v2.0" + one + "/build", environments.build_status),
        )
    ),
    line(API, "GET", "/environment/v1.0" + ENVIRONMENT + "/labels/{label}", environments.by_label),
    line(API, "POST", MODELS + "/assets", models.create_asset),
    line(API, "GET", MODELS + "/assets", models.assets),
    line(API, "GET", MODELS + "/assets/{asset}", models.asset),
    line(API, "POST", MODELS + "/models", models.register),
    line(API, "GET", MODELS + "/models", models.listing),
    line(API, "GET", MODELS + "/models/{model}", models.get),
    line(API, "PATCH", MODELS + "/models/{model}", models.update),
    line(API, "DELETE", MODELS + "/models/{model}", models.delete),
]

SERVICES: list[Line] = [*DEPLOYMENTS, *COMPUTES, *RUN_HISTORY, *JOBS, *ASSETS]
