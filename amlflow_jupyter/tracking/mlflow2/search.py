"""Search the logged models of experiments: one request a page of runs, whatever it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.entities import logged_model
from amlflow_jupyter.tracking.mlflow2.identity import ModelId
from amlflow_jupyter.tracking.mlflow2.pages import MARKER, Pages
from amlflow_jupyter.tracking.saying import say_once

_logger = logging.getLogger(__name__)
_RUNS_A_PAGE: Final = 1000
_MODELS_A_PAGE: Final = 100


def marked_runs(server: Any, experiment_ids: Iterable[str], marker: str) -> Iterator[Any]:
    """Yield the runs of experiments that have a tag, a page at a time."""
    from mlflow.entities import ViewType

    token = None
    ids = [str(experiment_id) for experiment_id in experiment_ids]
    while ids:
        runs = server.search_runs(
            ids, f"tags.{marker} = '1'", ViewType.ACTIVE_ONLY, _RUNS_A_PAGE, None, token
        )
        yield from runs
        token = runs.token
        if not token:
            return


def search(
    server: Any,
    pages: Pages,
    experiment_ids: Iterable[str],
    filter_string: str | None = None,
    datasets: list[dict[str, Any]] | None = None,
    max_results: int | None = None,
    order_by: list[dict[str, Any]] | None = None,
    page_token: str | None = None,
) -> Any:
    """Return the models that match, by MLflow's own filter, order and paging."""
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.utils.search_utils import SearchLoggedModelsUtils as Search

    models = [
        model
        for run in marked_runs(server, experiment_ids, MARKER)
        for model in _models_of(run, pages)
    ]
    found = Search.filter_logged_models(models, filter_string, datasets)
    ordered = Search.sort(found, order_by)
    return PagedList(*Search.paginate(ordered, page_token, max_results or _MODELS_A_PAGE))


def _models_of(run: Any, pages: Pages) -> list[Any]:
    from mlflow.exceptions import MlflowException

    try:
        documents = pages.read(run).documents()
    except MlflowException as error:  # one run must not hide the others
        say_once(f"The models of the run {run.info.run_id} are left out: {error}")
        return []
    return [
        logged_model(run, ModelId(run.info.run_id, mark), kept)
        for mark, kept in documents.items()
        if not kept.deleted
    ]
