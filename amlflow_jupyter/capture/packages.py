"""The packages that are installed."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.capture.addresses import without_credentials

_Key = tuple[tuple[str, int], ...]
_cache: dict[_Key, tuple[Package, ...]] = {}
_lock: Final = threading.Lock()


@dataclass(frozen=True)
class Package:
    """A package that is installed.

    Attributes
    ----------
    name, version
        As its metadata have them.
    origin
        Where it came from if not from an index: PEP 610's ``direct_url.json``.
    """

    name: str
    version: str
    origin: Mapping[str, Any] | None = None

    def requirement(self) -> str:
        """Return its line of a requirements file; a folder it came from is only a comment."""
        pinned = f"{self.name}=={self.version}"
        if self.origin is None:
            return pinned
        address = without_credentials(str(self.origin.get("url", "")))
        revision = self.origin.get("vcs_info")
        if revision:
            kind, commit = revision.get("vcs", "git"), revision.get("commit_id", "")
            return f"{self.name} @ {kind}+{address}@{commit}"
        if "dir_info" in self.origin:
            editable = self.origin["dir_info"].get("editable")
            return f"{pinned}  # {'editable, ' if editable else ''}from {address}"
        return f"{self.name} @ {address}"


def installed() -> tuple[Package, ...]:
    """Return all packages by name; read again once a folder on ``sys.path`` has changed."""
    key = _key()
    with _lock:
        if key not in _cache:
            _cache.clear()
            _cache[key] = _read()
        return _cache[key]


def _key() -> _Key:
    """Return when each folder on ``sys.path`` was last changed: installing changes it."""
    return tuple((folder, _changed(folder or os.curdir)) for folder in sys.path)


def _changed(folder: str) -> int:
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0


def _read() -> tuple[Package, ...]:
    found: dict[str, Package] = {}
    for distribution in distributions():
        package = _package(distribution)
        if package is not None:  # the first one on sys.path is the one that is imported
            found.setdefault(package.name.lower().replace("_", "-"), package)
    return tuple(found[name] for name in sorted(found))


def _package(distribution: Distribution) -> Package | None:
    """Read a package's metadata; None where its installation was half removed."""
    try:
        metadata = distribution.metadata
        name, version = metadata["Name"], metadata["Version"]
        origin = distribution.read_text("direct_url.json")
    except OSError:  # some versions of importlib_metadata, which replaces Python's own reader
        return None
    if not name or not version:
        return None
    try:
        return Package(name, version, json.loads(origin) if origin else None)
    except ValueError:
        return Package(name, version)
