"""The plain variables of a cell, that may be its params."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Scalar = str | int | float | bool | None
_HEADER: Final = re.compile(
    r"(?:\s*(?:#[^\n]*)?\n)*[ \t]*%%(?:track|time|capture|prun)\b[^\n]*(?:\n|\Z)"
)
_LONGEST: Final = 500  # MLflow's most for a param on older servers


def assigned_names(source: str) -> list[str]:
    """Return the names that a cell assigns exactly once, at its top level, in their order.

    Left out are names that something else at the top level binds too: a second or augmented
    assignment, a loop, ``with … as``, ``import``, ``def``, ``del``; and private ``_names``.
    Blocks (``if``, ``try``, ``for``, ``while``, ``with``) belong to the top level as far as they
    bind names, but what is assigned only inside of one is not returned.

    Parameters
    ----------
    source
        The cell, with IPython's syntax or already transformed. One that cannot be parsed assigns
        nothing.
    """
    tree = _parse(source)
    if tree is None:
        return []
    bound = Counter(name for statement in tree.body for name in _bound(statement))
    plain = [name for statement in tree.body for name in _assigned(statement)]
    return [name for name in plain if bound[name] == 1 and not name.startswith("_")]


def plain_scalars(names: Iterable[str], namespace: Mapping[str, Any]) -> dict[str, Scalar]:
    """Return those of the names whose values are plain: truth value, number, text or None.

    numpy's scalars become Python's. Left out are text beyond 500 characters and complex numbers.
    """
    found: dict[str, Scalar] = {}
    for name in names:
        if name in namespace and not name.startswith("_"):
            value = _unwrapped(namespace[name])
            if _is_plain(value):
                found[name] = value
    return found


def _parse(source: str) -> ast.Module | None:
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        code: str = TransformerManager().transform_cell(_body(source))
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _body(source: str) -> str:
    """Return the cell without the magics above it that run the rest as Python, here."""
    while header := _HEADER.match(source):
        source = source[header.end() :]
    return source


def _assigned(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _names(target)
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            yield name


def _names(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _names(part)


def _bound(statement: ast.AST) -> Iterator[str]:
    """Yield each name that is bound or deleted, without looking into functions and classes."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.AnnAssign(value=None):
            return
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in aliases)
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
    for child in ast.iter_child_nodes(statement):
        yield from _bound(child)


def _unwrapped(value: Any) -> Any:
    """Return a numpy scalar as Python's own; anything else as it is."""
    generic = getattr(sys.modules.get("numpy"), "generic", None)
    return value.item() if generic is not None and isinstance(value, generic) else value


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST
    return value is None or isinstance(value, (bool, int, float))
