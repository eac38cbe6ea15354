"""Ids of models that are kept in their run: ``m-<run id>-<8 hex digits>``.

The run stands in the id, so that finding a model takes one request and no search.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, Final, NamedTuple

_ID: Final = re.compile(r"m-(?P<run>.+)-(?P<mark>[0-9a-f]{8})")


class ModelId(NamedTuple):
    """The two parts of an id; ``mark`` tells the models of a run apart."""

    run_id: str
    mark: str

    def __str__(self) -> str:
        return f"m-{self.run_id}-{self.mark}"


def new(run_id: str) -> ModelId:
    """Return an id for a new model of a run."""
    return ModelId(run_id, uuid.uuid4().hex[:8])


def parse(model_id: str | None) -> ModelId | None:
    """Return the parts of an id; None where it is not one of these."""
    match = _ID.fullmatch(model_id or "")
    return ModelId(match["run"], match["mark"]) if match else None


def require(model_id: str) -> ModelId:
    """Return the parts of an id.

    Raises
    ------
    MlflowException
        It is not one of these: there is no such model here.
    """
    parts = parse(model_id)
    if parts is None:
        raise not_found(model_id)
    return parts


def not_found(model_id: object) -> Any:
    """Return MLflow's own error for a model that is not there."""
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

    return MlflowException(f"Logged model with ID '{model_id}' not found.", RESOURCE_DOES_NOT_EXIST)
