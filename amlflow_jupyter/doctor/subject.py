"""What is examined: this environment, and a target that runs go to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from amlflow_jupyter.doctor.access import Access
from amlflow_jupyter.doctor.commands import Commands
from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.settings import Settings
from amlflow_jupyter.workspaces import target
from amlflow_jupyter.workspaces.azure.finding import AZURE
from amlflow_jupyter.workspaces.profiles import Profiles
from amlflow_jupyter.workspaces.workspace import Workspace


@dataclass(frozen=True)
class Subject:
    """What is examined.

    Attributes
    ----------
    workspace
        Where runs go, or would go; None where that cannot be told.
    problem
        Why it cannot be told.
    timeout
        Seconds that one question over the network may take.
    commands
        How commands are written here.
    access
        Signs in to Azure, for the checks that need it.
    """

    workspace: Workspace | None = None
    problem: str | None = None
    timeout: float = 5.0
    commands: Commands = field(default_factory=Commands)
    access: Access = field(default_factory=Access, repr=False, compare=False)

    @property
    def title(self) -> str:
        """What a person calls the target."""
        return self.workspace.title if self.workspace else "no target"


def subject_of(
    name: str | None,
    folder: Path,
    commands: Commands,
    connected: Workspace | None = None,
) -> Subject:
    """Find what is to be examined. Nothing here fails, and nothing is asked over the network.

    Parameters
    ----------
    name
        A target as ``%aml_connect`` takes it; None takes ``connected``, else what ``%aml_connect``
        alone would connect to.
    folder
        What relative paths start from.
    connected
        What the notebook is connected to already.
    """
    timeout = _timeout()
    try:
        found = connected if name is None and connected else _resolved(name, folder)
    except AmlflowError as error:
        return Subject(None, str(error), timeout, commands)
    except (Exception, SystemExit) as error:  # a broken package may raise anything
        problem = f"The target cannot be found out ({type(error).__name__}: {error})."
        return Subject(None, problem, timeout, commands)
    return Subject(found, None, timeout, commands, Access(found.azure))


def _resolved(name: str | None, folder: Path) -> Workspace:
    if name == AZURE:  # whichever workspace can be seen: which ones is asked later
        return Workspace("azure", "azureml:", "Azure Machine Learning", "Azure")
    return target.resolve(name, Profiles(), folder)


def _timeout() -> float:
    try:
        return Settings.load().connect_timeout
    except (Exception, SystemExit):  # the check of the settings says so
        return Settings.connect_timeout
