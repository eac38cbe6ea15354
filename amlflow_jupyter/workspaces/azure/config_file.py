"""The ``config.json`` that names a workspace: found, read field by field, and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from amlflow_jupyter.errors import BadConfiguration
from amlflow_jupyter.workspaces.azure.address import Address

# The fields that azureml-core's Workspace.from_config reads.
_FIELDS: Final = ("subscription_id", "resource_group", "workspace_name")
# Where it looks, in each folder upwards.
_PLACES: Final = ("config.json", ".azureml/config.json", "aml_config/config.json")


def is_config_path(target: str) -> bool:
    """Whether ``target`` is the path of a ``config.json`` (or of another JSON file)."""
    return target.lower().endswith(".json") and "://" not in target


def find_config(folder: Path) -> Path | None:
    """Return the workspace's ``config.json`` in ``folder`` or the closest of its parents."""
    for parent in (folder, *folder.parents):
        for place in _PLACES:
            if _names_workspace(parent / place):
                return parent / place
    return None


def read_config(path: Path) -> Address:
    """Return the workspace that a ``config.json`` names.

    Raises
    ------
    BadConfiguration
        The file is missing or no JSON object, or lacks a field.
    """
    document = _read(path)
    values = [_field(document, name, path) for name in _FIELDS]
    return Address(*values)


def write_config(address: Address, path: Path) -> Path:
    """Write a ``config.json`` that azureml-core and azure-ai-ml read, too; return its path.

    Parameters
    ----------
    address
        The workspace.
    path
        The file, or the folder to write ``config.json`` in. Other fields of a file stay.

    Raises
    ------
    BadConfiguration
        It cannot be written, or something else is there.
    """
    file = path if is_config_path(path.name) else path / "config.json"
    values = (address.subscription_id, address.resource_group, address.name)
    document = (_read(file) if file.exists() else {}) | dict(zip(_FIELDS, values, strict=True))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, indent=4) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadConfiguration(f"{file} cannot be written: {error.strerror}.") from error
    return file


def _field(document: dict[str, object], name: str, path: Path) -> str:
    value = document.get(name)
    if isinstance(value, str) and value.strip():
        return value.strip()
    found = "is missing" if name not in document else f"is {json.dumps(value)}"
    raise BadConfiguration(
        f'{path}: "{name}" {found}; it must be text. Download config.json again from the '
        "workspace's page in the Azure portal, or write the field."
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
