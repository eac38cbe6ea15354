"""Keep what clients log on its way out of the notebook, where our own sentence says it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Loggers that are quiet now, each with its own level and those that are asked for. Blocks of
# several threads overlap: the first to end must not make the others loud, nor the last keep it
# quiet.
_quiet: dict[str, tuple[int, list[int]]] = {}
_lock = threading.Lock()


@contextmanager
def quiet(level: int, *names: str) -> Iterator[None]:
    """Let the loggers of these names log only from ``level`` on while the block runs."""
    for name in names:
        _hush(name, level)
    try:
        yield
    finally:
        for name in names:
            _release(name, level)


@contextmanager
def quiet_mlflow(level: int = logging.WARNING) -> Iterator[None]:
    """Let MLflow, and what makes its tables, log only from ``level`` on while the block runs.

    Making a new database announces every table: fifty lines in red.
    """
    with quiet(level, "mlflow", "alembic"):
        yield


def _hush(name: str, level: int) -> None:
    logger = logging.getLogger(name)
    with _lock:
        _, levels = _quiet.setdefault(name, (logger.level, []))
        levels.append(level)
        logger.setLevel(max(levels))


def _release(name: str, level: int) -> None:
    logger = logging.getLogger(name)
    with _lock:
        own, levels = _quiet[name]
        untouched = logger.level == max(levels)
        levels.remove(level)
        if untouched:  # else someone set it meanwhile: theirs stays
            logger.setLevel(max(levels, default=own))
        if not levels:
            del _quiet[name]
