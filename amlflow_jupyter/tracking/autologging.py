"""Switch MLflow's autologging on for as long as a run is open, and back to what it was."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from amlflow_jupyter.errors import TrackingError
from amlflow_jupyter.tracking.internals import autologging_configurations


@contextmanager
def autologging(flavor: str) -> Iterator[None]:
    """Log what a library trains by itself while the block runs.

    Parameters
    ----------
    flavor
        One of MLflow's flavors, such as ``"sklearn"``, or ``"all"``.

    Raises
    ------
    TrackingError
        MLflow has no such flavor, or its library is not installed.
    """
    switch = _switch(flavor)
    configurations = autologging_configurations()
    before = deepcopy(configurations)
    try:
        switch()
    except ImportError as error:
        raise TrackingError(f"Autologging of {flavor} needs its library: {error}") from error
    try:
        yield
    finally:
        switch(disable=True)
        configurations.update(before)


def _switch(flavor: str) -> Any:
    import mlflow

    if flavor == "all":
        return mlflow.autolog
    try:
        return importlib.import_module(f"mlflow.{flavor}").autolog
    except (ImportError, AttributeError):
        raise TrackingError(
            f"MLflow has no autologging for {flavor!r}: name a flavor such as sklearn, xgboost, "
            "lightgbm, pytorch, keras, or give --autolog alone for all."
        ) from None
