"""Names of experiments in Azure ML: one with a slash is never found again there."""

from __future__ import annotations

from typing import Any

from amlflow_jupyter.tracking.saying import say_once


def azure_name(name: str) -> str:
    """Return the name that an experiment has in Azure ML: the last part of a path.

    Azure Databricks names experiments ``/Users/me/exp``; the workspace that is linked to it knows
    that one as ``exp``.
    """
    return name.rstrip("/").rpartition("/")[2] or name


class AzureExperimentNames:
    """Mixed in before the store of a workspace: names are what they can be there."""

    def get_experiment_by_name(self, experiment_name: str) -> Any:
        """Return the experiment of a name, or None."""
        return super().get_experiment_by_name(_said(experiment_name))  # type: ignore[misc]

    def create_experiment(self, name: str, *args: Any, **options: Any) -> Any:
        """Make an experiment; return its id."""
        return super().create_experiment(_said(name), *args, **options)  # type: ignore[misc]

    def rename_experiment(self, experiment_id: str, new_name: str) -> Any:
        """Give an experiment another name."""
        return super().rename_experiment(experiment_id, _said(new_name))  # type: ignore[misc]


def _said(name: str) -> str:
    """Return the name that is used, and say so once where it is another."""
    found = azure_name(name)
    if found != name:
        say_once(
            f"Azure ML finds no experiment with a slash in its name: {name!r} is {found!r} there."
        )
    return found
