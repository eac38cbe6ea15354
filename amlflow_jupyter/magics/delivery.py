"""``%aml_status`` and ``%aml_sync``: what is not delivered yet, and delivering it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from IPython.core.magic_arguments import argument, magic_arguments

from amlflow_jupyter.magics.arguments import parse, usage_errors
from amlflow_jupyter.magics.confirmation import confirm
from amlflow_jupyter.magics.output import print_json, show
from amlflow_jupyter.magics.progress import Progress, interruptible

if TYPE_CHECKING:
    from amlflow_jupyter.journal.status import Status
    from amlflow_jupyter.magics.amlflow import AmlflowMagics
    from amlflow_jupyter.magics.output import Bundle

# Characters of one line.
_LONGEST: Final = 1_000


@magic_arguments("aml_status")
@argument("--json", action="store_true", help="Print it as JSON.")
def aml_status(self: AmlflowMagics, line: str) -> None:
    """Show what was logged and is not delivered yet, and why.

    The same in a terminal: amlflow status.
    """
    given = parse(aml_status, line)
    with usage_errors():
        from amlflow_jupyter.session import delivering

        status = delivering.status()
        if given.json:
            print_json(status)
            return
        show(self.shell, _bundle(_lines(status) + delivering.others()))


@magic_arguments("aml_sync")
@argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="How long to try.")
@argument("--export", metavar="FILE", help="Write what is kept here to a SQLite database.")
@argument("--drop", metavar="RUN", help="Forget what is kept here of a run, after asking.")
@argument("--yes", action="store_true", help="Do not ask, for scripts.")
def aml_sync(self: AmlflowMagics, line: str) -> None:
    """Deliver now what was logged, here and by processes that are gone.

    The same in a terminal: amlflow sync.
    """
    given = parse(aml_sync, line)
    with usage_errors(), interruptible("Interrupted: delivery goes on behind you."):
        from amlflow_jupyter.session import delivering

        if given.export:
            delivering.export(given.export)
            show(self.shell, _bundle([f"Written to {given.export}."]))
            return
        if given.drop:
            confirm(given.drop, "What is kept here of this run is lost.", given.yes)
            count = delivering.drop(given.drop)
            show(self.shell, _bundle([f"{count:,} values of run {given.drop} are forgotten."]))
            return
        with Progress(self.shell, "Delivering …") as progress:
            status = delivering.deliver_here(
                given.timeout, lambda status: progress.tell(status.sentence())
            )
            rest = delivering.deliver_others(given.timeout)
            progress.done(_bundle(_lines(status) + rest))


def _lines(status: Status | None) -> list[str]:
    return status.lines() if status else ["Nothing was journaled here yet: %aml_connect begins."]


def _bundle(lines: list[str]) -> Bundle:
    from amlflow_jupyter.widgets.markup import escape

    return {
        "text/plain": "\n".join(lines),
        "text/html": "".join(f"<div>{escape(line, _LONGEST)}</div>" for line in lines),
    }
