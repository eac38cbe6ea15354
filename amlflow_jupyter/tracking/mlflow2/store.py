"""A store of MLflow 3 whose server may speak MLflow 2: what the server lacks is answered here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from amlflow_jupyter.tracking.mlflow2 import search
from amlflow_jupyter.tracking.mlflow2.feedback import Feedback
from amlflow_jupyter.tracking.mlflow2.metrics import (
    Splitting,
    belong_to_models,
    mark_recorded,
)
from amlflow_jupyter.tracking.mlflow2.models import Models
from amlflow_jupyter.tracking.mlflow2.pages import Pages, has_pages
from amlflow_jupyter.tracking.mlflow2.presence import (
    LOGGED_MODELS,
    TRACES,
    Feature,
    is_missing_endpoint,
)
from amlflow_jupyter.tracking.mlflow2.runs import KeptModel, Links
from amlflow_jupyter.tracking.mlflow2.traces import Traces

if TYPE_CHECKING:
    from mlflow.store.tracking.rest_store import RestStore as Store
else:
    Store = object


def _where_missing(feature: Feature) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a method answer only where the server lacks ``feature``; else the server answers."""

    def decorate(own: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(own)
        def answer(self: Mlflow2Store, *args: Any, **kwargs: Any) -> Any:
            from mlflow.exceptions import MlflowException

            server = super(Mlflow2Store, self)
            lacks = feature.lacks(self, server)
            if lacks:
                return own(self, *args, **kwargs)
            try:
                return getattr(server, own.__name__)(*args, **kwargs)
            except MlflowException as error:
                if lacks is False or not is_missing_endpoint(error):
                    raise
                feature.found_missing(self)  # it could not be asked a moment ago
                return own(self, *args, **kwargs)

        return answer

    return decorate


_models = _where_missing(LOGGED_MODELS)
_traces = _where_missing(TRACES)


class Mlflow2Store(Store):
    """Mixed in before a store of MLflow that speaks to a server.

    On a server that has the endpoints of MLflow 3, every call goes to the server.
    """

    # Where the store was asked for; :mod:`amlflow_jupyter.tracking.stores` sets it.
    amlflow_uri: str | None = None

    @_models
    def create_logged_model(self, *args: Any, **kwargs: Any) -> Any:
        return self._kept_models.create(*args, **kwargs)

    @_models
    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> Any:
        return self._kept_models.get(model_id, allow_deleted)

    @_models
    def finalize_logged_model(self, model_id: str, status: Any) -> Any:
        return self._kept_models.finalize(model_id, status)

    @_models
    def delete_logged_model(self, model_id: str) -> None:
        self._kept_models.delete(model_id)

    @_models
    def set_logged_model_tags(self, model_id: str, tags: list[Any]) -> None:
        self._kept_models.set_tags(model_id, tags)

    @_models
    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        self._kept_models.delete_tag(model_id, key)

    @_models
    def log_logged_model_params(self, model_id: str, params: list[Any]) -> None:
        self._kept_models.log_params(model_id, params)

    @_models
    def search_logged_models(self, experiment_ids: list[str], *args: Any, **kwargs: Any) -> Any:
        return search.search(super(), self._pages, experiment_ids, *args, **kwargs)

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
        if not models or not self._lacks_models():
            super().log_inputs(run_id, datasets, models)
            return
        if datasets:
            super().log_inputs(run_id, datasets)
        self._links.add_inputs(run_id, models)

    @_models
    def log_outputs(self, run_id: str, models: list[Any]) -> None:
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
        return self._log_split(run_id, [metric], super().log_batch)

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Log a batch."""
        if not self._splits(metrics):
            return super().log_batch(run_id, metrics, params, tags)
        return self._log_split(run_id, metrics, super().log_batch, params, tags)

    def log_batch_async(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Queue a batch; what belongs to models is recorded at once."""
        if not self._splits(metrics):
            return super().log_batch_async(run_id, metrics, params, tags)
        answer = self._log_split(run_id, metrics, super().log_batch_async, params, tags)
        return super().log_batch_async(run_id, [], [], []) if answer is None else answer

    @_traces
    def start_trace(self, trace_info: Any) -> Any:
        return self._kept_traces.start(trace_info)

    def log_spans(self, *args: Any, **kwargs: Any) -> Any:
        """Log spans as they end, where the server has traces at all."""
        if TRACES.lacks(self, super()):
            raise NotImplementedError("The server keeps no spans.")  # MLflow sends the whole then
        return super().log_spans(*args, **kwargs)

    @_traces
    def get_trace_info(self, trace_id: str) -> Any:
        return self._kept_traces.info(trace_id)

    @_traces
    def get_trace(self, trace_id: str, **_: Any) -> Any:
        return self._kept_traces.trace(trace_id)

    @_traces
    def batch_get_traces(self, trace_ids: list[str], location: str | None = None) -> list[Any]:  # noqa: ARG002 - MLflow's
        return [self._kept_traces.trace(trace_id) for trace_id in trace_ids]

    @_traces
    def batch_get_trace_infos(self, trace_ids: list[str], location: str | None = None) -> list[Any]:  # noqa: ARG002 - MLflow's
        return [self._kept_traces.info(trace_id) for trace_id in trace_ids]

    @_traces
    def search_traces(
        self,
        experiment_ids: list[str] | None = None,
        filter_string: str | None = None,
        max_results: int = 100,
        order_by: list[str] | None = None,
        page_token: str | None = None,
        model_id: str | None = None,
        locations: list[str] | None = None,
    ) -> tuple[list[Any], str | None]:
        where = locations or experiment_ids or []
        if model_id is not None:
            filter_string = f"request_metadata.`mlflow.modelId` = '{model_id}'"
        return self._kept_traces.search(where, filter_string, max_results, order_by, page_token)

    @_traces
    def _delete_traces(self, experiment_id: str, *args: Any, **kwargs: Any) -> int:
        return self._kept_traces.delete(experiment_id, *args, **kwargs)

    @_traces
    def set_trace_tag(self, trace_id: str, key: str, value: str) -> None:
        self._kept_traces.add(trace_id, {"tags": {key: value}})

    @_traces
    def delete_trace_tag(self, trace_id: str, key: str) -> None:
        self._kept_traces.delete_tag(trace_id, key)

    @_traces
    def link_traces_to_run(self, trace_ids: list[str], run_id: str) -> None:
        for trace_id in trace_ids:
            self._kept_traces.add(trace_id, {"run": run_id})

    @_traces
    def create_assessment(self, assessment: Any) -> Any:
        return self._feedback.create(assessment)

    @_traces
    def get_assessment(self, trace_id: str, assessment_id: str) -> Any:
        return self._feedback.get(trace_id, assessment_id)

    @_traces
    def update_assessment(self, trace_id: str, assessment_id: str, **changes: Any) -> Any:
        return self._feedback.update(trace_id, assessment_id, **changes)

    @_traces
    def delete_assessment(self, trace_id: str, assessment_id: str) -> None:
        self._feedback.delete(trace_id, assessment_id)

    def keeps_models(self) -> bool:
        """Whether models are kept in runs, because the server has no place for them."""
        return bool(self._lacks_models())

    def newest_model(self, run: Any, name: str) -> KeptModel | None:
        """Return the newest model of a name, or in a folder, that is kept in a run."""
        return self._links.newest(run, name)

    def _completed(self, run: Any) -> Any:
        return self._links.completed(run) if has_pages(run) and self._lacks_models() else run

    def _lacks_models(self) -> bool | None:
        return LOGGED_MODELS.lacks(self, super())

    def _splits(self, metrics: Sequence[Any]) -> bool | None:
        return belong_to_models(metrics) and self._lacks_models()

    def _log_split(
        self,
        run_id: str,
        metrics: Sequence[Any],
        log_batch: Callable[..., Any],
        params: Sequence[Any] = (),
        tags: Sequence[Any] = (),
    ) -> Any:
        """Log metrics without their models, and remember on the models what is theirs."""

        def send(plain: list[Any], own_tags: list[Any]) -> Any:
            return log_batch(run_id, plain, list(params), [*tags, *own_tags])

        return Splitting(run_id, metrics).send(run_id, self._pages, send, bool(params or tags))

    @property
    def _pages(self) -> Pages:
        return Pages(super(), self.amlflow_uri)

    @property
    def _kept_models(self) -> Models:
        return Models(super(), self._pages)

    @property
    def _links(self) -> Links:
        return Links(self._pages, self._kept_models)

    @property
    def _kept_traces(self) -> Traces:
        return Traces(super(), self.amlflow_uri)

    @property
    def _feedback(self) -> Feedback:
        return Feedback(self._kept_traces)
