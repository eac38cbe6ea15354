"""The private names of MLflow that amlflow touches. No other file touches one.

Read in MLflow 3.11 to 3.17.  What is missing in another version is found out when it is needed:
:func:`joining_is_possible` says whether ``start_run`` is the one that was read.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

if TYPE_CHECKING:
    from mlflow import ActiveRun

# What MLflow builds for an address: a store of runs, one of registered models, one of artifacts.
Kind = Literal["tracking", "registry", "artifacts"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_REGISTRIES: Final[dict[Kind, tuple[str, str]]] = {
    "tracking": ("mlflow.tracking._tracking_service.utils", "_tracking_store_registry"),
    "registry": ("mlflow.tracking._model_registry.utils", "_model_registry_store_registry"),
    "artifacts": (
        "mlflow.store.artifact.artifact_repository_registry",
        "_artifact_repository_registry",
    ),
}

_FIRST_MAJOR: Final = 3
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


def store_of(uri: str | None) -> Any:
    """Return the store of an address; None takes the current one."""
    from mlflow.tracking._tracking_service.utils import _get_store

    return _get_store(uri)


def new_store(uri: str) -> Any:
    """Build a store for an address that nobody else uses; MLflow's own cache is left alone."""
    from mlflow.tracking._tracking_service.utils import _resolve_tracking_uri

    builder = _registry("tracking").get_store_builder(uri)
    return builder(store_uri=_resolve_tracking_uri(uri), artifact_uri=None)


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


# How MLflow finds the stores of an address: https://mlflow.org/docs/latest/ml/plugins/


def is_mlflow_3() -> bool:
    """Whether this is MLflow 3 or newer: an older client asks its server for nothing it lacks."""
    from mlflow.version import VERSION

    return int(VERSION.partition(".")[0]) >= _FIRST_MAJOR


def stores_are_as_read() -> bool:
    """Whether the tables of builders, and the caches of built stores, are as they were read."""
    try:
        return all(isinstance(store_builders(kind), dict) for kind in KINDS) and all(
            callable(forget) for forget in _forgetting()
        )
    except (ImportError, AttributeError):
        return False


def store_builders(kind: Kind) -> dict[str, Any]:
    """Return MLflow's own table of builders of one kind: scheme to builder."""
    registry = _registry_so_far(kind) or _registry(kind)
    builders: dict[str, Any] = registry._registry  # noqa: SLF001
    return builders


def forget_built_stores() -> None:
    """Let MLflow build every store anew that is asked for from now on."""
    for forget in _forgetting():
        forget()


def keep_builder(kind: Kind, scheme: str, builder: Any) -> None:
    """Let ``builder`` stay in MLflow's table though a package registers another one later.

    For an entry point that MLflow loads: which of two packages it loads first is not known. Does
    nothing where MLflow is not loading its entry points, or has loaded the other's already.
    """
    registry = _registry_so_far(kind)
    register = getattr(registry, "register", None)
    if register is None or "register" in vars(registry) or scheme in store_builders(kind):
        return

    def register_kept(name: str, other: Any) -> None:
        if name == scheme:
            stop_keeping(kind)
            other = builder
        register(name, other)

    registry.register = register_kept  # type: ignore[union-attr]  # it has one, as was found


def stop_keeping(kind: Kind) -> None:
    """Undo :func:`keep_builder`."""
    registry = _registry_so_far(kind)
    if registry is not None:
        vars(registry).pop("register", None)


def _registry(kind: Kind) -> Any:
    if kind == "registry":
        from mlflow.tracking._model_registry.utils import _get_store_registry

        return _get_store_registry()
    module, name = _REGISTRIES[kind]
    return getattr(importlib.import_module(module), name)


def _registry_so_far(kind: Kind) -> Any | None:
    """Return the table even while its module is being imported; None where it is not."""
    module, name = _REGISTRIES[kind]
    return getattr(sys.modules.get(module), name, None)


def _forgetting() -> list[Any]:
    from mlflow.tracking._tracking_service import utils

    return [
        type(_registry("tracking"))._get_store_with_resolved_uri.cache_clear,  # noqa: SLF001
        type(_registry("registry"))._get_store_with_resolved_uri.cache_clear,  # noqa: SLF001
        utils._get_tracking_scheme_with_resolved_uri.cache_clear,  # noqa: SLF001
        utils._artifact_repos_cache.clear,  # noqa: SLF001
    ]


def validate_model_name(name: str | None) -> None:
    """Raise MLflow's error for a name that no logged model may have."""
    from mlflow.utils.validation import _validate_logged_model_name

    _validate_logged_model_name(name)


def random_name() -> str:
    """Return a name as MLflow invents them, such as ``bold-fox-12``."""
    from mlflow.utils.name_utils import _generate_random_name

    name: str = _generate_random_name()
    return name


def parse_model_uri(uri: str) -> Any:
    """Return what a ``models:/`` URI names: ``model_id``, or ``name`` and what tells versions."""
    from mlflow.store.artifact.utils.models import _parse_model_uri

    return _parse_model_uri(uri)


def registered_tags(entity: Any) -> dict[str, str]:
    """Return the tags of a registered model or version: its own table, not MLflow's copy."""
    tags: dict[str, str] = entity._tags  # noqa: SLF001
    return tags


def set_version_model(version: Any, model_id: str) -> None:
    """Set the logged model of a registered version, which MLflow's entity has no setter for."""
    version._model_id = model_id  # noqa: SLF001


def set_metric_run(metric: Any, run_id: str) -> None:
    """Set the run of a metric, which MLflow's entity has no setter for."""
    metric._run_id = run_id  # noqa: SLF001


def download_file(repository: Any, path: str, local: Path) -> None:
    """Download one file from a repository of artifacts.

    Its public method lists the whole folder first, which on Azure is a list of the whole run.
    """
    repository._download_file(path, str(local))  # noqa: SLF001


def validate_metric(key: Any, value: Any, timestamp: Any, step: Any) -> None:
    """Raise MLflow's error for a metric that no store takes."""
    from mlflow.utils import validation

    validation._validate_metric(key, value, timestamp, step)  # noqa: SLF001
    validation._validate_length_limit(  # noqa: SLF001
        "Metric name", validation.MAX_ENTITY_KEY_LENGTH, key
    )


def validate_param_keys(params: Any) -> None:
    """Raise MLflow's error where two params have one key."""
    from mlflow.utils.validation import _validate_param_keys_unique

    _validate_param_keys_unique(params)


def validated_param(param: Any) -> Any:
    """Return a param as a store takes it, or raise MLflow's error."""
    from mlflow.utils.validation import _validate_param

    return _validate_param(param.key, param.value)


def validated_tag(tag: Any) -> Any:
    """Return a tag as a store takes it, or raise MLflow's error."""
    from mlflow.utils.validation import _validate_tag

    return _validate_tag(tag.key, tag.value)


def now_in_milliseconds() -> int:
    """Return the time as MLflow writes it."""
    return time.time_ns() // 1_000_000


def changed_param(run_id: str, key: str, old: str, new: str) -> Exception:
    """Return the error that MLflow's own stores raise for a param that would change."""
    from mlflow.exceptions import MlflowException

    return MlflowException.invalid_parameter_value(  # type: ignore[no-any-return]
        f"Changing param values is not allowed. Param with key='{key}' was already logged with "
        f"value='{old}' for run ID='{run_id}'. Attempted logging new value '{new}'."
    )


def changed_info(info: Any, name: Any, status: Any, end_time: Any) -> Any:
    """Return a copy of a run's info with what changed."""
    from mlflow.entities import RunInfo, RunStatus

    return RunInfo(
        run_id=info.run_id,
        experiment_id=info.experiment_id,
        user_id=info.user_id,
        status=info.status if status is None else RunStatus.to_string(status),
        start_time=info.start_time,
        end_time=end_time or info.end_time,
        lifecycle_stage=info.lifecycle_stage,
        artifact_uri=info.artifact_uri,
        run_name=name or info.run_name,
    )


def inputs_as_json(run_id: str, datasets: Any) -> str:
    """Return the body of MLflow's request that logs datasets."""
    from mlflow.protos.service_pb2 import LogInputs
    from mlflow.utils.proto_json_utils import message_to_json

    asked = LogInputs(run_id=run_id, datasets=[each.to_proto() for each in datasets])
    text: str = message_to_json(asked)
    return text


def registry_uri() -> str | None:
    """Return the address of the model registry that was set in this process."""
    from mlflow.tracking._model_registry import utils

    uri: str | None = utils._registry_uri  # noqa: SLF001
    return uri


def end_active_runs() -> None:
    """End this thread's active runs, as MLflow does when the process ends."""
    from mlflow.tracking import fluent

    while fluent._active_run_stack.get():  # noqa: SLF001
        fluent._safe_end_run()  # noqa: SLF001
