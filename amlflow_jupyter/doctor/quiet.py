"""Keep what clients log and warn of on their way out of the report: it says the same, in a line."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from amlflow_jupyter.workspaces.quiet import quiet

_LOGGERS: Final = ("alembic", "azure", "azureml", "mlflow", "msal", "urllib3")


@contextmanager
def quiet_clients() -> Iterator[None]:
    """Let those clients log nothing, and Python warn of nothing, while the block runs."""
    with quiet(logging.CRITICAL + 1, *_LOGGERS), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
