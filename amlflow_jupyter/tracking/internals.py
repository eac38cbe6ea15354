"""The private names of MLflow that amlflow touches. No other file touches one.

Read in MLflow 3.11 to 3.17.  What is missing in another version is found out when it is needed:
:func:`joining_is_possible` says whether ``start_run`` is the one that was read.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mlflow import ActiveRun

_START_RUN: Final = (
    "run_id",
    "experiment_id",
    "run_name",
    "nested",
    "parent_run_id",
    "tags",
    "description",
    "log_system_metrics",
)


def joining_is_possible() -> bool:
    """Whether ``mlflow.start_run`` and the stack of active runs are as they were read."""
    from mlflow.tracking import fluent

    stack = getattr(fluent, "_active_run_stack", None)
    return (
        tuple(inspect.signature(fluent.start_run).parameters) == _START_RUN
        and not fluent.start_run.__code__.co_freevars
        and all(
            hasattr(stack, name) for name in ("default_factory", "get", "get_all_thread_values")
        )
        and hasattr(fluent, "_active_experiment_id")
        and hasattr(fluent, "_last_active_run_id")
    )


def active_runs() -> list[ActiveRun]:
    """Return this thread's stack of active runs: the list itself, so that it can be changed."""
    from mlflow.tracking import fluent

    stack: list[ActiveRun] = fluent._active_run_stack.get()  # noqa: SLF001
    return stack


def active_runs_of_all_threads() -> list[list[ActiveRun]]:
    """Return the stacks of all threads that ever asked for theirs."""
    from mlflow.tracking import fluent

    return list(fluent._active_run_stack.get_all_thread_values().values())  # noqa: SLF001


def set_default_active_runs(factory: Any) -> Any:
    """Set what a new thread's stack begins as; return what made it before."""
    from mlflow.tracking import fluent

    stack = fluent._active_run_stack  # noqa: SLF001
    before, stack.default_factory = stack.default_factory, factory
    return before


def set_active_experiment(experiment_id: str | None) -> str | None:
    """Set the experiment that ``set_experiment`` made active; return the one before."""
    from mlflow.tracking import fluent

    before: str | None = fluent._active_experiment_id  # noqa: SLF001
    fluent._active_experiment_id = experiment_id  # noqa: SLF001
    return before


def active_experiment() -> str:
    """Return the id of the experiment that a new run would go to."""
    from mlflow.tracking import fluent

    experiment_id: str = fluent._get_experiment_id()  # noqa: SLF001
    return experiment_id


def set_last_active_run(run_id: str) -> None:
    """Set what ``mlflow.last_active_run`` returns."""
    from mlflow.tracking import fluent

    fluent._last_active_run_id.set(run_id)  # noqa: SLF001


def has_system_monitor(run_id: str) -> bool:
    """Whether MLflow already watches CPU and memory for this run."""
    from mlflow.tracking import fluent

    return run_id in fluent.run_id_to_system_metrics_monitor


def current_store() -> Any:
    """Return the store that MLflow logs to now; MLflow keeps one instance for each URI."""
    from mlflow.tracking._tracking_service.utils import _get_store

    return _get_store()


def autologging_configurations() -> dict[str, dict[str, Any]]:
    """Return MLflow's own table of autologging configurations: flavor to options."""
    from mlflow.utils.autologging_utils import AUTOLOGGING_INTEGRATIONS

    table: dict[str, dict[str, Any]] = AUTOLOGGING_INTEGRATIONS
    return table


def set_link_printer(printer: Any) -> Any:
    """Set what prints the link when a run ends, called with MLflow's client and the run's id.

    Returns
    -------
    Any
        The printer before; None where this MLflow has no such thing.
    """
    from mlflow.tracking._tracking_service.client import TrackingServiceClient

    before = getattr(TrackingServiceClient, "_log_url", None)
    if before is not None:
        TrackingServiceClient._log_url = printer  # noqa: SLF001
    return before
