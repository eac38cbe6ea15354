"""The table of all calls, filled by a decorator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from client_calls.workplace import Workplace

Action = Callable[[Workplace], None]


@dataclass(frozen=True)
class Call:
    """One thing that people do with the clients, and the check that it was done.

    Attributes
    ----------
    name
        Its topic and what is called, such as ``"artifacts: log_figure"``.
    act
        Does it and asserts what can be read back; takes a :class:`Workplace`.
    """

    name: str
    act: Action

    @property
    def module(self) -> str:
        """The module of this package that it stands in."""
        return self.act.__module__.rpartition(".")[2]


CALLS: dict[str, Call] = {}


def call(name: str) -> Callable[[Action], Action]:
    """Enter a function into the table under ``name``."""

    def enter(act: Action) -> Action:
        assert name not in CALLS, f"two calls are named {name!r}"
        CALLS[name] = Call(name, act)
        return act

    return enter
