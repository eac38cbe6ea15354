"""azureml-core's ``Workspace`` of an opened workspace, with the credential that is signed in.

azureml-core is imported here, which takes two to three seconds, and nowhere before.
"""

from __future__ import annotations

from typing import Any

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import internals
from amlflow_jupyter.workspaces.workspace import Workspace


def core_workspace(workspace: Workspace) -> Any:
    """Return the ``azureml.core.Workspace`` of an opened workspace.

    Raises
    ------
    BadTarget
        It is no Azure ML workspace, or nobody is signed in to it.
    """
    facts = workspace.azure
    if facts is None or facts.signed_in is None:
        raise BadTarget(
            f"{workspace.title} is no Azure ML workspace: connect to one with %aml_connect azure."
        )
    return internals.core_workspace(facts.address, facts.region, facts.signed_in.credential)
