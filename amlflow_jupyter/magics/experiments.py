"""``%aml_experiments``: the experiments of the connected workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.actions import as_data
from amlflow_jupyter.magics.arguments import parse, usage_errors
from amlflow_jupyter.magics.listing import Listing, listed
from amlflow_jupyter.magics.output import Bundle
from amlflow_jupyter.magics.progress import interruptible
from amlflow_jupyter.widgets.table import Cell, Column, table

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.resources.experiments import Experiment


@magic_arguments("aml_experiments")
@argument("--max", type=int, default=50, metavar="N", help="How many, the newest first (50).")
@as_data
def aml_experiments(self: AmlflowMagics, line: str) -> Any:
    """List the experiments of the connected workspace, of whatever kind it is."""
    given = parse(aml_experiments, line)
    with usage_errors(), interruptible("Interrupted."):
        from amlflow_jupyter.session.session import current

        def read() -> Sequence[Experiment]:
            workspace = current().connected()
            from amlflow_jupyter.resources.experiments import experiments

            return experiments(workspace, given.max)

        return listed(self.shell, given, Listing("Reading the experiments …", read, _table))


def _table(found: Sequence[Experiment]) -> Bundle:
    from amlflow_jupyter.resources.moments import local

    columns = (Column("name"), Column("runs", numeric=True), Column("last update"))
    rows = [
        (
            Cell(one.name, one.url, mark="●" if one.active else "", colour="#0072B2"),
            "" if one.runs is None else f"{one.runs:,}",
            local(one.last_update or one.created),
        )
        for one in found
    ]
    notes = ["● is where runs go."] if any(one.active for one in found) else []
    return table("Experiments", columns, rows, notes if found else ["There are none yet."])
