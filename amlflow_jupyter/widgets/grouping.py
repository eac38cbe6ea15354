"""Which metrics share a chart, and which charts stand together.

``train/loss`` and ``val/loss`` are one quantity, seen on different data: one chart, a curve each.
So are ``loss`` and ``val_loss`` (Keras), ``validation_0-rmse`` (XGBoost), ``Loss/train``.  What
stands before the first slash of the rest (``system/``, ``grad/``) is a section of charts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from amlflow_jupyter.widgets.palette import CURVES, curve

SYSTEM: Final = "system"
_KINDS: Final = {
    word: kind
    for kind, words in enumerate(
        (
            ("train", "training"),
            ("val", "valid", "validation", "dev"),
            ("test", "testing", "eval", "evaluation"),
        )
    )
    for word in words
}
_JOINED: Final = re.compile(rf"({'|'.join(_KINDS)})((?:_\d+)?)[_.:-](?=.)", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where a metric is drawn.

    Attributes
    ----------
    section
        The section of its chart; empty for the charts that come first.
    chart
        The title of its chart, which is unique within its section.
    label
        What tells the curve from the others of its chart.
    colour
        Of the curve.
    """

    section: str
    chart: str
    label: str
    colour: str


@dataclass(frozen=True)
class _Parsed:
    name: str
    quantity: str
    kind: int | None
    label: str

    @property
    def section(self) -> str:
        before, slash, _ = self.quantity.partition("/")
        return before if slash else ""


def places(names: Iterable[str]) -> list[Place]:
    """Return the place of each metric; names that differ never share chart and label."""
    parsed = [_parse(name) for name in names]
    charts: dict[str, list[_Parsed]] = {}
    for one in parsed:
        charts.setdefault(one.quantity, []).append(one)
    placed: dict[str, Place] = {}
    for index, (quantity, members) in enumerate(charts.items()):
        labels = _labels(members)
        title = quantity if len(members) > 1 else members[0].name
        for one, label, colour in zip(members, labels, _colours(members, index), strict=True):
            placed[one.name] = Place(one.section, title, label, colour)
    return [placed[one.name] for one in parsed]


def _parse(name: str) -> _Parsed:
    parts = name.split("/")
    for at, part in enumerate(parts):
        if part.lower() in _KINDS and len(parts) > 1 and parts[0].lower() != SYSTEM:
            rest = "/".join((*parts[:at], *parts[at + 1 :]))
            return _Parsed(name, rest, _KINDS[part.lower()], part)
    if found := _JOINED.match(name):
        return _Parsed(name, name[found.end() :], _KINDS[found[1].lower()], found[1] + found[2])
    return _Parsed(name, name, None, name)


def _labels(members: Sequence[_Parsed]) -> list[str]:
    """Return short labels where they tell the curves apart, else the whole names."""
    short = [one.label for one in members]
    plain = any(one.kind is None for one in members)
    return [one.name for one in members] if plain or len(set(short)) < len(short) else short


def _colours(members: Sequence[_Parsed], index: int) -> list[str]:
    """Return a colour each: training, validation and test have the same one in every chart."""
    if len(members) == 1 and members[0].kind is None:
        return [curve(index)]
    taken: list[int] = []
    for one in members:
        wanted = one.kind if one.kind is not None else 0
        free = (wanted + more for more in range(len(CURVES)))
        taken.append(next((at for at in free if at % len(CURVES) not in taken), wanted))
    return [curve(at) for at in taken]
