"""What drawing reads: the points of a run's metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Series(Protocol):
    """One metric's points, in the order in which they were logged."""

    @property
    def name(self) -> str:
        """The metric's name, as the user wrote it."""

    @property
    def steps(self) -> NDArray[np.int64]:
        """Steps, shape (n,), in any order and with repetitions."""

    @property
    def times(self) -> NDArray[np.float64]:
        """Seconds since 1970, shape (n,)."""

    @property
    def values(self) -> NDArray[np.float64]:
        """Values, shape (n,); may hold NaN and infinities."""


class SeriesSource(Protocol):
    """The metrics of one run, growing while it runs. Every method may be called from any thread."""

    def version(self) -> int:
        """Return a number that grows with every point; cheap."""

    def names(self) -> list[str]:
        """Return the metrics in the order in which they are drawn."""

    def series(self, name: str) -> Series:
        """Return a consistent snapshot of one metric."""
