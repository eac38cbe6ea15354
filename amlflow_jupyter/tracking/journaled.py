"""A store whose logging calls return when what they say is on disk; the journal delivers it.

Journaled are metrics, params, tags, batches, dataset inputs, a run's new name and its end. Whatever
reads or changes something else waits until the store has what was logged before, and goes straight
to it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.tracking import internals, journaling
from amlflow_jupyter.tracking.limits import NOTHING
from amlflow_jupyter.tracking.outage import is_outage

if TYPE_CHECKING:
    from amlflow_jupyter.journal.run_log import RunLog
    from amlflow_jupyter.tracking.journaling import Journaling

# Methods of a store that see, or change, what logging calls before them did.
_SETTLING: Final = (
    "get_run",
    "search_runs",
    "get_metric_history",
    "get_metric_history_bulk",
    "get_metric_history_bulk_interval",
    "get_metric_history_bulk_interval_from_steps",
    "delete_run",
    "restore_run",
    "delete_tag",
    "log_outputs",
    "record_logged_model",
    "delete_experiment",
)
_ENDED: Final = frozenset({"FINISHED", "FAILED", "KILLED"})
# Seconds that the end of a run waits until its store knows.
_END_PATIENCE: Final = 30.0


class JournaledStore:
    """Mixed in before a store's own class; does nothing where its address is not journaled."""

    amlflow_uri: str | None = None

    def log_metric(self, run_id: str, metric: Any) -> None:
        """Log one metric."""
        log = journaling.log_of(run_id) or self._log_of(run_id)
        if log is None:
            super().log_metric(run_id, metric)  # type: ignore[misc]
        elif _has_extra(metric):
            log.metrics([_point(metric)])
        else:
            key, value, step, time = metric.key, metric.value, metric.step, metric.timestamp
            if not (type(value) is float and type(step) is int and log.knows(key)):
                internals.validate_metric(key, value, time, step)
                if not log.knows(key):
                    self._check_limits(run_id, [metric], (), ())
                value, step, time = float(value), int(step), int(time)
            try:
                log.metric(key, value, step, time)
            except struct.error as error:
                raise _out_of_range(key) from error

    def log_param(self, run_id: str, param: Any) -> None:
        """Log one param."""
        if self._log_of(run_id) is None:
            super().log_param(run_id, param)  # type: ignore[misc]
        else:
            JournaledStore.log_batch(self, run_id, [], [param], [])

    def set_tag(self, run_id: str, tag: Any) -> None:
        """Set one tag."""
        if self._log_of(run_id) is None:
            super().set_tag(run_id, tag)  # type: ignore[misc]
        else:
            JournaledStore.log_batch(self, run_id, [], [], [tag])

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> None:
        """Log metrics, params and tags."""
        log = self._log_of(run_id)
        if log is None:
            super().log_batch(run_id, metrics, params, tags)  # type: ignore[misc]
            return
        # All are looked at before any is written: a batch is refused as a whole.
        points = [_checked_point(metric) for metric in metrics]
        self._check_limits(run_id, metrics, params, tags)
        new = self._checked_params(run_id, params)
        set_tags = [internals.validated_tag(tag) for tag in tags]
        now = internals.now_in_milliseconds()
        try:
            log.metrics(points)
        except struct.error as error:
            raise _out_of_range(metrics[0].key) from error
        for key, value in new:
            log.param(key, value, now)
        for tag in set_tags:
            log.tag(tag.key, str(tag.value), now)

    def log_batch_async(self, run_id: str, metrics: Any, params: Any, tags: Any) -> Any:
        """Log a batch; there is nothing left to wait for when this returns."""
        from mlflow.utils.async_logging.run_operations import RunOperations

        if self._log_of(run_id) is None:
            return super().log_batch_async(run_id, metrics, params, tags)  # type: ignore[misc]
        JournaledStore.log_batch(self, run_id, metrics, params, tags)
        return RunOperations(operation_futures=[])

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: Any, run_name: str
    ) -> Any:
        """Create a run, at once: its id is the store's."""
        run = super().create_run(experiment_id, user_id, start_time, tags, run_name)  # type: ignore[misc]
        if (here := self._journaling()) is not None:
            run_id = run.info.run_id
            here.journal.run(run_id, str(self.amlflow_uri), store_run_id=run_id, opened=True)
            here.meet(run)
        return run

    def update_run_info(self, run_id: str, run_status: Any, end_time: Any, run_name: Any) -> Any:
        """Rename a run, or end it: the last of what is delivered."""
        from mlflow.entities import RunStatus

        here, log = self._journaling(), self._log_of(run_id)
        status = RunStatus.to_string(run_status) if run_status is not None else None
        info = here.infos.get(run_id) if here else None
        if here is None or log is None or info is None or (status and status not in _ENDED):
            self._settle()
            return super().update_run_info(run_id, run_status, end_time, run_name)  # type: ignore[misc]
        now = internals.now_in_milliseconds()
        if run_name:
            log.update({"name": run_name}, now)
        if status:
            log.end(status, end_time or now)
            here.settle(_END_PATIENCE)
        return internals.changed_info(info, run_name, run_status, end_time)

    def log_inputs(
        self, run_id: str, datasets: list[Any] | None = None, models: list[Any] | None = None
    ) -> None:
        """Log what a run used."""
        log = self._log_of(run_id)
        if log is None or models:
            self._settle()
            super().log_inputs(run_id, datasets, models)  # type: ignore[misc]
        elif datasets:
            text = internals.inputs_as_json(run_id, datasets)
            log.inputs(text, internals.now_in_milliseconds())

    def _journaling(self) -> Journaling | None:
        here = journaling.current()
        return here if here is not None and self.amlflow_uri in here.uris else None

    def _settle(self) -> None:
        """Wait until the store has what was logged."""
        here = self._journaling()
        if here is not None:
            here.settle()

    def _log_of(self, run_id: str) -> RunLog | None:
        """Return what logs to a run; None where its calls go straight to the store.

        A run that this process meets for the first time is looked up: who logs to a run that is
        not there is told so at once.
        """
        here = self._journaling()
        if here is None:
            return None
        known = here.journal.known(run_id)
        if known is not None:
            return known
        try:
            run = super().get_run(run_id)  # type: ignore[misc]
        except Exception as error:
            if not is_outage(error):
                raise
        else:
            if run.info.lifecycle_stage == "deleted":
                return None
            here.meet(run)
        return here.journal.run(run_id, str(self.amlflow_uri), store_run_id=run_id)

    def _check_limits(
        self, run_id: str, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> None:
        """Raise MLflow's error for what the service could never hold; others have no limits."""
        from mlflow.exceptions import MlflowException

        here, limits = self._journaling(), getattr(self, "limits", None)
        if here is None or limits is None:
            return
        held = here.held.get(run_id, NOTHING)
        reason = limits.too_long(tags) or limits.too_many(held, metrics, params, tags)
        if reason is not None:
            raise MlflowException.invalid_parameter_value(reason)
        here.held[run_id] = held.with_names(metrics, params, tags)

    def _checked_params(self, run_id: str, params: Sequence[Any]) -> list[tuple[str, str]]:
        """Return the params that are new; raise MLflow's error for one that would change."""
        internals.validate_param_keys(params)
        here = self._journaling()
        known = here.params.setdefault(run_id, {}) if here else {}
        new: list[tuple[str, str]] = []
        for param in params:
            valid = internals.validated_param(param)
            key, value = valid.key, str(valid.value)
            if key in known and known[key] != value:
                raise internals.changed_param(run_id, key, known[key], value)
            if key not in known:
                new.append((key, value))
        known.update(new)
        return new


def _settling(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **options: Any) -> Any:
        self._settle()
        return getattr(super(JournaledStore, self), name)(*args, **options)

    method.__name__ = name
    method.__doc__ = "Wait until the store has what was logged, and ask it."
    return method


for _name in _SETTLING:
    setattr(JournaledStore, _name, _settling(_name))


def _has_extra(metric: Any) -> bool:
    return metric.model_id is not None or metric.dataset_name is not None


def _checked_point(metric: Any) -> tuple[str, float, int, int, str]:
    internals.validate_metric(metric.key, metric.value, metric.timestamp, metric.step)
    return _point(metric)


def _point(metric: Any) -> tuple[str, float, int, int, str]:
    extra = _extra(metric) if _has_extra(metric) else ""
    return metric.key, float(metric.value), int(metric.step), int(metric.timestamp), extra


def _extra(metric: Any) -> str:
    found = {
        "model_id": metric.model_id,
        "dataset_name": metric.dataset_name,
        "dataset_digest": metric.dataset_digest,
    }
    return json.dumps({name: value for name, value in found.items() if value is not None})


def _out_of_range(key: str) -> Exception:
    from mlflow.exceptions import MlflowException

    return MlflowException.invalid_parameter_value(  # type: ignore[no-any-return]
        f"The step and the time of the metric {key!r} must be integers of 64 bits."
    )
