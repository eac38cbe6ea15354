"""``%aml_runs``: the newest runs of an experiment, as a table that stays as it is."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.actions import as_data
from amlflow_jupyter.magics.arguments import usage_errors
from amlflow_jupyter.magics.listing import Listing, listed
from amlflow_jupyter.magics.output import Bundle
from amlflow_jupyter.magics.progress import interruptible
from amlflow_jupyter.widgets.palette import badge
from amlflow_jupyter.widgets.quantity import duration_text, value_text
from amlflow_jupyter.widgets.table import Cell, Column, table

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.resources.runs import RunRecord

# Columns of a table that still fits: metrics, params, metrics of SDK v1.
_METRICS: Final = 4
_PARAMS: Final = 3
_SDK: Final = 3
_QUOTES: Final = "'\""


def _unquoted(text: str) -> str:
    """Take the quotes off a word that has them on both sides."""
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES
    return text[1:-1] if quoted else text


@magic_arguments("aml_runs")
@argument(
    "filter",
    nargs="*",
    help="Which runs, in MLflow's language: metrics.loss < 0.1 and params.model = 'tree'.",
)
@argument("-e", "--experiment", type=_unquoted, help="Without it, the one that runs go to.")
@argument("--max", type=int, default=20, metavar="N", help="How many, the newest first (20).")
@as_data
def aml_runs(self: AmlflowMagics, line: str) -> Any:
    """List the newest runs of an experiment, with their main metrics and params.

    In an Azure ML workspace, what azureml-core's run.log and its kin wrote is there as well.
    """
    given = aml_runs.parser.parse_args(_words(line))
    search = " ".join(given.filter)
    with usage_errors(), interruptible("Interrupted."):
        from amlflow_jupyter.session.session import current

        session = current()

        def read() -> Sequence[RunRecord]:
            workspace = session.connected()
            core = session.core_workspace() if workspace.azure else None
            from amlflow_jupyter.resources.runs import runs

            return runs(workspace, core, given.experiment, _unquoted(search), given.max)

        return listed(self.shell, given, Listing("Reading the runs …", read, _table, _frame))


def _words(line: str) -> list[str]:
    """Split a line, and leave the quotes in it: a filter needs its own."""
    words = shlex.shlex(line, posix=False)
    words.whitespace_split = True
    words.commenters = ""
    try:
        return list(words)
    except ValueError as error:  # an open quote
        raise UsageError(f"{error}: {line}") from None


def _frame(found: Sequence[RunRecord]) -> Any:
    from amlflow_jupyter.resources.runs import dataframe

    return dataframe(found)


def _table(found: Sequence[RunRecord]) -> Bundle:
    if not found:
        return table("Runs", (), (), ["There are none: change the filter, or --experiment."])
    metrics = _common([one.metrics for one in found], _METRICS)
    params = _telling([one.params for one in found], _PARAMS)
    extra = _common([one.sdk_metrics for one in found], _SDK)
    columns = [
        Column("run"),
        Column("state"),
        Column("start"),
        Column("duration", numeric=True),
        *(Column(name, numeric=True) for name in metrics),
        *(Column(name) for name in params),
        *(Column(f"{name} (SDK v1)", numeric=True) for name in extra),
    ]
    rows = [_row(one, metrics, params, extra) for one in found]
    return table(f"Runs of {found[0].experiment}", columns, rows, _notes(found, extra))


def _row(
    one: RunRecord, metrics: Sequence[str], params: Sequence[str], extra: Sequence[str]
) -> list[str | Cell]:
    from amlflow_jupyter.resources.moments import local

    shape, word, colour = badge(one.status)
    return [
        Cell(one.name, one.url),
        Cell(word, mark=shape, colour=colour),
        local(one.start),
        "" if one.seconds is None else duration_text(one.seconds),
        *(value_text(one.metrics[name]) if name in one.metrics else "" for name in metrics),
        *(one.params.get(name, "") for name in params),
        *(_said(one.sdk_metrics[name]) if name in one.sdk_metrics else "" for name in extra),
    ]


def _said(value: Any) -> str:
    from amlflow_jupyter.resources.sdk_metrics import described

    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value_text(float(value)) if number else described(value)


def _common(rows: Sequence[dict[str, Any]], most: int) -> list[str]:
    """Return the names that most rows have; MLflow's own ``system/…`` come last."""
    counts = Counter(name for row in rows for name in row)
    ranked = sorted(counts, key=lambda name: (name.startswith("system/"), -counts[name], name))
    return sorted(ranked[:most])


def _telling(rows: Sequence[dict[str, str]], most: int) -> list[str]:
    """Return the names of params that tell the rows apart, before those that are all the same."""
    values: dict[str, set[str | None]] = {}
    for name in {name for row in rows for name in row}:
        values[name] = {row.get(name) for row in rows}
    ranked = sorted(values, key=lambda name: (len(values[name]) == 1, name))
    return ranked[:most]


def _notes(found: Sequence[RunRecord], extra: Sequence[str]) -> list[str]:
    names = {f"metrics.{n}" for one in found for n in one.metrics} | {
        f"params.{n}" for one in found for n in one.params
    }
    notes = []
    if len(names) > _METRICS + _PARAMS:
        notes.append(f"{len(names):,} metrics and params in all: --df returns every one.")
    if extra:
        notes.append("(SDK v1): logged by azureml-core's run.log and its kin; MLflow shows none.")
    return notes
