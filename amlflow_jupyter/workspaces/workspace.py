"""The place that runs go to, as everything above sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from amlflow_jupyter.workspaces.azure.facts import AzureFacts

Kind = Literal["local", "server", "databricks", "azure"]


@dataclass(frozen=True)
class Workspace:
    """A store of runs that can be connected to.

    Attributes
    ----------
    kind
        What sort of store it is.
    uri
        MLflow's tracking URI. Holds no secret: a password in it is moved to MLflow's own
        environment variables when it is opened.
    title
        What a person calls it, such as ``"MLflow server at localhost:5000"``.
    location
        Where the data lies, as shown to people: a path or an address.
    ui_url
        Address of its web interface, if it has one.
    profile
        Name of the profile it came from, if any.
    experiment
        The experiment that runs go to, where one was named.
    azure
        What is known of an Azure ML workspace, and who is signed in to it.
    """

    kind: Kind
    uri: str
    title: str
    location: str
    ui_url: str | None = None
    profile: str | None = None
    experiment: str | None = None
    azure: AzureFacts | None = field(default=None, repr=False, compare=False)
