"""When to ask a store again that failed."""

from __future__ import annotations

import random
import time
from typing import Final

# Seconds. Short at first: most outages are; and never so long that the user waits for delivery
# when the store has been back for five seconds.
_FIRST: Final = 0.25
_LONGEST: Final = 4.0
# A store that names a time is believed, within reason.
_LONGEST_ASKED_FOR: Final = 300.0


class Backoff:
    """Doubling pauses, each shortened by chance so that many clients do not come at once.

    Attributes
    ----------
    is_asked_for
        Whether the store itself asked for this pause.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0
        self.is_asked_for = False

    @property
    def is_over(self) -> bool:
        """Whether the store may be asked now."""
        return self.seconds_left <= 0

    @property
    def seconds_left(self) -> float:
        """Seconds until the store may be asked."""
        return max(0.0, self._until - time.monotonic())

    @property
    def failures(self) -> int:
        """How often it failed since it last succeeded."""
        return self._failures

    def failed(self, wait: float | None = None) -> None:
        """Wait longer; at least ``wait`` seconds, where the store asked for it."""
        pause = min(_LONGEST, _FIRST * 2 ** min(self._failures, 10))
        pause *= random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        if wait is not None:
            pause = max(pause, min(wait, _LONGEST_ASKED_FOR))
        self.is_asked_for = wait is not None
        self._failures += 1
        self._until = time.monotonic() + pause

    def succeeded(self) -> None:
        """Begin anew."""
        self.is_asked_for = False
        self._failures = 0
        self._until = 0.0

    def ask_now(self) -> None:
        """Let the store be asked at once."""
        self._until = 0.0
