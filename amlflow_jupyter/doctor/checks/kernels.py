"""Whether kernels and JupyterLab run in the environment that amlflow is installed in.

Differing environments are the usual trap: the magics come from the kernel's, the sidebar and the
views of widgets from JupyterLab's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter._version import __version__
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.doctor.finding import Finding, ok, skipped, warning
from amlflow_jupyter.doctor.interpreter import (
    is_importable,
    prefix_of,
    site_packages,
    this_interpreter,
)
from amlflow_jupyter.doctor.packages import installed_packages
from amlflow_jupyter.doctor.subject import Subject

_DISTRIBUTION: Final = "amlflow-jupyter"


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the JupyterLab that started this kernel, or else at all that run."""
    if not is_importable("jupyter_server"):
        yield skipped("Jupyter's server is not installed for this Python.")
        return
    here = this_interpreter().prefix
    parent = os.environ.get("JPY_PARENT_PID") if subject.commands.in_notebook else None
    running = [("that started this kernel", _environment_of(parent))] if parent else _servers()
    for name, prefix in running:
        yield server(subject, name, prefix, here)
    if not running:
        yield skipped("No JupyterLab of this user runs on this computer.")
    if not subject.commands.in_notebook:
        yield from _kernel(subject, here)


def server(subject: Subject, name: str, prefix: Path | None, here: Path) -> Finding:
    """Judge the environment of a running JupyterLab.

    Parameters
    ----------
    subject
        Says how commands are written.
    name
        What tells it from others.
    prefix
        The folder of its environment, where that could be found out.
    here
        The folder of this Python's environment.
    """
    if prefix is None:
        return skipped(f"The environment of the JupyterLab {name} cannot be found out.")
    if _is_same(prefix, here):
        return ok(f"The JupyterLab {name} runs in this environment.")
    there = installed_packages(site_packages(prefix)).get(_DISTRIBUTION)
    if there and str(there.version) == __version__:
        return ok(f"The JupyterLab {name} has amlflow {__version__} too, in {prefix}.")
    state = f"has amlflow {there.version}, not {__version__}" if there else "has no amlflow"
    python = _python(prefix, subject.commands)
    return warning(
        f"The JupyterLab {name} runs in another environment ({prefix}), which {state}: its "
        "sidebar and live views need it there. Restart it after the installation.",
        f'{subject.commands.shell(python)} -m pip install "{_DISTRIBUTION}=={__version__}"',
    )


def kernel(subject: Subject, name: str, command: list[str], here: Path) -> Finding:
    """Judge the environment of the kernel that JupyterLab starts for a notebook by default."""
    prefix = prefix_of(command)
    if prefix is None or _is_same(prefix, here):
        return ok(f"The kernel {name!r} runs in this environment.")
    return warning(
        f"The kernel {name!r} runs in another environment ({prefix}): notebooks do not see what is "
        "installed here.",
        subject.commands.module(
            "ipykernel", "install", "--user", "--name", "amlflow", "--display-name", "amlflow"
        ),
    )


def _kernel(subject: Subject, here: Path) -> Iterator[Finding]:
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager, NoSuchKernel

    try:
        # Not the one of this Python, which is always there: the one that is found on disk.
        spec = KernelSpecManager(ensure_native_kernel=False).get_kernel_spec(NATIVE_KERNEL_NAME)
    except NoSuchKernel:
        yield warning(
            "No kernel for Python is installed for JupyterLab.",
            subject.commands.module("ipykernel", "install", "--sys-prefix"),
        )
        return
    yield kernel(subject, NATIVE_KERNEL_NAME, list(spec.argv), here)


def _servers() -> list[tuple[str, Path | None]]:
    """Return address and environment of each JupyterLab of this user on this computer."""
    from jupyter_server.serverapp import list_running_servers

    return [(f"at {one.get('url')}", _environment_of(one["pid"])) for one in list_running_servers()]


def _environment_of(pid: Any) -> Path | None:
    """Return the folder of the environment that a process runs in."""
    import psutil

    try:
        return prefix_of(psutil.Process(int(pid)).cmdline())
    except (psutil.Error, ValueError):
        return None


def _is_same(one: Path, other: Path) -> bool:
    """Whether both are one folder; a virtual environment may be reached by several paths."""
    try:
        return one.samefile(other)
    except OSError:
        return one == other


def _python(prefix: Path, commands: Commands) -> str:
    if commands.on_windows:
        scripts = prefix / "Scripts" / "python.exe"
        return str(scripts if scripts.exists() else prefix / "python.exe")
    return str(prefix / "bin" / "python")
