"""What the sidebar can ask, answered in plain calls: no HTTP here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.errors import (
    AmlflowError,
    AuthenticationRequired,
    ConnectionFailed,
    TrackingError,
)
from amlflow_jupyter.server import azure, models, summaries
from amlflow_jupyter.server.connections import Connection, merge, without_secrets
from amlflow_jupyter.server.memory import Memory
from amlflow_jupyter.server.search import matches
from amlflow_jupyter.server.stores import open_store
from amlflow_jupyter.workspaces.connect import check
from amlflow_jupyter.workspaces.presence import Presences
from amlflow_jupyter.workspaces.profiles import Profiles
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

# A text is sought in this many of the newest runs, fetched a page at a time: a reader of SQLite
# holds writers up, so that pages are short.
SEARCHED_RUNS: Final = 1000
_PAGE: Final = 200
_EXPERIMENTS: Final = 1000
_NEWEST: Final = ["attributes.start_time DESC"]
# Seconds to find out why a server failed: with its own timeout less than the handlers' deadline.
_DIAGNOSIS: Final = 3.0
# The message in the JSON that Azure answers, as azureml-mlflow writes it into an error.
_AZURES_WORDS: Final = re.compile(r"""['"]message['"]: (['"])(.+?)\1""")


class NotHere(AmlflowError):
    """No connection, experiment or run has that name."""


class Service:
    """Reads connections and their runs.

    Every method blocks. Those that take a connection ask its store, and raise ``NotHere`` for what
    the store does not have, ``ConnectionFailed`` where it cannot be reached or read, and
    ``TrackingError`` where it fails otherwise.

    Parameters
    ----------
    profiles, presences
        The user's, by default.
    """

    def __init__(
        self, profiles: Profiles | None = None, presences: Presences | None = None
    ) -> None:
        self._profiles = profiles or Profiles()
        self._presences = presences or Presences()
        self._memory = Memory()

    def connections(self) -> list[dict[str, Any]]:
        """Return every connection."""
        return [summaries.connection(found) for found in self._all()]

    def find(self, name: str) -> Connection:
        """Return the connection of that name, as it is now.

        Raises
        ------
        NotHere
            There is none, or none any more.
        """
        for found in self._all():
            if found.name == name:
                return found
        raise NotHere(f"There is no connection {name!r} any more: choose another.")

    def experiments(self, connection: Connection) -> list[dict[str, Any]]:
        """Return the experiments, the newest first."""
        with _asking(connection) as client:
            found = client.search_experiments(max_results=_EXPERIMENTS)
        newest = sorted(found, key=lambda experiment: -(experiment.last_update_time or 0))
        return [summaries.experiment(experiment) for experiment in newest]

    def runs(
        self, connection: Connection, experiment: str, search: str, limit: int
    ) -> dict[str, Any]:
        """Return up to ``limit`` runs, the newest first, that ``search`` finds (all, if empty)."""
        return self._memory.recall(
            connection.workspace,
            (experiment, search, limit),
            lambda: _runs(connection, experiment, search, limit),
        )

    def run(self, connection: Connection, run_id: str) -> dict[str, Any]:
        """Return one run with its params, metrics, tags and models."""
        with _asking(connection) as client:
            run = _live_run(client, run_id, connection)
            experiment = client.get_experiment(run.info.experiment_id)
            logged = models.logged_models(client, run)
        detail = summaries.detail(run, experiment.name, connection.workspace)
        return detail | {"models": [models.summary(model) for model in logged]}

    def artifacts(self, connection: Connection, run_id: str, path: str) -> list[dict[str, Any]]:
        """Return what lies in the folder ``path`` of a run's artifacts, one level deep."""
        with _asking(connection) as client:
            _live_run(client, run_id, connection)
            return summaries.artifacts(client.list_artifacts(run_id, path or None))

    def _all(self) -> list[Connection]:
        return merge(self._profiles.all(), self._presences.living())


@contextmanager
def _asking(connection: Connection) -> Iterator[MlflowClient]:
    """Give a client of the connection's store, and turn whatever it raises into a sentence."""
    if connection.problem:
        raise ConnectionFailed(connection.problem)
    try:
        yield open_store(connection.workspace)
    except AmlflowError:
        raise
    # A store's or an artifact repository's plugin may raise anything.
    except Exception as error:
        raise _explain(connection, error) from error


def _runs(connection: Connection, experiment: str, search: str, limit: int) -> dict[str, Any]:
    bound = SEARCHED_RUNS if search else limit
    found: list[Run] = []
    searched, more = 0, False
    with _asking(connection) as client:
        for run in _newest_runs(client, experiment, bound + 1):
            if searched == bound or len(found) == limit:
                more = True
                break
            searched += 1
            if not search or matches(run, search):
                found.append(run)
        if not searched:
            client.get_experiment(experiment)  # Refuses one that is not there.
    return {"runs": [summaries.run(run) for run in found], "searched": searched, "more": more}


def _newest_runs(client: MlflowClient, experiment: str, count: int) -> Iterator[Run]:
    """Yield up to ``count`` runs of an experiment, the newest first."""
    token: str | None = None
    seen: set[str] = set()
    while len(seen) < count:
        page = client.search_runs(
            [experiment], order_by=_NEWEST, max_results=min(count, _PAGE), page_token=token
        )
        # A run that began meanwhile moved the last one of a page to the next.
        fresh = [run for run in page if run.info.run_id not in seen]
        yield from fresh[: count - len(seen)]
        seen.update(run.info.run_id for run in fresh)
        token = page.token
        if not token or not page:
            return


def _live_run(client: MlflowClient, run_id: str, connection: Connection) -> Run:
    run = client.get_run(run_id)
    if run.info.lifecycle_stage != "active":
        raise NotHere(f"Run {run_id} of {connection.title} was deleted.")
    return run


def _explain(connection: Connection, error: Exception) -> AmlflowError:
    """Say why a store failed: a server is asked once more, in a way that tells."""
    if getattr(error, "error_code", None) == "RESOURCE_DOES_NOT_EXIST":
        return NotHere(f"{connection.title} has no such experiment or run any more.")
    if connection.workspace.kind != "local":
        try:
            check(_signed_in(connection.workspace), _DIAGNOSIS)
        except AuthenticationRequired as reason:
            if connection.workspace.kind == "azure":
                azure.forget(connection.workspace)
                return reason
            return AuthenticationRequired(
                f"{connection.workspace.location} asks who you are: set MLFLOW_TRACKING_TOKEN, or "
                "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, where JupyterLab is "
                "started, and start it again."
            )
        except AmlflowError as reason:
            return reason
    return TrackingError(f"{connection.title} could not answer: {_shown(error)}")


def _signed_in(workspace: Workspace) -> Workspace:
    return azure.opened(workspace) if workspace.kind == "azure" else workspace


def _shown(error: Exception) -> str:
    """Return what Azure says of an error, else its first line, or its kind where it has none."""
    text = str(error)
    if said := _AZURES_WORDS.search(text):
        text = said[2]
    lines = text.splitlines() or [""]
    return without_secrets(lines[0])[:300] or type(error).__name__
