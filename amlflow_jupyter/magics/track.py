"""``%%track``: the cell is an MLflow run."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import TYPE_CHECKING, Any, cast

from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.arguments import pairs, parse, usage_errors

if TYPE_CHECKING:
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.session.options import TrackOptions


@magic_arguments("%track")  # IPython adds one more
@argument("name", nargs="?", help="Name of a new run; without it MLflow invents one.")
@argument("-e", "--experiment", help="Experiment of the run, made if it is not there.")
@argument("-p", "--param", action="append", metavar="KEY=VALUE", help="Record a param; repeatable.")
@argument("-t", "--tag", action="append", metavar="KEY=VALUE", help="Set a tag; repeatable.")
@argument(
    "--params",
    nargs="?",
    const="all",
    metavar="NAMES",
    help="Record these variables as params when the cell ends (a,b,c); without names, every plain "
    "number, text or truth value that the cell assigns once at its top level.",
)
@argument("--nested", action="store_true", help="Make the run a child of the active one.")
@argument("--resume", metavar="RUN", help="Continue a run: its id, its name, or last.")
@argument(
    "--rerun",
    choices=["new", "replace"],
    help="What becomes of the earlier run of this cell: new keeps it, replace deletes it "
    "(restorably) when the new one starts.",
)
@argument(
    "--autolog",
    nargs="?",
    const="all",
    metavar="FLAVOR",
    help="Let MLflow log what libraries train by themselves, while this cell runs.",
)
@argument(
    "--capture",
    nargs="?",
    const="all",
    metavar="PARTS",
    help="Capture only these parts (source,notebook,git,streams,figures,tables,failure,"
    "environment); without names, all of them.",
)
@argument(
    "--no-capture",
    nargs="?",
    const="all",
    metavar="PARTS",
    help="Leave these parts out; without names, capture nothing.",
)
@argument(
    "--system-metrics",
    action=BooleanOptionalAction,
    help="Record CPU, memory and GPU while the cell runs.",
)
@argument(
    "--total",
    type=int,
    metavar="STEPS",
    help="How many steps the run will have: its view shows how far it is.",
)
@argument("--description", help="A text about the run.")
@argument("--quiet", action=BooleanOptionalAction, help="Show no view of the run.")
def track(self: AmlflowMagics, line: str, cell: str) -> Any:
    """Track this cell as an MLflow run.

    The cell behaves as it would without this line. Inside, the first mlflow.start_run() joins
    the run, further ones become its children, and amlflow.log({"loss": 0.1}) logs to it. It
    ends as FINISHED, FAILED with the traceback, or KILLED when interrupted.

    Defaults of the flags are set with %config AmlflowMagics.
    """
    # IPython gets here only by run_cell_magic(): a cell's own line is taken by the transformer.
    from amlflow_jupyter.magics.body import run_body
    from amlflow_jupyter.session.api import opened
    from amlflow_jupyter.session.options import Code

    shell = self.shell
    with usage_errors():
        tracked = opened(self.track_options(line), Code(cell, None, shell.user_ns))
    with tracked:
        return run_body(shell, cell)


def options_from(magics: AmlflowMagics, line: str) -> TrackOptions:
    """Turn the text after ``%%track``, and the defaults of ``%config``, into options.

    Raises
    ------
    UsageError
        The line cannot be parsed.
    BadTarget
        There is no such part to capture, or no such number of steps.
    """
    from amlflow_jupyter.session.options import TrackOptions, steps

    given = parse(track, line)
    if given.resume and given.rerun == "replace":
        raise UsageError(
            "--resume continues the earlier run, --rerun replace deletes it: give one."
        )
    return TrackOptions(
        name=given.name,
        experiment=given.experiment or magics.experiment or None,
        description=given.description,
        params=pairs(given.param, "--param"),
        tags=pairs(given.tag, "--tag"),
        record=_names(given.params or magics.params),
        nested=given.nested,
        resume=given.resume,
        rerun="new" if given.resume else given.rerun or cast("Any", magics.rerun),
        autolog=given.autolog or magics.autolog or None,
        parts=_parts(given.capture, given.no_capture, magics.capture),
        system_metrics=_first(given.system_metrics, magics.system_metrics),
        quiet=_first(given.quiet, magics.quiet),
        total=steps(given.total) if given.total is not None else None,
    )


def _names(text: str) -> Any:
    return "all" if text == "all" else tuple(name.strip() for name in text.split(",") if name)


def _parts(only: str | None, without: str | None, default: str) -> Any:
    from amlflow_jupyter.capture import Parts

    parts = Parts.parse(only or default)
    return parts if without is None else parts.without(without)


def _first(given: bool | None, default: bool) -> bool:
    return default if given is None else given
