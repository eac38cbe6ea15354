"""What stores raise is whatever their client raises; above this room it is one error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from amlflow_jupyter.errors import StoreFailed, TrackingError
from amlflow_jupyter.tracking.outage import is_outage, reason


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise whatever fails in the block as :class:`StoreFailed`, beginning with ``what``."""
    try:
        yield
    except TrackingError:
        raise
    except Exception as error:
        why = reason(error) if is_outage(error) else error
        raise StoreFailed(f"{what}: {why}") from error
