"""Pythons, and the environments that they belong to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

Kind = Literal["conda environment", "virtual environment", "Databricks cluster", "system's Python"]


@dataclass(frozen=True)
class Interpreter:
    """A Python.

    Attributes
    ----------
    version
        Major, minor and micro.
    prefix
        The folder of its environment.
    base
        The folder of the Python that a virtual environment was made from, else ``prefix``.
    """

    version: tuple[int, int, int]
    prefix: Path
    base: Path

    @property
    def kind(self) -> Kind:
        """What sort of environment it has."""
        if os.environ.get("DATABRICKS_RUNTIME_VERSION"):
            return "Databricks cluster"
        if (self.prefix / "conda-meta").is_dir():
            return "conda environment"
        return "virtual environment" if self.prefix != self.base else "system's Python"


def this_interpreter() -> Interpreter:
    """Return the one that runs this."""
    version = sys.version_info
    return Interpreter(
        (version.major, version.minor, version.micro), Path(sys.prefix), Path(sys.base_prefix)
    )


def prefix_of(command: Iterable[str]) -> Path | None:
    """Return the environment's folder of a process or kernel that was started by ``command``.

    The name by which Python was called tells it, where what that links to does not: the Python of a
    virtual environment is a link to another. Where the first word is no path, the second may be: a
    script such as ``…/bin/jupyter-lab``.
    """
    for word in list(command)[:2]:
        path = Path(word)
        if path.is_absolute() and path.parent.name.lower() in {"bin", "scripts"}:
            return path.parent.parent
        if path.is_absolute() and path.name.lower().startswith("python"):
            return path.parent  # Windows, where python.exe of conda lies in the prefix itself
    return None


def site_packages(prefix: Path) -> list[str]:
    """Return where an environment keeps its packages."""
    found = [*prefix.glob("lib/python*/site-packages"), *prefix.glob("Lib/site-packages")]
    return [str(folder) for folder in found]


def is_importable(name: str) -> bool:
    """Whether there is a package of that name; a broken one is there, too."""
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        return error.name != name
    except (Exception, SystemExit):  # whoever uses it says what is wrong
        return True
    return True
