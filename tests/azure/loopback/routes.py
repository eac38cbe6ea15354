"""The table of all routes: every request of Azure's clients that the emulator answers.

The first line that fits answers. What a line is made of stands in ``table``; the lines of the
services around experiments and jobs stand in ``service_routes``.
"""

from __future__ import annotations

from loopback import (
    aad,
    arm,
    artifacts,
    az,
    blob,
    control_service,
    discovery,
    managed_identity,
    mlflow_rest,
    studio,
)
from loopback.service_routes import SERVICES
from loopback.table import API, ARM, LOGIN, MACHINE, OPEN, WORKSPACE, Line, line

SIGN_IN = [
    line(LOGIN, "GET", "/common/discovery/instance", aad.instances, OPEN),
    line(LOGIN, "GET", "/{tenant}/discovery/instance", aad.instances, OPEN),
    line(LOGIN, "GET", "/{tenant}/v2.0/.well-known/openid-configuration", aad.configuration, OPEN),
    line(LOGIN, "GET", "/common/UserRealm/{user}", aad.realm, OPEN),
    line(LOGIN, "POST", "/{tenant}/oauth2/v2.0/token", aad.token, OPEN),
    line(LOGIN, "POST", "/{tenant}/oauth2/token", aad.token, OPEN),
    line(LOGIN, "POST", "/{tenant}/oauth2/v2.0/devicecode", aad.device_code, OPEN),
    line(LOGIN, "POST", "/{tenant}/oauth2/devicecode", aad.device_code, OPEN),
    line(LOGIN, "GET", "/{tenant}/oauth2/v2.0/authorize", aad.authorize, OPEN),
    line(LOGIN, "GET", "/{tenant}/oauth2/authorize", aad.authorize, OPEN),
]

ON_THE_MACHINE = [
    line(MACHINE, "GET", "/msi/token", managed_identity.app_service, OPEN),
    line(MACHINE, "GET|POST", "/MSI/auth", managed_identity.compute_instance, OPEN),
    line(MACHINE, "POST", "/az", az.answer, OPEN),
    line(MACHINE, "POST", "/control/{action}", control_service.answer, OPEN),
]

RESOURCE_MANAGER = [
    line(ARM, "GET", "/metadata/endpoints", arm.cloud_endpoints, OPEN),
    line(ARM, "GET", "/tenants", arm.tenants),
    line(ARM, "GET", "/subscriptions", arm.subscriptions),
    line(ARM, "GET", "/subscriptions/{subscription}", arm.subscription),
    line(ARM, "GET", "/subscriptions/{subscription}/resources", arm.resources),
    line(ARM, "GET", "/subscriptions/{subscription}/resourceGroups", arm.groups),
    line(ARM, "GET", "/subscriptions/{subscription}/resourceGroups/{group}", arm.group),
    line(
        ARM,
        "GET",
        "/subscriptions/{subscription}/resourceGroups/{group}"
        "/providers/Microsoft.MachineLearningServices/workspaces",
        arm.workspaces_of_group,
    ),
    line(
        ARM,
        "GET",
        "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/workspaces",
        arm.workspaces_of_subscription,
    ),
    line(ARM, "GET", WORKSPACE, arm.workspace),
    line(
        ARM,
        "GET",
        WORKSPACE + "/providers/Microsoft.Authorization/permissions",
        arm.permissions,
    ),
]

# MLflow's paths, below each version that azureml-mlflow asks for.
MLFLOW = "/mlflow/{version}" + WORKSPACE + "/api/2.0"
TRACKING = [
    line(
        API,
        "POST",
        MLFLOW + "/preview/mlflow/runs/log-batch-async",
        mlflow_rest.log_batch_async,
    ),
    line(
        API,
        "GET|POST",
        MLFLOW + "/preview/mlflow/runs/get-run-data-status",
        mlflow_rest.run_data_status,
    ),
    line(API, "GET|POST|PATCH|DELETE|PUT", MLFLOW + "/mlflow/{endpoint:path}", mlflow_rest.answer),
    # MLflow 3's own version of the API, of which Azure has nothing.
    line(
        API,
        "GET|POST|PATCH|DELETE|PUT",
        "/mlflow/{version}" + WORKSPACE + "/{unknown:path}",
        mlflow_rest.nothing,
    ),
]

ARTIFACTS = "/artifact/v2.0" + WORKSPACE + "/artifacts"
IN_CONTAINER = ARTIFACTS + "/{origin}/{container}"
ARTIFACT = "/{origin}/{container}/{path:path}"
ARTIFACT_SERVICE = [
    *(
        each
        for runs in (
            "/history/v1.0" + WORKSPACE + "/experiments/{experiment}/runs/{run}/artifacts",
            "/history/v1.0" + WORKSPACE + "/experimentids/{experiment}/runs/{run}/artifacts",
        )
        for each in (
            line(API, "GET", runs, artifacts.listed),
            line(API, "GET", runs + "/path", artifacts.listed_below),
            line(API, "GET", runs + "/metadata", artifacts.metadata),
            line(API, "GET", runs + "/contentinfo", artifacts.content_information),
            line(API, "GET", runs + "/artifacturi", artifacts.content_uri),
            line(API, "GET", runs + "/prefix/contentinfo", artifacts.content_below),
            line(API, "POST", runs + "/batch/metadata", artifacts.create_many),
        )
    ),
    # azureml-core puts the path into the address, azureml-mlflow behind the question mark.
    line(API, "POST", ARTIFACTS + "/metadata", artifacts.create),
    line(API, "GET", ARTIFACTS + "/metadata" + ARTIFACT, artifacts.metadata),
    line(API, "DELETE", ARTIFACTS + "/metadata" + ARTIFACT, artifacts.delete),
    line(API, "GET", ARTIFACTS + "/contentinfo" + ARTIFACT, artifacts.content_information),
    line(API, "GET", ARTIFACTS + "/prefix/contentinfo" + ARTIFACT, artifacts.content_below),
    line(API, "GET", ARTIFACTS + "/write" + ARTIFACT, artifacts.writable),
    line(API, "GET", ARTIFACTS + "/content" + ARTIFACT, artifacts.content),
    line(API, "POST", ARTIFACTS + "/content" + ARTIFACT, artifacts.upload),
    line(API, "POST", ARTIFACTS + "/batch/metadata/{origin}/{container}", artifacts.create_many),
    line(API, "GET", IN_CONTAINER + "/metadata", artifacts.metadata),
    line(API, "DELETE", IN_CONTAINER + "/metadata", artifacts.delete),
    line(API, "GET", IN_CONTAINER + "/contentinfo", artifacts.content_information),
    line(API, "GET", IN_CONTAINER + "/prefix/contentinfo", artifacts.content_below),
    line(API, "GET", IN_CONTAINER + "/write", artifacts.writable),
    line(API, "GET", IN_CONTAINER + "/content", artifacts.content),
    line(API, "POST", IN_CONTAINER + "/content", artifacts.upload),
    line(API, "POST", IN_CONTAINER + "/batch/metadata", artifacts.create_many),
    line(API, "GET", IN_CONTAINER, artifacts.listed),
    line(API, "GET", IN_CONTAINER + "/{path:path}", artifacts.listed_below),
]

STORAGE = [
    line(
        ("*.blob.core.windows.net",),
        "GET|HEAD|PUT|POST|DELETE|OPTIONS",
        "/{rest:path}",
        blob.passed_on,
        OPEN,
    ),
]

STUDIO = [
    line(("ml.azure.com",), "GET", "/", studio.workspace, OPEN),
    line(("ml.azure.com",), "GET", "/home", studio.workspace, OPEN),
    line(("ml.azure.com",), "GET", "/runs/{run}", studio.run, OPEN),
    line(("ml.azure.com",), "GET", "/experiments/{rest:path}", studio.workspace, OPEN),
]

DISCOVERY = [
    line(API, "GET", "/discovery", discovery.services, OPEN),
    line(API, "GET", "/discovery/workspaces/{id}", discovery.services, OPEN),
]

TABLE: list[Line] = [
    *SIGN_IN,
    *ON_THE_MACHINE,
    *RESOURCE_MANAGER,
    *DISCOVERY,
    *TRACKING,
    *ARTIFACT_SERVICE,
    *STORAGE,
    *SERVICES,
    *STUDIO,
]
