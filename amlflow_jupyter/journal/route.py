"""The way to one store: what is pending for it, when it may be asked, and why it fails."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from amlflow_jupyter.journal.backoff import Backoff
from amlflow_jupyter.journal.creating import Creator
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.link import Link
from amlflow_jupyter.journal.outcomes import NotDelivered, SignInNeeded, TryLater
from amlflow_jupyter.journal.sending import Sender
from amlflow_jupyter.journal.target import Target
from amlflow_jupyter.journal.uploading import Uploader

# Seconds without an answer after which the user is told.
_LONG: Final = 5.0
# Seconds after which a store that refused our credentials is asked again, unasked.
_SIGN_IN_PAUSE: Final = 30.0


class Route:
    """Delivers one journal's entries to one store.

    Parameters
    ----------
    number, uri
        The store: the journal's number, and its URI.
    open_target
        Opens it; called again where that failed.

    Attributes
    ----------
    needs_sign_in
        Whether the store wants credentials.
    """

    def __init__(
        self, journal: Journal, number: int, uri: str, open_target: Callable[[str], Target]
    ) -> None:
        self._link = Link(journal, number, uri, open_target, self._succeeded)
        self._creator = Creator(self._link)
        self._uploader = Uploader(self._link)
        self._sender = Sender(self._link, self._uploader.holds_up)
        self._backoff = Backoff()
        self._asked: float | None = None
        self._error: str | None = None
        self._failures = 0
        self.needs_sign_in = False

    @property
    def done(self) -> int:
        """Every entry up to this id that goes this way is delivered, or refused for good."""
        return self._sender.done

    @property
    def error(self) -> str | None:
        """Why the store did not take what it was sent last; None where it did."""
        waits = time.monotonic() - (self._asked or math.inf)
        if self._error is None and waits > _LONG:
            return f"{shown(self._link.uri)} has not answered for {waits:.0f} seconds."
        return self._error or self._uploader.error

    @property
    def failures(self) -> int:
        """How often the store, or where its artifacts lie, failed."""
        return self._failures + self._uploader.failures

    @property
    def is_silent(self) -> bool:
        """Whether the store has not answered for long."""
        return time.monotonic() - (self._asked or math.inf) > _LONG

    @property
    def is_failing(self) -> bool:
        """Whether the store did not take what it was sent last."""
        return self.error is not None

    def turn(self, connection: sqlite3.Connection) -> bool:
        """Send what is pending, as far as one reading goes; return whether anything was sent.

        Parameters
        ----------
        connection
            Open to read the journal.
        """
        if not self._backoff.is_over:
            return False
        self._asked = time.monotonic()
        try:
            sent = self._creator.turn() | self._sender.turn(connection)
            sent |= self._uploader.turn(connection)
        except SignInNeeded as error:
            self.needs_sign_in = True
            self._failed(error, _SIGN_IN_PAUSE)
            return False
        except NotDelivered as error:
            self._failed(error, error.wait if isinstance(error, TryLater) else None)
            return False
        if sent:
            self._succeeded()
        self._asked = None
        return sent

    def ask_now(self) -> None:
        """Forget that the store failed: it may be asked at once, with other credentials."""
        self._backoff.ask_now()
        self._uploader.ask_now()
        if self.needs_sign_in:
            self.needs_sign_in = False
            self._link.close()

    def hasten(self) -> bool:
        """Let the store be asked at once, because somebody waits; return whether it may be."""
        if self.needs_sign_in or (self._backoff.is_asked_for and not self._backoff.is_over):
            return False
        self._backoff.ask_now()
        self._uploader.ask_now()
        return True

    def restart(self) -> None:
        """Read the journal from its beginning: runs that were refused may go again."""
        self._sender.done = 0

    def _failed(self, error: NotDelivered, wait: float | None) -> None:
        self._error = str(error)
        self._failures += 1
        self._asked = None
        self._backoff.failed(wait)

    def _succeeded(self) -> None:
        self._error = None
        self._asked = time.monotonic()
        self.needs_sign_in = False
        self._backoff.succeeded()


def shown(uri: str) -> str:
    """Return a store's address for sentences, without what could be a secret."""
    return urlsplit(uri).netloc.rpartition("@")[2] or uri
