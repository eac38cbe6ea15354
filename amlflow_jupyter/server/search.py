"""Which runs a text finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from amlflow_jupyter.server.summaries import DESCRIPTION_TAG, source, user

if TYPE_CHECKING:
    from mlflow.entities import Run


def matches(run: Run, text: str) -> bool:
    """Whether ``text`` stands in one of the run's :func:`words`, whatever the case."""
    sought = text.casefold()
    return any(sought in word.casefold() for word in words(run))


def words(run: Run) -> Iterator[str]:
    """Yield what a run is found by.

    Its name, id, user, status, source and description, the values of its params and of the tags
    that are shown, and the names of its metrics.
    """
    info, data = run.info, run.data
    heads = (info.run_name, info.run_id, user(run), info.status, source(run))
    yield from (head for head in heads if head)
    yield data.tags.get(DESCRIPTION_TAG, "")
    yield from map(str, data.params.values())
    yield from (str(value) for tag, value in data.tags.items() if not tag.startswith("mlflow."))
    yield from data.metrics
