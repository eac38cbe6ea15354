"""The part of a tracking store that knows logged models, and runs that made and used them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amlflow_jupyter.tracking.mlflow2 import search
from amlflow_jupyter.tracking.mlflow2.dispatch import where_missing
from amlflow_jupyter.tracking.mlflow2.metrics import Splitting, belong_to_models, mark_recorded
from amlflow_jupyter.tracking.mlflow2.models import Models
from amlflow_jupyter.tracking.mlflow2.pages import Pages, has_pages
from amlflow_jupyter.tracking.mlflow2.presence import LOGGED_MODELS
from amlflow_jupyter.tracking.mlflow2.recording import record_soon, wait_until_recorded
from amlflow_jupyter.tracking.mlflow2.runs import KeptModel, Links

if TYPE_CHECKING:
    from mlflow.store.tracking.rest_store import RestStore as Store
else:
    Store = object

_where_missing = where_missing(LOGGED_MODELS)


class ModelStore(Store):
    """Mixed in before a store of MLflow that speaks to a server."""

    amlflow_server: Any
    amlflow_uri: str | None

    @_where_missing
    def create_logged_model(self, *args: Any, **kwargs: Any) -> Any:
        """Return a new model."""
        return self._kept_models.create(*args, **kwargs)

    @_where_missing
    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> Any:
        """Return a model."""
        return self._kept_models.get(model_id, allow_deleted)

    @_where_missing
    def finalize_logged_model(self, model_id: str, status: Any) -> Any:
        """Set the status of a model."""
        return self._kept_models.finalize(model_id, status)

    @_where_missing
    def delete_logged_model(self, model_id: str) -> None:
        """Mark a model as deleted."""
        self._kept_models.delete(model_id)

    @_where_missing
    def set_logged_model_tags(self, model_id: str, tags: list[Any]) -> None:
        """Set tags of a model."""
        self._kept_models.set_tags(model_id, tags)

    @_where_missing
    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Take a tag of a model away."""
        self._kept_models.delete_tag(model_id, key)

    @_where_missing
    def log_logged_model_params(self, model_id: str, params: list[Any]) -> None:
        """Add params to a model."""
        self._kept_models.log_params(model_id, params)

    @_where_missing
    def search_logged_models(self, experiment_ids: list[str], *args: Any, **kwargs: Any) -> Any:
        """Return the models of experiments that match."""
        server = self.amlflow_server
        return search.search(server, self._pages, experiment_ids, *args, **kwargs)

    def get_run(self, run_id: str) -> Any:
        """Return a run, with the models that are its inputs and outputs."""
        return self._completed(super().get_run(run_id))

    def search_runs(self, *args: Any, **kwargs: Any) -> Any:
        """Return runs, with the models that are their inputs and outputs."""
        runs = super().search_runs(*args, **kwargs)
        runs[:] = [self._completed(run) for run in runs]
        return runs

    def log_inputs(
        self, run_id: str, datasets: list[Any] | None = None, models: list[Any] | None = None
    ) -> None:
        """Record what a run used."""
        if not models or not self.keeps_models():
            super().log_inputs(run_id, datasets, models)
            return
        if datasets:
            super().log_inputs(run_id, datasets)
        self._links.add_inputs(run_id, models)

    @_where_missing
    def log_outputs(self, run_id: str, models: list[Any]) -> None:
        """Record the steps at which a run made models."""
        self._links.add_outputs(run_id, models)

    def get_metric_history(self, run_id: str, *args: Any, **kwargs: Any) -> Any:
        """Return the points of a metric, marked as such where copies of them may come back."""
        points = super().get_metric_history(run_id, *args, **kwargs)
        if LOGGED_MODELS.known_to_lack(self):
            mark_recorded(run_id, points)
        return points

    def log_metric(self, run_id: str, metric: Any) -> Any:
        """Log one metric."""
        if not self._splits([metric]):
            return super().log_metric(run_id, metric)
        return self._log_split(run_id, [metric])

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Log a batch."""
        if not self._splits(metrics):
            return super().log_batch(run_id, metrics, params, tags)
        return self._log_split(run_id, metrics, params, tags)

    def log_batch_async(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Queue a batch."""
        from mlflow.utils.async_logging.run_operations import (
            RunOperations,
            get_combined_run_operations,
        )

        if not self._splits(metrics):
            return super().log_batch_async(run_id, metrics, params, tags)
        split = Splitting(run_id, metrics)
        operations = [RunOperations([record_soon(self._pages, split.rows)])]
        if split.plain or params or tags:
            operations.append(super().log_batch_async(run_id, split.plain, params, tags))
        return get_combined_run_operations(operations)

    def flush_async_logging(self) -> None:
        """Wait until everything that was queued is logged."""
        super().flush_async_logging()
        wait_until_recorded()

    def keeps_models(self) -> bool:
        """Whether models are kept in runs, because the server has no place for them."""
        return bool(LOGGED_MODELS.lacks(self, self.amlflow_server))

    def newest_model(self, run: Any, name: str) -> KeptModel | None:
        """Return the newest model of a name, or in a folder, that is kept in a run."""
        return self._links.newest(run, name)

    def has_model_in(self, run: Any, folder: str) -> bool:
        """Whether a folder among a run's artifacts is that of a model."""
        return self._links.has_model_in(run, folder)

    def _completed(self, run: Any) -> Any:
        return self._links.completed(run) if has_pages(run) and self.keeps_models() else run

    def _splits(self, metrics: Sequence[Any]) -> bool:
        return belong_to_models(metrics) and self.keeps_models()

    def _log_split(
        self,
        run_id: str,
        metrics: Sequence[Any],
        params: Sequence[Any] = (),
        tags: Sequence[Any] = (),
    ) -> None:
        """Log metrics without their models, and remember on the models what is theirs."""
        log_batch = super().log_batch

        def send(plain: list[Any], own_tags: list[Any]) -> None:
            log_batch(run_id, plain, list(params), [*tags, *own_tags])

        Splitting(run_id, metrics).send(self._pages, send, needed=bool(params or tags))

    @property
    def _pages(self) -> Pages:
        return Pages(self.amlflow_server, self.amlflow_uri)

    @property
    def _kept_models(self) -> Models:
        return Models(self.amlflow_server, self._pages)

    @property
    def _links(self) -> Links:
        return Links(self._pages, self._kept_models)
