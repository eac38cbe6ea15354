"""Keep what MLflow logs on its way out of the notebook, where our own sentence says it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_mlflow(level: int = logging.WARNING) -> Iterator[None]:
    """Let MLflow, and what makes its tables, log only above ``level`` while the block runs.

    Making a new database announces every table: fifty lines in red.
    """
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger, old in before:
            logger.setLevel(old)
