"""Track the cells that begin with ``%%track``, and leave them cells otherwise.

The body is not run by us: a transformer takes the line out, ``pre_run_cell`` opens the run and
``post_run_cell`` closes it, and IPython runs the cell as any other.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from IPython.core.error import InputRejected, UsageError

from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.magics import header

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

    from amlflow_jupyter.session.options import TrackOptions
    from amlflow_jupyter.session.tracked import Tracked


class Refused(InputRejected):
    """The cell does not run: what its ``%%track`` line asks for cannot be done."""

    def _render_traceback_(self) -> list[str]:
        return [f"UsageError: {self}"]


class TrackedCells:
    """The hooks of one shell.

    Parameters
    ----------
    shell
        The shell to hook into.
    options
        Turns the text after ``%%track`` into options.
    """

    def __init__(self, shell: InteractiveShell, options: Callable[[str], TrackOptions]) -> None:
        self._shell = shell
        self._options = options
        self._opened: list[Tracked | None] = []  # a stack: cells can run cells
        self._refusal: str | None = None
        self._handed_on: str | None = None  # what a magic above %%track runs as a cell of its own

    def install(self) -> None:
        """Set the hooks."""
        shell = self._shell
        shell.input_transformers_cleanup.append(header.without_header)
        shell.input_transformers_post.append(self._prefilter)
        shell.ast_transformers.append(self)
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)

    def remove(self) -> None:
        """Take the hooks out again."""
        shell = self._shell
        shell.input_transformers_cleanup.remove(header.without_header)
        shell.input_transformers_post.remove(self._prefilter)
        shell.ast_transformers.remove(self)
        shell.events.unregister("pre_run_cell", self._before)
        shell.events.unregister("post_run_cell", self._after)

    def visit(self, node: ast.AST) -> ast.AST:
        """Refuse the cell if its run could not be opened as asked; IPython asks after parsing."""
        if self._refusal is not None:
            raise Refused(self._refusal)
        return node

    def _before(self, info: ExecutionInfo) -> None:
        self._opened.append(None)
        self._refusal = None
        lines = (info.raw_cell or "").splitlines(keepends=True)
        found = header.find(lines)
        if found is None or not self._can_run(info):
            return
        body = "".join(lines[found.at :]).strip()
        if body == self._handed_on:
            return
        self._handed_on = body if found.at else None
        if header.is_empty(lines, found):
            self._refusal = "There is nothing to track: put code below %%track."
            return
        try:
            self._opened[-1] = self._open(found.arguments, info)
        except (UsageError, AmlflowError) as error:
            self._refusal = str(error)
        except KeyboardInterrupt:
            self._refusal = "Interrupted before the cell began."
        except Exception as error:  # tracking must never break the cell
            reason = f"{type(error).__name__}: {error}"
            print(f"amlflow: this cell is not tracked: {reason}", file=sys.stderr)  # noqa: T201

    def _after(self, result: ExecutionResult | None) -> None:
        self._refusal = None
        tracked = self._opened.pop() if self._opened else None
        if not self._opened:
            self._handed_on = None
        if tracked is None:
            return
        if result is None:  # IPython's way of saying that an asynchronous cell was cancelled
            from asyncio import CancelledError

            tracked.close(CancelledError())
        else:
            tracked.close(result.error_before_exec or result.error_in_exec)

    def _open(self, arguments: str, info: ExecutionInfo) -> Tracked:
        options = self._options(arguments)
        _say_that_mlflow_loads()
        from amlflow_jupyter.session.options import Code
        from amlflow_jupyter.session.session import current
        from amlflow_jupyter.session.tracked import Tracked

        code = Code(info.raw_cell, info.cell_id, self._shell.user_ns)
        tracked = Tracked(current(), options, code)
        tracked.open()
        return tracked

    def _can_run(self, info: ExecutionInfo) -> bool:
        """Whether IPython will run the cell: one with a syntax error deserves no run."""
        if info.transformed_cell is None or info.transformed_cell == info.raw_cell:
            return False  # another transformer failed
        try:
            self._shell.compile.ast_parse(info.transformed_cell)
        except (SyntaxError, ValueError, OverflowError):
            return False
        return True

    def _prefilter(self, lines: list[str]) -> list[str]:
        """Do what IPython does to cells of one line only: automagic, a bare ``exit``."""
        index = header.single_line(lines)
        if index is None:
            return lines
        with self._shell.builtin_trap:
            line = self._shell.prefilter_manager.prefilter_lines(lines[index].rstrip("\n"))
        return [*lines[:index], line + "\n", *lines[index + 1 :]]


def _say_that_mlflow_loads() -> None:
    """Say why the first tracked cell of a kernel begins seconds later."""
    if "mlflow" in sys.modules:
        return
    from IPython.display import clear_output

    print("Loading MLflow …")  # noqa: T201 - for the user
    clear_output(wait=True)
