"""The experiments of a workspace of any kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from amlflow_jupyter.resources.moments import iso
from amlflow_jupyter.tracking.failures import translated
from amlflow_jupyter.tracking.internals import active_experiment
from amlflow_jupyter.tracking.search import experiment_name
from amlflow_jupyter.workspaces.azure import studio
from amlflow_jupyter.workspaces.workspace import Workspace

_PAGE: Final = 200


@dataclass(frozen=True)
class Experiment:
    """An experiment.

    Attributes
    ----------
    name, id
        Of the experiment.
    runs
        How many it has; None where counting them would mean reading them.
    last_update, created
        ISO 8601, in UTC.
    url
        Its page in the workspace's web interface.
    active
        Whether runs go to it now.
    """

    name: str
    id: str
    runs: int | None
    last_update: str | None
    created: str | None
    url: str | None
    active: bool


def experiments(workspace: Workspace, most: int) -> list[Experiment]:
    """Return the newest ``most`` experiments of the connected workspace, the newest first.

    Raises
    ------
    StoreFailed
        They cannot be read.
    """
    with translated("The experiments cannot be listed"):
        found = sorted(_all(), key=lambda one: -_changed(one))[:most]
        counts, active = _counts(workspace), experiment_name(active_experiment())
    return [
        Experiment(
            one.name,
            str(one.experiment_id),
            None if counts is None else counts.get(str(one.experiment_id), 0),
            iso(one.last_update_time),
            iso(one.creation_time),
            experiment_url(workspace, str(one.experiment_id)),
            one.name == active,
        )
        for one in found
    ]


def experiment_url(workspace: Workspace, experiment_id: str) -> str | None:
    """Return the address of an experiment's page, where there is a web interface."""
    if workspace.azure is not None:
        return studio.experiment_url(workspace.azure.address, workspace.azure.tenant, experiment_id)
    if workspace.ui_url is None:
        return None
    page = "ml" if workspace.kind == "databricks" else "#"
    return f"{workspace.ui_url.rstrip('/')}/{page}/experiments/{quote(experiment_id, safe='')}"


def _all() -> Iterator[Any]:
    from mlflow import MlflowClient

    client, token = MlflowClient(), None
    while True:
        page = client.search_experiments(max_results=_PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _changed(one: Any) -> int:
    return int(one.last_update_time or one.creation_time or 0)


def _counts(workspace: Workspace) -> dict[str, int] | None:
    """Return how many runs each experiment has, where one question to a database tells."""
    if not workspace.uri.startswith("sqlite:"):
        return None
    query = (
        "SELECT experiment_id, COUNT(*) FROM runs WHERE lifecycle_stage = 'active' "
        "GROUP BY experiment_id"
    )
    try:
        path = Path(workspace.location).resolve().as_uri()
        with closing(sqlite3.connect(f"{path}?mode=ro", uri=True)) as database:
            return {str(experiment): int(count) for experiment, count in database.execute(query)}
    except sqlite3.Error:
        return None
