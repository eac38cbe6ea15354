"""All checks, in the order in which they are shown."""

from __future__ import annotations

from typing import Final

from amlflow_jupyter.doctor.check import Check
from amlflow_jupyter.doctor.checks import (
    configuration,
    folders,
    front_end,
    imports,
    kernels,
    python,
    time_zone,
    versions,
)

CHECKS: Final = (
    Check("python", "Python", python.check),
    Check("packages", "Packages", versions.check),
    Check("imports", "Imports", imports.check, deadline=60),
    Check("kernels", "JupyterLab", kernels.check),
    Check("front-end", "Front end", front_end.check, deadline=20),
    Check("settings", "Settings", configuration.check),
    Check("folders", "Folders and disks", folders.check),
    Check("time-zone", "Time zone", time_zone.check),
)
