"""What azureml-core's ``run.log`` and its kin wrote to runs, and MLflow does not show.

Scalars of both are one store's on Azure; lists, rows and tables are the SDK's alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from amlflow_jupyter.resources import internals
from amlflow_jupyter.resources.quiet import quiet

_AT_ONCE: Final = 8
#: A metric's value: a number or text, a list of them, or the columns of a table.
SdkMetrics = dict[str, Any]


def sdk_metrics(
    core: Any, experiment: str, runs: Mapping[str, Iterable[str]]
) -> dict[str, SdkMetrics]:
    """Return the metrics of SDK v1 of runs, by run id and name.

    Parameters
    ----------
    core
        The azureml-core workspace.
    experiment
        The runs' experiment.
    runs
        Ids, and the names of metrics that need not be read: MLflow shows them.

    A run whose metrics cannot be read has none: the list of runs is shown all the same.
    """
    if not runs:
        return {}
    with quiet():
        _ = core.service_context  # made once, not in each thread
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="amlflow-metrics") as pool:
            found = pool.map(lambda run: _of_run(core, experiment, *run), runs.items())
            return {run_id: metrics for run_id, metrics in zip(runs, found, strict=True) if metrics}


def described(value: Any) -> str:
    """Return a few words for a value that is no number: ``"12 values"``, ``"table of 3 rows"``."""
    if isinstance(value, Mapping):
        columns = value.values()
        rows = max((len(one) if isinstance(one, list) else 1 for one in columns), default=0)
        return f"table of {rows:,} rows" if rows != 1 else "table of 1 row"
    if isinstance(value, list):
        return f"{len(value):,} values"
    return str(value)


def _of_run(core: Any, experiment: str, run_id: str, known: Iterable[str]) -> SdkMetrics:
    found: SdkMetrics = {}
    # azureml-core raises what its service sent, and plain exceptions for rows of unequal columns.
    try:
        names, read = internals.metric_reader(core, experiment, run_id)
        for name in sorted(set(names()) - set(known)):
            found |= _one(read, name)
    except Exception:
        return found
    return found


def _one(read: Any, name: str) -> SdkMetrics:
    try:
        value = read(name)
    except Exception:  # this metric cannot be read: the others can
        return {}
    return {} if value is None else {name: value}
