"""A store that keeps to its service's limits: it splits what is too large, and names the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from amlflow_jupyter.tracking.limits import AZURE, NOTHING, Held, Limits
from amlflow_jupyter.tracking.outage import is_outage


class LimitedStore:
    """Mixed in before a store's own class. What the service can take is not changed."""

    limits: ClassVar[Limits] = AZURE

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> None:
        """Log a batch in as few requests as the service's limits allow."""
        for part in self.limits.batches(metrics, params, tags):
            with self._explaining(run_id, *part):
                super().log_batch(run_id, *part)  # type: ignore[misc]

    def log_batch_async(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Queue a batch as as few batches as the service's limits allow; return them as one."""
        from mlflow.utils.async_logging.run_operations import get_combined_run_operations

        operations = []
        for part in self.limits.batches(metrics, params, tags):
            with self._explaining(run_id, *part):
                operations.append(super().log_batch_async(run_id, *part))  # type: ignore[misc]
        return get_combined_run_operations(operations)

    def log_metric(self, run_id: str, metric: Any) -> Any:
        """Log one metric."""
        with self._explaining(run_id, metrics=[metric]):
            return super().log_metric(run_id, metric)  # type: ignore[misc]

    def log_param(self, run_id: str, param: Any) -> Any:
        """Log one param."""
        with self._explaining(run_id, params=[param]):
            return super().log_param(run_id, param)  # type: ignore[misc]

    def set_tag(self, run_id: str, tag: Any) -> Any:
        """Set one tag."""
        with self._explaining(run_id, tags=[tag]):
            return super().set_tag(run_id, tag)  # type: ignore[misc]

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: Any, run_name: str
    ) -> Any:
        """Create a run with its first tags."""
        with self._explaining(None, tags=tags or ()):
            return super().create_run(experiment_id, user_id, start_time, tags, run_name)  # type: ignore[misc]

    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> Any:
        """Return a metric's points, by pages that the service allows.

        MLflow's clients ask for 25,000 and follow the page's token. Without ``max_results`` all
        pages are fetched here.
        """
        ask = super().get_metric_history  # type: ignore[misc]
        size = min(max_results or self.limits.history_page, self.limits.history_page)
        page = ask(run_id, metric_key, max_results=size, page_token=page_token)
        while max_results is None and page.token:
            following = ask(run_id, metric_key, max_results=size, page_token=page.token)
            page.extend(following)
            page.token = following.token
        return page

    @contextmanager
    def _explaining(
        self,
        run_id: str | None,
        metrics: Sequence[Any] = (),
        params: Sequence[Any] = (),
        tags: Sequence[Any] = (),
    ) -> Iterator[None]:
        """Say in a sentence which limit was met, where the service refuses for that reason.

        Nothing is asked beforehand: an ordinary call costs no request more.
        """
        from mlflow.exceptions import MlflowException

        try:
            yield
        except MlflowException as error:
            reason = None if is_outage(error) else self._reason(run_id, metrics, params, tags)
            if reason is None:
                raise
            raise MlflowException.invalid_parameter_value(reason) from error

    def _reason(
        self, run_id: str | None, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> str | None:
        if reason := self.limits.too_long(tags):
            return reason
        held = NOTHING if run_id is None else self._held(run_id)
        return self.limits.too_many(held, metrics, params, tags) if held else None

    def _held(self, run_id: str) -> Held | None:
        """Return what the run holds already, or None where that cannot be known."""
        from mlflow.exceptions import MlflowException

        try:
            data = super().get_run(run_id).data  # type: ignore[misc]
        except MlflowException:
            return None
        return Held(frozenset(data.metrics), frozenset(data.params), frozenset(data.tags))
