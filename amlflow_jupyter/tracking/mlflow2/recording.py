"""Remember metrics of models in the background, for calls that do not wait.

MLflow's own queue merges what waits in it and sends it in any order, which metrics bear and the tag
that holds a page does not.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final

from amlflow_jupyter.tracking.mlflow2.documents import MetricRow
from amlflow_jupyter.tracking.mlflow2.identity import ModelId
from amlflow_jupyter.tracking.mlflow2.pages import Pages

# Rows by the ids of their models.
Rows = Mapping[ModelId, list[MetricRow]]


def record(pages: Pages, rows: Rows) -> None:
    """Remember metrics on the pages of the runs that their models belong to."""
    for run_id, of_run in by_run(rows).items():
        pages.write_metrics(run_id, of_run, partial(pages.set_tags, run_id))


def by_run(rows: Rows) -> dict[str, dict[str, list[MetricRow]]]:
    """Return rows by the runs of their models, and there by the models' marks."""
    found: dict[str, dict[str, list[MetricRow]]] = defaultdict(dict)
    for model_id, several in rows.items():
        found[model_id.run_id][model_id.mark] = several
    return found


def record_soon(pages: Pages, rows: Rows) -> Future[None]:
    """Remember metrics, together with what else waits; return what can be waited for."""
    with _lock:
        for model_id, several in rows.items():
            _waiting[model_id].append((pages, several))
    return _background().submit(_drain)


def wait_until_recorded() -> None:
    """Wait until everything that was to be remembered is."""
    _background().submit(_drain).result()


def _drain() -> None:
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    for model_id, parts in taken.items():
        rows = [row for _, several in parts for row in several]
        record(parts[-1][0], {model_id: rows})


def _background() -> ThreadPoolExecutor:
    return _threads["background"]


def _begin_anew() -> None:
    """Begin with no thread and nothing waiting: in a forked child neither is its own."""
    _waiting.clear()
    _threads["background"] = ThreadPoolExecutor(1, thread_name_prefix="amlflow-models")


_lock: Final = threading.Lock()
_waiting: Final[dict[ModelId, list[tuple[Pages, list[MetricRow]]]]] = defaultdict(list)
# One thread, which the interpreter waits for when it ends.
_threads: Final[dict[str, ThreadPoolExecutor]] = {}
_begin_anew()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
