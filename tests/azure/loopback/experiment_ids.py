"""Experiment ids: GUIDs, as Azure shows them, and the numbers of the MLflow server behind.

The GUID of an experiment is its workspace's with the number in place of the last twelve digits,
so that each can be told from the other.
"""

from __future__ import annotations

from loopback.world import Workspace


def to_azure(workspace: Workspace, number: str) -> str:
    """Return the GUID of an experiment of the server."""
    return f"{workspace.id[:24]}{int(number):012x}"


def to_mlflow(workspace: Workspace, guid: str) -> str:
    """Return the server's number of a GUID; what is no GUID of this workspace stays as it is."""
    if not guid.startswith(workspace.id[:24]):
        return guid
    try:
        return str(int(guid[24:], 16))
    except ValueError:
        return guid
