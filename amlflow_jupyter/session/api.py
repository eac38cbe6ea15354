"""The Python interface: what scripts, other front ends and the magics call."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, ParamSpec, TypeVar, cast

from amlflow_jupyter.capture import Parts
from amlflow_jupyter.errors import TrackingError
from amlflow_jupyter.session import pages
from amlflow_jupyter.session.options import Code, TrackOptions, steps
from amlflow_jupyter.session.saving import Keep
from amlflow_jupyter.session.session import current
from amlflow_jupyter.session.tracked import Tracked
from amlflow_jupyter.tracking import fast, journaling
from amlflow_jupyter.workspaces.connect import Request
from amlflow_jupyter.workspaces.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")


def connect(
    target: str | None = None,
    *,
    experiment: str | None = None,
    save: str | None = None,
    subscription: str | None = None,
    resource_group: str | None = None,
    workspace: str | None = None,
    auth: str | None = None,
    tenant: str | None = None,
    write_config: str | Path | None = None,
) -> Workspace:
    """Connect MLflow to a workspace.

    Parameters
    ----------
    target
        ``"local"``, a saved profile's name, ``sqlite:///file.db``, ``http(s)://server``,
        ``databricks[://profile]``; of Azure ML the path of a ``config.json``, a workspace's
        resource id, its ``azureml://`` address or an address of the studio, or ``"azure"``: the
        only workspace that you can see. Without it the first of these is taken: the default
        profile, ``MLFLOW_TRACKING_URI``, a workspace's ``config.json`` here or in a parent folder,
        the workspace of this Azure ML compute, MLflow's own store in the current folder.
    experiment
        The experiment that runs go to, made if it is not there.
    save
        Save the connection as a profile of this name. The first one saved is the default.
    subscription, resource_group, workspace
        Which Azure ML workspace; what is left out is looked for among those that you can see.
    auth
        How to sign in to Azure: ``"auto"``, ``"cli"``, ``"browser"``, ``"device"``,
        ``"managed"``, ``"service-principal"`` or ``"environment"``.
    tenant
        Id or domain of the tenant to sign in to.
    write_config
        Write the workspace's ``config.json`` here: a file, or a folder.

    Returns
    -------
    Workspace
        What it is connected to.

    Raises
    ------
    BadTarget, BadConfiguration, ConnectionFailed, MissingAzure, TrackingError
        Each with what is wrong and what to do.
    """
    request = Request(target, subscription, resource_group, workspace, auth, tenant)
    config = Path(write_config) if write_config is not None else None
    return current().connect(request, Keep(experiment, save, config))


def workspace() -> Any:
    """Return the ``azureml.core.Workspace`` that is connected to, signed in as MLflow is.

    Raises
    ------
    BadTarget
        What is connected to is no Azure ML workspace.
    ConnectionFailed
        Nothing was connected to yet, and that fails.
    """
    return current().core_workspace()


def portal_url(run: Any = None) -> str:
    """Return the address of a run's page in the workspace's web interface.

    Parameters
    ----------
    run
        An ``mlflow`` run, an ``azureml.core`` run, or a run's id; None means the run that is
        active, or else the last one.

    Raises
    ------
    TrackingError
        There is no such run yet, or the workspace has no web interface.
    """
    return pages.portal_url(current(), run)


class track:  # noqa: N801 - used as a function: `with amlflow.track():`, `@amlflow.track()`
    """Track a block or a function as an MLflow run.

    Parameters
    ----------
    name, experiment, description
        Of the run.
    params, tags
        Recorded when it starts.
    nested
        Make it a child of the run that is active already.
    resume
        Id or name of an earlier run to continue, or ``"last"``.
    rerun
        ``"replace"`` deletes the earlier run of the same name, restorably, once this one started.
    autolog
        An MLflow flavor such as ``"sklearn"``, or ``"all"``.
    capture
        Which parts to capture: True, False, or their names.
    system_metrics
        Record CPU, memory and GPU while it runs.
    quiet
        Show nothing, unless something was not recorded.
    total
        How many steps the run will have: its view shows how far it is.

    Examples
    --------
    >>> with amlflow.track("baseline", params={"lr": 0.1}):
    ...     amlflow.log({"loss": 0.5}, step=0)

    A function is a run each time it is called:

    >>> @amlflow.track("train")
    ... def train(): ...
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        experiment: str | None = None,
        description: str | None = None,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        nested: bool = False,
        resume: str | None = None,
        rerun: Literal["new", "replace"] = "new",
        autolog: str | None = None,
        capture: bool | Iterable[str] = True,
        system_metrics: bool = False,
        quiet: bool = False,
        total: int | None = None,
    ) -> None:
        self._options = TrackOptions(
            name=name,
            experiment=experiment,
            description=description,
            params=dict(params or {}),
            tags=dict(tags or {}),
            nested=nested,
            resume=resume,
            rerun=rerun,
            autolog=autolog,
            parts=Parts.of(capture),
            system_metrics=system_metrics,
            quiet=quiet,
            total=steps(total) if total is not None else None,
        )
        self._blocks: list[AbstractContextManager[Tracked]] = []

    def __enter__(self) -> Tracked:
        block = opened(self._options, Code())
        tracked = block.__enter__()
        self._blocks.append(block)
        return tracked

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._blocks.pop().__exit__(kind, error, trace)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return ``function`` as one that is a run each time it is called."""
        options, code = self._options, Code(source=_source(function))

        @functools.wraps(function)
        def tracked(*args: P.args, **kwargs: P.kwargs) -> R:
            with opened(options, code):
                return function(*args, **kwargs)

        @functools.wraps(function)
        async def tracked_coroutine(*args: P.args, **kwargs: P.kwargs) -> Any:
            with opened(options, code):
                return await cast("Awaitable[Any]", function(*args, **kwargs))

        if inspect.iscoroutinefunction(function):
            return cast("Callable[P, R]", tracked_coroutine)
        return tracked


@contextmanager
def opened(options: TrackOptions, code: Code) -> Iterator[Tracked]:
    """Track the block: the run ends as the block does."""
    tracked = Tracked(current(), options, code)
    tracked.open()
    try:
        yield tracked
    except BaseException as error:
        tracked.close(error)
        raise
    tracked.close(None)


def log(metrics: Mapping[str, Any], step: int | None = None) -> None:
    """Log metrics to the run that is open.

    Parameters
    ----------
    metrics
        Names and numbers; a number may be anything that ``float`` takes, such as a tensor of one
        element.
    step
        Their step. Without it, one more than in the last call without it, from 0.

    Raises
    ------
    TrackingError
        No run is open, or a value is no number.
    """
    run_id = _open_run_id()
    if step is None:
        step = _next_step(run_id)
    points = {name: _number(name, value) for name, value in metrics.items()}
    log_to = journaling.log_of(run_id)
    if log_to is not None:
        fast.log_points(log_to, points, step)
    else:
        _log_batch(run_id, points, step)


def _log_batch(run_id: str, points: Mapping[str, float], step: int) -> None:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

    now = int(time.time() * 1000)
    entries = [Metric(name, value, now, step) for name, value in points.items()]
    MlflowClient().log_batch(run_id, metrics=entries)


_steps: dict[str, int] = {}


def _next_step(run_id: str) -> int:
    step = _steps.get(run_id, -1) + 1
    _steps[run_id] = step
    return step


def _open_run_id() -> str:
    import mlflow

    if active := mlflow.active_run():
        return str(active.info.run_id)
    tracked = current().open_run()
    if tracked is None or tracked.run_id is None:
        raise TrackingError(
            "No run is open: log inside a %%track cell, or in `with amlflow.track():`."
        )
    return tracked.run_id


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TrackingError(
            f"The metric {name!r} is {type(value).__name__}, which is no number: log a number, or "
            "use mlflow.log_param or mlflow.log_dict for it."
        ) from None


def _source(function: Callable[..., Any]) -> str | None:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return None
