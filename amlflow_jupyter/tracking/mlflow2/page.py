"""A page: everything one process said about the models of one run, as one tag of the run.

A tag of Azure Machine Learning holds 1,000 characters, and a run 50 tags. A page is therefore one
tag however many models there are: JSON where it fits, compressed where that fits, and otherwise its
entries are moved to a file among the run's artifacts (a *segment*, written once and never changed),
which the tag names.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from dataclasses import dataclass, field, replace
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.documents import Entry

# Characters: Azure Machine Learning's limit for a tag, and so everyone's.
ROOM: Final = 1000
_COMPRESSED: Final = "z"
# The names of segments: a writer, and a number.
SEGMENT: Final = re.compile(r"[0-9a-f]{1,32}-\d{1,9}")


@dataclass(frozen=True)
class Page:
    """What one process said.

    Attributes
    ----------
    entries
        By the mark of the model that each is about.
    inputs
        Ids of models that are inputs of the run.
    outputs
        Ids of models of other runs that are outputs of this one, and their steps.
    segments
        Names of the files that hold what it said earlier.
    written
        When the page was written last, in milliseconds since 1970.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    outputs: dict[str, int] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    written: int = 0

    def with_entry(self, mark: str, entry: Entry) -> Page:
        """Return the page with another entry on one model."""
        return replace(self, entries={**self.entries, mark: entry})

    def moved_to(self, segment: str) -> Page:
        """Return what is left when its content went to a segment."""
        return Page(segments=(*self.segments, segment), written=self.written)

    def text(self) -> str:
        """Return it as JSON, the content of a segment."""
        return _dump(self._json())

    def tag(self) -> str | None:
        """Return it as a tag's value; None where it does not fit."""
        text = self.text()
        if len(text) <= ROOM:
            return text
        packed = _COMPRESSED + base64.b64encode(zlib.compress(text.encode(), 9)).decode()
        return packed if len(packed) <= ROOM else None

    def _json(self) -> dict[str, Any]:
        parts: dict[str, Any] = {"e": self.entries, "i": self.inputs, "x": self.outputs}
        parts |= {"f": self.segments, "w": self.written}
        return {key: part for key, part in parts.items() if part}


def read_page(text: str) -> Page | None:
    """Return the page that a tag or a segment holds; None where it holds none."""
    try:
        if text.startswith(_COMPRESSED):
            text = zlib.decompress(base64.b64decode(text[1:])).decode()
        parts = json.loads(text)
        return Page(
            entries=dict(parts.get("e", {})),
            inputs=tuple(parts.get("i", ())),
            outputs=dict(parts.get("x", {})),
            segments=tuple(name for name in parts.get("f", ()) if SEGMENT.fullmatch(name)),
            written=int(parts.get("w", 0)),
        )
    except (ValueError, TypeError, AttributeError, binascii.Error, zlib.error):
        return None


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
