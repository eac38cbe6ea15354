"""Keep what clients log on its way out of the notebook, where our own sentence says it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet(level: int, *names: str) -> Iterator[None]:
    """Let the loggers of these names log only above ``level`` while the block runs."""
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger, old in before:
            logger.setLevel(old)


@contextmanager
def quiet_mlflow(level: int = logging.WARNING) -> Iterator[None]:
    """Let MLflow, and what makes its tables, log only above ``level`` while the block runs.

    Making a new database announces every table: fifty lines in red.
    """
    with quiet(level, "mlflow", "alembic"):
        yield
