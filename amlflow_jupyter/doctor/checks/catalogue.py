"""All checks, in the order in which they are shown."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from amlflow_jupyter.doctor.check import Check
from amlflow_jupyter.doctor.checks import (
    azure_workspace,
    certificates,
    clock,
    configuration,
    credentials,
    folders,
    front_end,
    hosts,
    imports,
    kernels,
    mlflow_server,
    proxies,
    python,
    target,
    time_zone,
    versions,
)

CHECKS: Final = (
    Check("python", "Python", python.check),
    Check("packages", "Packages", versions.check, deadline=20),
    Check("imports", "Imports", imports.check, deadline=90),
    Check("kernels", "JupyterLab", kernels.check),
    Check("front-end", "Front end", front_end.check, deadline=30),
    Check("settings", "Settings", configuration.check),
    Check("folders", "Folders and disks", folders.check),
    Check("time-zone", "Time zone", time_zone.check),
    Check("certificates", "Certificates", certificates.check),
    Check("target", "Target", target.check, deadline=20),
    Check("proxies", "Proxies", proxies.check, deadline=30, remote=True),
    Check("hosts", "Hosts", hosts.check, deadline=30, remote=True),
    Check("clock", "Clock", clock.check, deadline=30, remote=True),
    Check("credentials", "Sign-in", credentials.check, deadline=40, remote=True),
    Check("workspace", "Workspace", azure_workspace.check, deadline=40, remote=True),
    Check("server", "Server", mlflow_server.check, deadline=30, remote=True),
)

TITLES: Final = MappingProxyType({check.name: check.title for check in CHECKS})
