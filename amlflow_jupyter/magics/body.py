"""Run a cell magic's body as ``%%time`` does: for ``run_cell_magic()`` called from code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def run_body(shell: InteractiveShell, cell: str) -> Any:
    """Run ``cell`` in the user's namespace; return the value of its last expression, if any."""
    tree = shell.transform_ast(shell.compile.ast_parse(shell.transform_cell(cell)))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    name = shell.compile.cache(cell, shell.execution_count)
    exec(compile(tree, name, "exec"), shell.user_ns)  # noqa: S102 - the user's own cell
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), name, "eval"), shell.user_ns)  # noqa: S307
