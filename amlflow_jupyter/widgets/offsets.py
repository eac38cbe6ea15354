"""Steps and times as whole numbers of four bytes each: half of what the browser would be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from amlflow_jupyter.widgets.downsample import Floats

# What is drawn at first takes half of the numbers there are: the rest is for what is added later.
_FIRST: Final = 2.0**31
_MOST: Final = 2.0**32 - 1


@dataclass(frozen=True)
class Offsets:
    """A way to write numbers as ``base + unit * count``, the count from 0 to 2**32 - 1."""

    base: float = 0.0
    unit: float = 1.0

    @classmethod
    def over(cls, values: Floats, unit: float) -> Offsets:
        """Return one for ``values``, in steps of ``unit`` where their span allows it."""
        if not len(values):
            return cls(0.0, unit)
        base = float(values.min())
        return cls(base, max(unit, (float(values.max()) - base) / _FIRST))

    def fits(self, values: Floats) -> bool:
        """Tell whether all of ``values`` can be written."""
        counts = self._counts(values)
        return not len(counts) or bool(counts.min() >= 0 and counts.max() <= _MOST)

    def pack(self, values: Floats) -> bytes:
        """Return the counts of ``values`` as uint32."""
        return self._counts(values).astype(np.uint32).tobytes()

    def _counts(self, values: Floats) -> NDArray[np.float64]:
        counts: NDArray[np.float64] = np.rint((values - self.base) / self.unit)
        return counts
