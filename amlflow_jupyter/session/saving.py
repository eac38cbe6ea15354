"""Keep a connection for the next time: as a profile, or as a workspace's ``config.json``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import config_file
from amlflow_jupyter.workspaces.profiles import Profile, Profiles
from amlflow_jupyter.workspaces.workspace import Workspace


@dataclass(frozen=True)
class Keep:
    """What to keep of a connection.

    Attributes
    ----------
    experiment
        The experiment that runs go to; None takes the profile's.
    profile
        Name to save it under.
    config
        File or folder to write a ``config.json`` to.
    """

    experiment: str | None = None
    profile: str | None = None
    config: Path | None = None

    def apply(self, workspace: Workspace) -> Workspace:
        """Keep what is to be kept; return the workspace with the experiment and the name.

        Raises
        ------
        BadTarget, BadConfiguration
            It cannot be kept.
        """
        wanted = replace(workspace, experiment=self.experiment or workspace.experiment)
        if self.profile:
            wanted = save_profile(wanted, self.profile)
        if self.config:
            write_config(wanted, self.config)
        return wanted


def save_profile(workspace: Workspace, name: str) -> Workspace:
    """Save a workspace under a name; return it with that. No secret is saved.

    Raises
    ------
    BadTarget, BadConfiguration
        It cannot be saved.
    """
    profiles, facts = Profiles(), workspace.azure
    profiles.save(
        Profile(
            name,
            workspace.uri,
            workspace.experiment,
            default=not profiles.all(),
            auth=facts.auth if facts else None,
            tenant=facts.tenant if facts else None,
        )
    )
    return replace(workspace, profile=name)


def write_config(workspace: Workspace, path: Path) -> Path:
    """Write the ``config.json`` of an Azure ML workspace; return its path.

    Raises
    ------
    BadTarget
        The workspace is none of Azure ML's.
    BadConfiguration
        The file cannot be written.
    """
    if workspace.azure is None:
        raise BadTarget(
            f"{workspace.title} has no config.json: that is for workspaces of Azure ML. Use --save."
        )
    return config_file.write_config(workspace.azure.address, path)
