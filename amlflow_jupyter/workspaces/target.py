"""From what a user names to the workspace that is meant.  Nothing here touches the network."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces import databricks, local, tracking_server
from amlflow_jupyter.workspaces.azure import naming
from amlflow_jupyter.workspaces.azure.address import is_arm_id, is_studio_url
from amlflow_jupyter.workspaces.azure.config_file import find_config, is_config_path
from amlflow_jupyter.workspaces.azure.surroundings import workspace_here
from amlflow_jupyter.workspaces.profiles import Profile, Profiles
from amlflow_jupyter.workspaces.workspace import Workspace

_KNOWN: Final = (
    "local, a saved profile's name, sqlite:///file.db, http(s)://server, databricks[://profile], "
    "azure, a config.json, or a workspace's resource id, azureml:// address or studio address"
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")


def resolve(target: str | None, profiles: Profiles, folder: Path) -> Workspace:
    """Find the workspace that ``target`` means.

    Parameters
    ----------
    target
        What the user gave, or None. Without it the first of these is taken: the default profile,
        ``MLFLOW_TRACKING_URI``, a workspace's ``config.json`` here or in a parent folder, the
        workspace of this Azure ML compute, MLflow's own default store in ``folder``.
    profiles
        The user's profiles; their names are targets.
    folder
        What relative paths start from, and where the default store lies.

    Raises
    ------
    BadTarget
        The target cannot be understood.
    """
    if not target:
        return _without_target(profiles, folder)
    if target == "local":
        return local.default_store(folder)
    if profile := profiles.get(target):
        return from_profile(profile)
    if is_config_path(target):
        return naming.from_config(folder / Path(target).expanduser())
    if is_arm_id(target):
        return naming.from_arm_id(target)
    if not _SCHEME.match(target) and target != "databricks":
        raise BadTarget(f"{target!r} is neither a saved profile nor a target. Use {_KNOWN}.")
    return describe(target, folder)


def from_profile(profile: Profile) -> Workspace:
    """Return the workspace that a profile was saved for."""
    found = naming.signing_in(describe(profile.uri), profile.auth, profile.tenant)
    return replace(found, profile=profile.name, experiment=profile.experiment)


def describe(uri: str, folder: Path | None = None) -> Workspace:
    """Return the workspace behind a tracking URI.

    Raises
    ------
    BadTarget
        Its scheme is unknown, or it is malformed.
    """
    try:
        scheme = uri if uri == "databricks" else urlsplit(uri).scheme.lower()
    except ValueError as error:
        raise BadTarget(f"{uri!r} is no address ({error}). Use {_KNOWN}.") from None
    if is_studio_url(uri):
        return naming.from_studio_url(uri)
    if scheme in ("http", "https"):
        return tracking_server.describe(uri)
    if scheme == "databricks":
        return databricks.describe(uri)
    if scheme in ("azureml", "adbazureml"):
        return naming.describe(uri)
    # A path without a scheme, or with a Windows drive instead of one, is a file store's.
    if scheme in ("sqlite", "file", "") or len(scheme) == 1:
        return local.describe(uri, folder or Path.cwd())
    if scheme.split("+")[0] in ("postgresql", "mysql", "mssql"):
        return tracking_server.describe_database(uri)
    raise BadTarget(f"{scheme}:// is not a kind of target that amlflow knows. Use {_KNOWN}.")


def _without_target(profiles: Profiles, folder: Path) -> Workspace:
    if profile := profiles.default():
        return from_profile(profile)
    if uri := os.environ.get("MLFLOW_TRACKING_URI"):
        return describe(uri, folder)
    if config := find_config(folder):
        return naming.from_config(config)
    if address := workspace_here():
        return naming.of_address(address)
    return local.default_store(folder)
