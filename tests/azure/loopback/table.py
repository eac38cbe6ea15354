"""What a line of the table of routes is made of: hosts, methods, path and handler.

In a path ``{name}`` stands for one part and ``{name:path}`` for the rest with its slashes.
``OPEN`` lines are asked without a token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
# For whom a token may have been issued.
MANAGEMENT = frozenset({"https://management.azure.com", "https://management.core.windows.net"})
MACHINE_LEARNING = frozenset({"https://ml.azure.com", "https://ml.azure.us", "azureml"})


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    hosts: tuple[str, ...]
    methods: tuple[str, ...]
    path: str
    handler: Callable[..., Any]
    open: bool = False

    @property
    def audiences(self) -> frozenset[str]:
        """The resources whose tokens it takes; none where it takes no token."""
        if self.open:
            return frozenset()
        return MANAGEMENT if self.hosts is ARM else MANAGEMENT | MACHINE_LEARNING


def line(
    hosts: tuple[str, ...],
    methods: str,
    path: str,
    handler: Callable[..., Any],
    open: bool = False,  # noqa: A002 - how the table reads best
) -> Line:
    """Return a line; ``methods`` are separated by ``|``."""
    return Line(hosts, tuple(methods.split("|")), path, handler, open)
