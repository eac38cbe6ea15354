"""Azure Machine Learning workspaces: how they are named.

Connecting to one is not built yet; what is here recognises every way of naming a workspace, checks
a ``config.json`` field by field, and says so in one sentence.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

from amlflow_jupyter.errors import BadConfiguration, BadTarget
from amlflow_jupyter.workspaces.workspace import Workspace

# The fields that azureml-core's Workspace.from_config reads.
_FIELDS: Final = ("subscription_id", "resource_group", "workspace_name")
# Where it looks, in each folder upwards.
_PLACES: Final = ("config.json", ".azureml/config.json", "aml_config/config.json")
_ARM_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<name>[^/]+)/?",
    re.IGNORECASE,
)


def is_config_path(target: str) -> bool:
    """Whether ``target`` is the path of a ``config.json`` (or of another JSON file)."""
    return target.lower().endswith(".json") and "://" not in target


def is_arm_id(target: str) -> bool:
    """Whether ``target`` begins like an ARM resource id."""
    return target.lower().startswith("/subscriptions/")


def find_config(folder: Path) -> Path | None:
    """Return the workspace's ``config.json`` in ``folder`` or the closest of its parents."""
    for parent in (folder, *folder.parents):
        for place in _PLACES:
            if _names_workspace(parent / place):
                return parent / place
    return None


def from_config(path: Path) -> Workspace:
    """Return the workspace that a ``config.json`` names.

    Raises
    ------
    BadConfiguration
        The file is missing or no JSON object, or lacks a field.
    BadTarget
        Always, for now: Azure ML is not built yet.
    """
    document = _read(path)
    for field in _FIELDS:
        value = document.get(field)
        if not isinstance(value, str) or not value.strip():
            found = "is missing" if field not in document else f"is {json.dumps(value)}"
            raise BadConfiguration(
                f'{path}: "{field}" {found}; it must be text. Download config.json again from the '
                "workspace's page in the Azure portal, or write the field."
            )
    _not_yet(f"workspace {document['workspace_name']!r} named in {path}")


def from_arm_id(target: str) -> Workspace:
    """Return the workspace that an ARM resource id names.

    Raises
    ------
    BadTarget
        The id is malformed, or, for now, in any case.
    """
    if not (match := _ARM_ID.fullmatch(target)):
        raise BadTarget(
            f"{target!r} is no workspace's resource id. It has the form /subscriptions/…/"
            "resourceGroups/…/providers/Microsoft.MachineLearningServices/workspaces/NAME."
        )
    _not_yet(f"workspace {match['name']!r}")


def describe(uri: str) -> Workspace:
    """Return the workspace of an ``azureml://`` URI.

    Raises
    ------
    BadTarget
        Always, for now: Azure ML is not built yet.
    """
    _not_yet(f"workspace at {urlsplit(uri).hostname or 'no host'}")


def _not_yet(which: str) -> NoReturn:
    raise BadTarget(
        f"The Azure ML {which} cannot be connected to by this version of amlflow yet: use "
        "%aml_connect local, or the address of an MLflow server."
    )


def _names_workspace(path: Path) -> bool:
    """Whether the file looks like a workspace's: other tools have a ``config.json`` too."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and any(field in document for field in _FIELDS)


def _read(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadConfiguration(f"{path} is no JSON: {error}.") from error
    if not isinstance(document, dict):
        raise BadConfiguration(f"{path} must hold a JSON object with {', '.join(_FIELDS)}.")
    return document
