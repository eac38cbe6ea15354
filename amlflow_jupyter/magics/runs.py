"""``%aml_runs``: the newest runs of an experiment, as a table that stays as it is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.actions import as_data
from amlflow_jupyter.magics.arguments import usage_errors
from amlflow_jupyter.magics.listing import Listing, listed
from amlflow_jupyter.magics.output import Bundle
from amlflow_jupyter.magics.progress import interruptible
from amlflow_jupyter.magics.run_columns import common, telling
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
    from amlflow_jupyter.resources.families import in_families

    if not found:
        return table("Runs", (), (), ["There are none: change the filter, or --experiment."])
    families = in_families(found)
    # A search has hundreds of runs beneath it, with metrics of their own.
    first = [one for depth, one in families if depth == 0]
    metrics = common([one.metrics for one in first], _METRICS)
    params = telling([one.params for one in first], _PARAMS)
    extra = common([one.sdk_metrics for one in first], _SDK)
    columns = [
        Column("run"),
        Column("state"),
        Column("start"),
        Column("duration", numeric=True),
        *(Column(name, numeric=True) for name in metrics),
        *(Column(name) for name in params),
        *(Column(f"{name} (SDK v1)", numeric=True) for name in extra),
    ]
    rows = [_row(depth, one, metrics, params, extra) for depth, one in families]
    return table(f"Runs of {found[0].experiment}", columns, rows, _notes(found, extra))


def _row(
    depth: int,
    one: RunRecord,
    metrics: Sequence[str],
    params: Sequence[str],
    extra: Sequence[str],
) -> list[str | Cell]:
    from amlflow_jupyter.resources.moments import local

    shape, word, colour = badge(one.status)
    return [
        Cell(_indented(one.name, depth), one.url),
        Cell(word, mark=shape, colour=colour),
        local(one.start),
        "" if one.seconds is None else duration_text(one.seconds),
        *(value_text(one.metrics[name]) if name in one.metrics else "" for name in metrics),
        *(one.params.get(name, "") for name in params),
        *(_said(one.sdk_metrics[name]) if name in one.sdk_metrics else "" for name in extra),
    ]


def _indented(name: str, depth: int) -> str:
    """Return a name as it stands beneath its parent's; plain blanks would be lost in HTML."""
    return "\N{NO-BREAK SPACE}" * 2 * (depth - 1) + f"└ {name}" if depth else name


def _said(value: Any) -> str:
    from amlflow_jupyter.resources.sdk_metrics import described

    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value_text(float(value)) if number else described(value)


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
