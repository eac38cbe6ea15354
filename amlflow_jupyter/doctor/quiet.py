"""Keep what clients log and warn of on their way out of the report: it says the same, in a line."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LOGGERS: Final = ("alembic", "azure", "azureml", "mlflow", "msal", "urllib3")


@contextmanager
def quiet() -> Iterator[None]:
    """Let those clients log nothing, and Python warn of nothing, while the block runs."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in before:
            logger.setLevel(level)
