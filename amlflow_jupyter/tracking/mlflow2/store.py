"""A store of MLflow 3 whose server may speak MLflow 2: what the server lacks is answered here."""

from __future__ import annotations

from typing import Any

from amlflow_jupyter.tracking.mlflow2.model_store import ModelStore
from amlflow_jupyter.tracking.mlflow2.trace_store import TraceStore


class Mlflow2Store(ModelStore, TraceStore):
    """Mixed in before a store of MLflow that speaks to a server.

    On a server that has the endpoints of MLflow 3, every call goes to the server.
    """

    # The address that the store was asked for; :mod:`amlflow_jupyter.tracking.stores` sets it.
    amlflow_uri: str | None = None

    @property
    def amlflow_server(self) -> Any:
        """The store without this class and its parts: what asks the server."""
        return super(TraceStore, self)  # the last of the parts
