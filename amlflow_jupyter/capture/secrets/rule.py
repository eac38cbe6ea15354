"""How one kind of secret is recognised."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Accept = Callable[[re.Match[str]], bool]


def always(_: re.Match[str]) -> bool:
    """Accept each match."""
    return True


@dataclass(frozen=True)
class Rule:
    """A pattern, and where it is worth trying.

    Attributes
    ----------
    markers
        Lower-case texts: a line that holds none of them holds no such secret. Looking for them is
        a hundred times faster than looking for the pattern.
    pattern
        Matches within one line.
    group
        The group that is the secret; where it took no part, the whole match is.
    accept
        Whether a match is a secret after all.
    """

    markers: tuple[str, ...]
    pattern: re.Pattern[str]
    group: int = 0
    accept: Accept = always

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """Return where the secret of a match is."""
        span = match.span(self.group)
        return span if span != (-1, -1) else match.span()
