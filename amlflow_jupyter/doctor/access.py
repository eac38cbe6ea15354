"""Signing in to Azure, once for all checks that need it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from amlflow_jupyter.workspaces.azure.facts import AzureFacts

if TYPE_CHECKING:
    from amlflow_jupyter.workspaces.azure.credentials import Attempt, SignedIn

# Seconds for one way of signing in. The Azure CLI takes some to start.
_DEADLINE: Final = 15.0


class Access:
    """The ways of signing in, each tried once, when it is first asked for.

    Parameters
    ----------
    facts
        How to sign in, and who is signed in already; None tries all ways.
    """

    def __init__(self, facts: AzureFacts | None = None) -> None:
        self.facts = facts
        self._lock = threading.Lock()
        self._tried: list[Attempt] = []
        self._ways: Iterator[Attempt] | None = None

    def attempts(self) -> Iterator[Attempt]:
        """Yield what comes of each way. Nobody is asked for anything.

        Raises
        ------
        AmlflowError
            What Azure needs is not installed, or the way that was chosen is none.
        """
        at = 0
        while (attempt := self._attempt(at)) is not None:
            yield attempt
            at += 1

    def signed_in(self) -> SignedIn | None:
        """Return who is signed in: already, or by the first way that works; None if none does.

        Raises
        ------
        AmlflowError
            As for :meth:`attempts`.
        """
        if self.facts is not None and self.facts.signed_in is not None:
            return self.facts.signed_in
        found = (attempt.signed_in for attempt in self.attempts())
        return next((one for one in found if one is not None), None)

    def _attempt(self, at: int) -> Attempt | None:
        with self._lock:
            while len(self._tried) <= at:
                if self._ways is None:
                    self._ways = self._begin()
                attempt = next(self._ways, None)
                if attempt is None:
                    return None
                self._tried.append(attempt)
        return self._tried[at]

    def _begin(self) -> Iterator[Attempt]:
        from amlflow_jupyter.workspaces.azure.credentials import attempts

        auth = self.facts.auth if self.facts else "auto"
        return attempts(auth, self.facts.tenant if self.facts else None, _DEADLINE)
