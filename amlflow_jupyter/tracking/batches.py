"""Record many params or tags: in as few requests as can be, and not all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from amlflow_jupyter.errors import TrackingError

# MLflow's limit for params or tags in one request.
_MOST: Final = 100


def log_all(log: Callable[..., Any], kind: str, entries: list[Any]) -> None:
    """Record ``entries``; those that the store refuses keep none of the others out.

    Parameters
    ----------
    log
        The client's ``log_batch`` of one run.
    kind
        ``"params"`` or ``"tags"``.

    Raises
    ------
    TrackingError
        Some were refused; the message names each with the reason.
    """
    refused: list[str] = []
    for start in range(0, len(entries), _MOST):
        refused += _log_batch(log, kind, entries[start : start + _MOST])
    if refused:
        raise TrackingError(" ".join(refused))


def _log_batch(log: Callable[..., Any], kind: str, entries: list[Any]) -> list[str]:
    """Log a batch, or its entries one by one where it is refused; return the refusals."""
    from mlflow.exceptions import MlflowException

    try:
        log(**{kind: entries})
    except MlflowException as error:
        if len(entries) == 1:
            return [f"{entries[0].key!r} is not recorded: {error}"]
        return [line for entry in entries for line in _log_batch(log, kind, [entry])]
    return []
