"""How much a store takes in one request: known at first, then learnt from what it refuses."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# "can contain at most 1000 metrics", "exceeds the limit of 250": what stores write.
_HINT: Final = re.compile(
    r"(?:at most|limit(?:ed)?(?: of| is| to)?|maximum(?: of| is)?|up to)\s*:?\s*(\d{1,6})\b"
    r"(?:\s+(metric|param|tag))?",
    re.IGNORECASE,
)


class Limits(NamedTuple):
    """The most that one request may hold; MLflow's own limits at first."""

    metrics: int = 1000
    params: int = 100
    tags: int = 100
    total: int = 1000

    def lowered(self, metrics: int, params: int, tags: int) -> Limits:
        """Return the limits for a store that refused a request for its size alone.

        Parameters
        ----------
        metrics, params, tags
            How many the refused request held.
        """
        counts = {"metrics": metrics, "params": params, "tags": tags}
        kinds = [kind for kind, count in counts.items() if count]
        lowest = max(1, -(-sum(counts.values()) // 2))
        name = kinds[0] if len(kinds) == 1 else "total"
        return self._replace(**{name: min(getattr(self, name), lowest)})

    def hinted(self, reason: str, metrics: int, params: int, tags: int) -> Limits | None:
        """Return the limits that a refusal names, where it names lower ones than were kept to."""
        found = _HINT.search(reason)
        if not found:
            return None
        most, what = int(found[1]), found[2]
        counts = {"metrics": metrics, "params": params, "tags": tags}
        if what is None and sum(1 for count in counts.values() if count) == 1:
            what = next(kind for kind, count in counts.items() if count)[:-1]
        name = f"{what.lower()}s" if what else "total"
        held = counts.get(name, metrics + params + tags)
        return self._replace(**{name: most}) if 0 < most < held else None
