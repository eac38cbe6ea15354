"""What a store may answer, as far as delivery tells one answer from another.

::

    NotDelivered
    ├── TryLater        not now: the server is gone, overloaded or failing
    ├── SignInNeeded    it wants credentials, or refuses those it got
    ├── Refused         it will never take this
    └── RunGone         the run, or its experiment, is there no longer
"""

from __future__ import annotations

from amlflow_jupyter.errors import AmlflowError


class NotDelivered(AmlflowError):
    """The store did not acknowledge what was sent."""


class TryLater(NotDelivered):
    """The store cannot be reached, is overloaded, or fails.

    Parameters
    ----------
    reason
        For the user.
    arrived
        Whether what was sent may have been taken all the same: the answer was lost, or tells
        nothing.
    wait
        Seconds after which the store wants to be asked again, where it said so.
    """

    def __init__(self, reason: str, arrived: bool, wait: float | None = None) -> None:
        super().__init__(reason)
        self.arrived = arrived
        self.wait = wait


class SignInNeeded(NotDelivered):
    """The store wants credentials, or refuses those that it got."""


class Refused(NotDelivered):
    """The store will never take this, whenever it is sent."""


class RunGone(NotDelivered):
    """The run, or its experiment, is in the store no longer."""
