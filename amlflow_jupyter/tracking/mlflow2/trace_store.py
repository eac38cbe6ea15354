"""The part of a tracking store that knows traces, and what people and code think of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amlflow_jupyter.tracking.mlflow2.dispatch import where_missing
from amlflow_jupyter.tracking.mlflow2.feedback import Feedback
from amlflow_jupyter.tracking.mlflow2.presence import TRACES
from amlflow_jupyter.tracking.mlflow2.traces import Traces

if TYPE_CHECKING:
    from mlflow.store.tracking.rest_store import RestStore as Store
else:
    Store = object

_where_missing = where_missing(TRACES)


class TraceStore(Store):
    """Mixed in before a store of MLflow that speaks to a server."""

    amlflow_server: Any
    amlflow_uri: str | None

    @_where_missing
    def start_trace(self, trace_info: Any) -> Any:
        """Keep a trace, which has ended by then."""
        return self._kept_traces.start(trace_info)

    def log_spans(self, *args: Any, **kwargs: Any) -> Any:
        """Log spans as they end, where the server has traces at all."""
        if TRACES.lacks(self, self.amlflow_server):
            raise NotImplementedError("The server keeps no spans.")  # MLflow sends the whole then
        return super().log_spans(*args, **kwargs)

    @_where_missing
    def get_trace_info(self, trace_id: str) -> Any:
        """Return a trace's info."""
        return self._kept_traces.info(trace_id)

    @_where_missing
    def get_trace(self, trace_id: str, **_: Any) -> Any:
        """Return a trace with its spans."""
        return self._kept_traces.trace(trace_id)

    @_where_missing
    def batch_get_traces(self, trace_ids: list[str], *_: Any, **__: Any) -> list[Any]:
        """Return several traces with their spans."""
        return [self._kept_traces.trace(trace_id) for trace_id in trace_ids]

    @_where_missing
    def batch_get_trace_infos(self, trace_ids: list[str], *_: Any, **__: Any) -> list[Any]:
        """Return the infos of several traces."""
        return [self._kept_traces.info(trace_id) for trace_id in trace_ids]

    @_where_missing
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
        """Return the infos of experiments' traces that match, and the token of the next page."""
        if model_id is not None:
            filter_string = f"request_metadata.`mlflow.modelId` = '{model_id}'"
        where = locations or experiment_ids or []
        return self._kept_traces.search(where, filter_string, max_results, order_by, page_token)

    @_where_missing
    def _delete_traces(self, experiment_id: str, *args: Any, **kwargs: Any) -> int:
        return self._kept_traces.delete(experiment_id, *args, **kwargs)

    @_where_missing
    def set_trace_tag(self, trace_id: str, key: str, value: str) -> None:
        """Set a tag of a trace."""
        self._kept_traces.add(trace_id, {"tags": {key: value}})

    @_where_missing
    def delete_trace_tag(self, trace_id: str, key: str) -> None:
        """Take a tag of a trace away."""
        self._kept_traces.delete_tag(trace_id, key)

    @_where_missing
    def link_traces_to_run(self, trace_ids: list[str], run_id: str) -> None:
        """Let traces belong to a run."""
        for trace_id in trace_ids:
            self._kept_traces.add(trace_id, {"run": run_id})

    @_where_missing
    def create_assessment(self, assessment: Any) -> Any:
        """Keep what someone thinks of a trace."""
        return self._feedback.create(assessment)

    @_where_missing
    def get_assessment(self, trace_id: str, assessment_id: str) -> Any:
        """Return an assessment."""
        return self._feedback.get(trace_id, assessment_id)

    @_where_missing
    def update_assessment(self, trace_id: str, assessment_id: str, **changes: Any) -> Any:
        """Change an assessment."""
        return self._feedback.update(trace_id, assessment_id, **changes)

    @_where_missing
    def delete_assessment(self, trace_id: str, assessment_id: str) -> None:
        """Take an assessment away."""
        self._feedback.delete(trace_id, assessment_id)

    @property
    def _kept_traces(self) -> Traces:
        return Traces(self.amlflow_server, self.amlflow_uri)

    @property
    def _feedback(self) -> Feedback:
        return Feedback(self._kept_traces)
