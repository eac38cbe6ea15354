"""One store, as all who deliver to it share it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.limits import Limits
from amlflow_jupyter.journal.outcomes import Refused, RunGone
from amlflow_jupyter.journal.run_log import RunRecord
from amlflow_jupyter.journal.target import Target


class Link:
    """A journal and one store that its runs go to, opened when it is first needed.

    Parameters
    ----------
    number, uri
        The store: the journal's number, and its URI.
    open_target
        Opens it; called again where that failed.
    acknowledged
        Called whenever the store took something.
    """

    def __init__(
        self,
        journal: Journal,
        number: int,
        uri: str,
        open_target: Callable[[str], Target],
        acknowledged: Callable[[], None],
    ) -> None:
        self.journal = journal
        self.uri = uri
        self.acknowledged = acknowledged
        self._number = number
        self._open_target = open_target
        self._target: Target | None = None
        self._limits = Limits()

    @property
    def target(self) -> Target:
        """The store.

        Raises
        ------
        NotDelivered
            It cannot be opened.
        """
        if self._target is None:
            self._target = self._open_target(self.uri)
            self._limits = self.journal.limits(self._number) or self._target.limits
        return self._target

    @property
    def limits(self) -> Limits:
        """What the store takes in one request, as far as is known."""
        assert self.target  # noqa: S101 - opens it, and so knows its limits
        return self._limits

    def learn(self, limits: Limits) -> None:
        """Keep to ``limits`` from now on."""
        self._limits = limits
        self.journal.keep_limits(self._number, limits)

    def close(self) -> None:
        """Open the store anew when it is needed next: with other credentials, it may be."""
        self._target = None

    def runs(self) -> dict[int, RunRecord]:
        """Return the runs that go to the store, unless it refuses them, by number."""
        runs = self.journal.runs
        return {run.id: run for run in runs if run.target == self._number and not run.refused}

    @contextlib.contextmanager
    def giving_up(self, run: RunRecord) -> Iterator[None]:
        """Give up a run that the store does not have, or refuses to create."""
        try:
            yield
        except (RunGone, Refused) as error:
            self.journal.marks.refused(run, str(error))
