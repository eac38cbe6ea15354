"""Tell MLflow where registered models are, so that it does not look for it with each call.

Without it, every logging call tries to import pyspark, twice, to ask a session that is not there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from amlflow_jupyter.tracking import internals

_VARIABLE: Final = "MLFLOW_REGISTRY_URI"
# What was set here, and not by the user.
_set_here: Final[list[str]] = []


def settle() -> None:
    """Set the address that MLflow would find for the tracking address of now.

    One that the user set stands.
    """
    import mlflow

    _withdraw()
    if internals.registry_uri() is None and not os.environ.get(_VARIABLE):
        found = mlflow.get_registry_uri()
        mlflow.set_registry_uri(found)
        _set_here.append(found)


def remember() -> Callable[[], None]:
    """Return a function that leaves MLflow with what the user set, or nothing."""
    before = list(_set_here)

    def restore() -> None:
        _withdraw()
        if before:
            settle()

    return restore


def _withdraw() -> None:
    """Take back what was set here, unless the user has set another since."""
    import mlflow

    if not _set_here:
        return
    mine = _set_here.pop()
    if internals.registry_uri() == mine:
        mlflow.set_registry_uri(None)
        if os.environ.get(_VARIABLE) == mine:
            del os.environ[_VARIABLE]
