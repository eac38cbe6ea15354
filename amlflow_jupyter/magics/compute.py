"""``%aml_compute``: see what compute there is and what it costs, make it, start and stop it."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument

from amlflow_jupyter.magics.actions import action, as_data, magic_with_actions
from amlflow_jupyter.magics.arguments import parse, usage_errors
from amlflow_jupyter.magics.confirmation import confirm
from amlflow_jupyter.magics.listing import Listing, listed
from amlflow_jupyter.magics.output import Bundle
from amlflow_jupyter.magics.progress import Progress, interruptible
from amlflow_jupyter.widgets.card import card
from amlflow_jupyter.widgets.quantity import duration_text
from amlflow_jupyter.widgets.table import Cell, Column, table

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.resources.compute import Compute

_BUSY: Final = "#009E73"
_WARNING: Final = "#D55E00"
_GREY: Final = "#7F7F7F"
_IDLE: Final = re.compile(r"(\d+)\s*([smh]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}
_NO_WAIT: Final = "Do not wait until it is done."


@magic_with_actions("aml_compute")
@as_data
@action("list", "List the compute targets.")
@as_data
@action("create", "Make a cluster, or with --instance a compute instance.")
@argument("name", help="Letters, digits and hyphens.")
@argument("--size", required=True, help="Size of its machines, such as Standard_DS3_v2.")
@argument("--min-nodes", type=int, metavar="N", help="Kept also while idle (0), and paid for.")
@argument("--max-nodes", type=int, metavar="N", help="As many as work needs, at most (1).")
@argument("--idle", metavar="TIME", help="Before an idle node is given back (120s); 10m, 1h.")
@argument(
    "--low-priority",
    action="store_true",
    help="Cheaper nodes, which Azure may take away at any time.",
)
@argument("--instance", action="store_true", help="One machine that runs until it is stopped.")
@argument("--no-wait", action="store_true", help=_NO_WAIT)
@action("start", "Start a compute instance.")
@argument("name", help="Its name.")
@argument("--no-wait", action="store_true", help=_NO_WAIT)
@action("stop", "Stop a compute instance: then it costs no machine time.")
@argument("name", help="Its name.")
@argument("--no-wait", action="store_true", help=_NO_WAIT)
@action("delete", "Delete a compute target, after asking.")
@argument("name", help="Its name.")
@argument("--yes", action="store_true", help="Do not ask, for scripts.")
@argument("--no-wait", action="store_true", help=_NO_WAIT)
def aml_compute(self: AmlflowMagics, line: str) -> Any:
    """List the compute targets of the connected Azure ML workspace.

    Actions create, start, stop and delete them. An interrupt stops the waiting only.
    """
    given = parse(aml_compute, line)
    with usage_errors(), interruptible("Interrupted. %aml_compute shows what there is."):
        return _ACTIONS[given.action](self.shell, given)


def _list(shell: Any, given: Namespace) -> Any:
    from amlflow_jupyter.resources.compute import computes
    from amlflow_jupyter.session.api import workspace

    def read() -> Sequence[Compute]:
        return computes(workspace())

    return listed(shell, given, Listing("Asking for compute targets …", read, _table))


def _create(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources import compute_changes as changes
    from amlflow_jupyter.session.api import workspace

    scale = _scale(given)
    kind = "instance" if given.instance else "cluster"
    with Progress(shell, f"Making the {kind} {given.name} …") as progress:
        core = workspace()
        if given.instance:
            changes.create_instance(core, given.name, given.size)
        else:
            changes.create_cluster(core, given.name, given.size, scale)
        _finish(progress, core, given, changes.is_made, f"making the {kind} {given.name}")


def _start(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources import compute_changes as changes
    from amlflow_jupyter.session.api import workspace

    with Progress(shell, f"Starting {given.name} …") as progress:
        core = workspace()
        changes.start(core, given.name)
        _finish(progress, core, given, changes.is_running, f"starting {given.name}")


def _stop(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources import compute_changes as changes
    from amlflow_jupyter.session.api import workspace

    with Progress(shell, f"Stopping {given.name} …") as progress:
        core = workspace()
        changes.stop(core, given.name)
        _finish(progress, core, given, changes.has_stopped, f"stopping {given.name}")


def _delete(shell: Any, given: Namespace) -> None:
    from amlflow_jupyter.resources import compute_changes as changes
    from amlflow_jupyter.session.api import workspace

    with Progress(shell, f"Looking for {given.name} …") as progress:
        core = workspace()
        known = changes.existing(core, given.name)
        progress.done(_table([known], f"To be {_fate(known)}"))
    confirm(known.name, _question(known), given.yes)
    doing = f"{'detaching' if known.attached else 'deleting'} {known.name}"
    with Progress(shell, f"{doing.capitalize()} …") as progress:
        changes.delete(core, known.name)
        _finish(progress, core, given, changes.is_gone, doing)


def _finish(
    progress: Progress,
    core: Any,
    given: Namespace,
    done: Callable[[Compute | None], bool],
    doing: str,
) -> None:
    """Wait until it is done, unless the line says not to, and show how it then is."""
    from amlflow_jupyter.resources.compute_changes import watch

    if given.no_wait:
        notes = ["%aml_compute shows how far it is."]
        progress.done(card(f"Azure is {doing}", [], notes=notes))
        return

    def tell(found: Compute | None) -> None:
        state = found.state if found else "not there"
        progress.tell(f"Azure is {doing}: {state} …")

    going_on = f"Stopped waiting: Azure goes on {doing}. %aml_compute shows how far it is."
    with interruptible(going_on):
        found = watch(core, given.name, done, tell)
    if found is None:
        progress.done(card(f"{given.name} is gone", []))
    else:
        progress.done(_table([found], f"The {found.kind} {found.name}"))


def _scale(given: Namespace) -> Any:
    from amlflow_jupyter.resources.compute_changes import Scale

    asked = (given.min_nodes, given.max_nodes, given.idle, given.low_priority or None)
    if given.instance and any(value is not None for value in asked):
        raise UsageError(
            "--instance makes one machine: --min-nodes, --max-nodes, --idle and --low-priority "
            "are a cluster's."
        )
    usual = Scale()
    least = usual.min_nodes if given.min_nodes is None else given.min_nodes
    most = max(usual.max_nodes, least) if given.max_nodes is None else given.max_nodes
    if least < 0 or most < least:
        raise UsageError(f"--max-nodes {most} is less than --min-nodes {least}, or 0 is.")
    idle = usual.idle_seconds if given.idle is None else _seconds(given.idle)
    return Scale(least, most, idle, given.low_priority)


def _seconds(text: str) -> int:
    match = _IDLE.fullmatch(text.strip())
    if not match:
        raise UsageError(f"--idle {text}: write seconds, or a number with s, m or h (10m).")
    return int(match[1]) * _SECONDS[match[2]]


def _fate(known: Compute) -> str:
    return "detached" if known.attached else "deleted"


def _question(known: Compute) -> str:
    if known.attached:
        return f"Detach the {known.kind} {known.name}? It stays where it was made."
    lost = ", with the files on its disk" if known.kind == "instance" else ""
    return f"Delete the {known.kind} {known.name} for everybody{lost}?"


def _table(found: Sequence[Compute], title: str = "Compute targets") -> Bundle:
    columns = (
        Column("name"),
        Column("kind"),
        Column("state"),
        Column("size"),
        Column("cores", numeric=True),
        Column("memory", numeric=True),
        Column("GPUs", numeric=True),
        Column("nodes", numeric=True),
        Column("min\N{EN DASH}max", numeric=True),
        Column("idle"),
        Column("priority"),
        Column("made by"),
    )
    rows = [_row(one) for one in found]
    costing = [f"⚠ {one.name} {one.costs}: it costs money now." for one in found if one.costs]
    broken = [f"✕ {one.name}: {one.problem}" for one in found if one.problem]
    notes = [*costing, *broken] if found else ["There are none: make one with %aml_compute create."]
    return table(title, columns, rows, notes)


def _row(one: Compute) -> tuple[str | Cell, ...]:
    bounds = "" if one.max_nodes is None else f"{one.min_nodes}\N{EN DASH}{one.max_nodes}"
    return (
        Cell(one.name, mark="⚠" if one.costs else "", colour=_WARNING),
        one.kind,
        _state(one),
        one.size or "",
        _number(one.cores),
        "" if one.memory_gb is None else f"{one.memory_gb:g} GB",
        _number(one.gpus or None),
        _nodes(one),
        bounds,
        _idle(one.idle_seconds),
        one.priority or "",
        one.created_by or "",
    )


def _idle(seconds: int | None) -> str:
    """Write a time to idle, which is mostly whole minutes."""
    if seconds is None:
        return ""
    return duration_text(seconds) if seconds % 60 else f"{seconds // 60} min"


def _state(one: Compute) -> Cell:
    if one.problem or one.state.endswith("Failed"):
        return Cell(one.state, mark="✕", colour=_WARNING)
    works = bool(one.nodes) or one.state.endswith("Running")
    return Cell(one.state, mark="●" if works else "○", colour=_BUSY if works else _GREY)


def _nodes(one: Compute) -> str:
    if one.nodes is None:
        return ""
    return f"{one.nodes} ({one.busy_nodes} busy)" if one.busy_nodes else str(one.nodes)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


_ACTIONS: Final[dict[str | None, Callable[[Any, Namespace], Any]]] = {
    None: _list,
    "list": _list,
    "create": _create,
    "start": _start,
    "stop": _stop,
    "delete": _delete,
}
