"""Processor, memory and graphics cards of this computer."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

_SECONDS: Final = 2.0
_GPU_QUERY: Final = "name,memory.total,driver_version"


@cache
def cpu_name() -> str:
    """Return the processor's name, as exactly as the system knows it."""
    if sys.platform == "linux":
        try:
            text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
        if found:
            return found[1].strip()
    if sys.platform == "darwin":
        name = _output("sysctl", "-n", "machdep.cpu.brand_string")
        if name:
            return name.strip()
    return platform.processor() or platform.machine()


def available_cpus() -> int | None:
    """Return how many processors this process may use, where the system says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def memory_mb() -> int:
    """Return the memory of this computer in MB."""
    import psutil

    return round(psutil.virtual_memory().total / 1e6)


@cache
def gpus() -> tuple[dict[str, str], ...]:
    """Return name, memory (MiB) and driver of each NVIDIA card; none without ``nvidia-smi``."""
    text = _output("nvidia-smi", f"--query-gpu={_GPU_QUERY}", "--format=csv,noheader,nounits")
    rows = [[part.strip() for part in line.split(",")] for line in text.splitlines()]
    names = ("name", "memory_mib", "driver")
    return tuple(dict(zip(names, row, strict=True)) for row in rows if len(row) == len(names))


def _output(program: str, *arguments: str) -> str:
    """Return what a program prints; nothing where it is not there, fails, or takes too long."""
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        done = subprocess.run(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
