"""Which packages are installed, and what they ask of each other: by their metadata alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version


@dataclass(frozen=True)
class Package:
    """An installed package.

    Attributes
    ----------
    name
        Its normalised name.
    version
        Its version, as ``packaging`` reads it.
    requirements
        What it asks for, each in the notation of PEP 508.
    """

    name: str
    version: Version
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unmet:
    """Something that an installed package asks for, and that is not so.

    Attributes
    ----------
    package
        Which package asks.
    wanted
        Name of the package that is asked for.
    specifier
        Which versions would do, such as ``"<8"``.
    installed
        The version that is there, or None where there is none.
    """

    package: Package
    wanted: str
    specifier: str
    installed: str | None


def installed_packages(path: list[str] | None = None) -> dict[str, Package]:
    """Return every installed package by its normalised name.

    Parameters
    ----------
    path
        Folders of packages; None takes those of this Python. The first that has a package counts.
    """
    found: dict[str, Package] = {}
    for package in _all(path):
        found.setdefault(package.name, package)
    return found


def versions_of(name: str, path: list[str] | None = None) -> list[str]:
    """Return every version of a package that is installed, in the order in which it is looked for.

    Parameters
    ----------
    name
        Its normalised name.
    path
        As for :func:`installed_packages`.
    """
    return [str(package.version) for package in _all(path) if package.name == name]


def damaged_packages(path: list[str] | None = None) -> list[Path]:
    """Return what an interrupted installation has left behind.

    Parameters
    ----------
    path
        As for :func:`installed_packages`.
    """
    folders = [Path(folder) for folder in (sys.path if path is None else path) if folder]
    without = [
        found
        for folder in folders
        for found in folder.glob("*.dist-info")
        if not (found / "METADATA").is_file()
    ]
    # What pip renames while it replaces a package begins so.
    return sorted({*without, *(found for folder in folders for found in folder.glob("~*"))})


def unmet(package: Package, installed: Mapping[str, Package]) -> Iterator[Unmet]:
    """Yield what ``package`` asks for and does not have, its extras left out."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for text in package.requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = canonicalize_name(requirement.name)
        there = installed.get(name)
        if there is None:
            yield Unmet(package, name, str(requirement.specifier), None)
        elif not requirement.specifier.contains(there.version, prereleases=True):
            yield Unmet(package, name, str(requirement.specifier), str(there.version))


def _all(path: list[str] | None) -> Iterator[Package]:
    found = metadata.distributions(path=sys.path if path is None else path)
    return (package for one in found if (package := _read(one)))


def _read(one: metadata.Distribution) -> Package | None:
    """Return a package, or None where its metadata cannot be read: damaged ones leave such."""
    from packaging.utils import canonicalize_name
    from packaging.version import Version

    try:
        name, version = canonicalize_name(one.metadata["Name"]), Version(one.version)
        return Package(name, version, tuple(one.requires or ()))
    except Exception:  # another package may have replaced how metadata is read, and its errors
        return None
