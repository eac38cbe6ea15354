"""What the code runs on and with."""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import Any

from amlflow_jupyter.capture import hardware
from amlflow_jupyter.capture.packages import installed
from amlflow_jupyter.capture.recorder import Findings


def collect() -> Findings:
    """Return ``amlflow/environment.json`` and ``amlflow/requirements.txt``.

    Bytes are in MB of 10^6.
    """
    packages = installed()
    described = json.dumps(_described(len(packages)), indent=2, ensure_ascii=False)
    requirements = "".join(f"{package.requirement()}\n" for package in packages)
    return Findings(
        {"amlflow/environment.json": described + "\n", "amlflow/requirements.txt": requirements}
    )


def _described(packages: int) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpu": hardware.cpu_name(),
        "cpus": os.cpu_count(),
        "cpus_available": hardware.available_cpus(),
        "memory_mb": hardware.memory_mb(),
        "gpus": hardware.gpus(),
        "packages": packages,
    }
