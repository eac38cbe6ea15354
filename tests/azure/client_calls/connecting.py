"""The ways to point MLflow at a workspace; each returns a function that opens the SDK's one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

Opener = Callable[[], Any]


def with_the_sdk(config: str) -> Opener:
    """As Microsoft's samples do it, without a name of amlflow."""
    import mlflow
    from azureml.core import Workspace

    workspace = Workspace.from_config(config)
    mlflow.set_tracking_uri(workspace.get_mlflow_tracking_uri())
    return lambda: workspace


def with_amlflow(target: str) -> Opener:
    """As our users do it: one line."""
    import amlflow

    amlflow.connect(target)
    return cache(amlflow.workspace)


def to_a_server(address: str) -> Opener:
    """Straight to an MLflow server: there the calls of MLflow itself must all go well."""
    import mlflow

    mlflow.set_tracking_uri(address)

    def none() -> Any:
        raise LookupError(f"{address} is no workspace")

    return none


WAYS: dict[str, Callable[[str], Opener]] = {
    "amlflow": with_amlflow,
    "sdk": with_the_sdk,
    "server": to_a_server,
}
