"""The table of all routes: every request of Azure's clients that the emulator answers.

A line is hosts, methods, path and handler. In a path ``{name}`` stands for one part and
``{name:path}`` for the rest with its slashes. ``OPEN`` lines are asked without a token. The first
line that fits answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loopback import aad, arm, az, control, discovery, managed_identity

WORKSPACE = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.MachineLearningServices/workspaces/{workspace}"
)
ARM = ("management.azure.com",)
LOGIN = ("login.microsoftonline.com", "login.windows.net")
# The services of a workspace, in its region, under each name that clients give them.
API = ("*.api.azureml.ms", "*.experiments.azureml.net", "*.modelmanagement.azureml.net")
# The plain HTTP side: managed identity, the stand-in for az, and the control.
MACHINE = ("127.0.0.1", "localhost")
OPEN = True


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    hosts: tuple[str, ...]
    methods: tuple[str, ...]
    path: str
    handler: Callable[..., Any]
    open: bool = False


def line(
    hosts: tuple[str, ...],
    methods: str,
    path: str,
    handler: Callable[..., Any],
    open: bool = False,  # noqa: A002 - how the table reads best
) -> Line:
    """Return a line; ``methods`` are separated by ``|``."""
    return Line(hosts, tuple(methods.split("|")), path, handler, open)


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
    line(MACHINE, "POST", "/control/{action}", control.answer, OPEN),
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

DISCOVERY = [
    line(API, "GET", "/discovery", discovery.services, OPEN),
    line(API, "GET", "/discovery/workspaces/{id}", discovery.services, OPEN),
]

TABLE: list[Line] = [
    *SIGN_IN,
    *ON_THE_MACHINE,
    *RESOURCE_MANAGER,
    *DISCOVERY,
]
