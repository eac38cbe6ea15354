"""Magics with actions, such as ``%aml_compute create NAME --size S``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.magic_arguments import ArgDecorator, argument, magic_arguments


class action(ArgDecorator):  # noqa: N801 - a decorator, as IPython's are
    """Begin an action: the arguments written below it are its own.

    Parameters
    ----------
    name
        The word that chooses it.
    help
        What it does.
    """

    def __init__(self, name: str, help: str) -> None:  # noqa: A002 - argparse's word
        self.name = name
        self.help = help

    def add_to_parser(self, parser: Any, group: Any) -> Any:  # noqa: ARG002 - IPython's signature
        """Add the action; IPython gives it the arguments that follow."""
        kept = vars(parser)
        if "actions" not in kept:
            kept["actions"] = parser.add_subparsers(
                dest="action", metavar="ACTION", title="actions"
            )
        return kept["actions"].add_parser(self.name, help=self.help, description=self.help)


class magic_with_actions(magic_arguments):  # noqa: N801 - a decorator, as IPython's are
    """As ``magic_arguments``; the help also tells the arguments of each action."""

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Build the parser and the help."""
        made: Callable[..., Any] = super().__call__(func)
        parser = made.parser  # type: ignore[attr-defined]
        texts = [one.format_help().rstrip() for one in parser.actions.choices.values()]
        made.__doc__ = "\n\n".join([str(made.__doc__).rstrip(), *texts])
        return made


def as_data(magic: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags of a list that is also wanted as data."""
    for flag, text in (
        ("--df", "Return a pandas DataFrame instead of showing a table."),
        ("--json", "Print JSON instead of showing a table, for scripts."),
    ):
        # Left out unless given: an action's own default would undo what stood before it.
        magic = argument(flag, action="store_true", default=_absent(), help=text)(magic)
    return magic


def _absent() -> Any:
    from argparse import SUPPRESS

    return SUPPRESS
