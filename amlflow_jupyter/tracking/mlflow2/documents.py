"""What is known of a logged model: the sum of what every process said about it.

Two processes may speak of one model at once: one trains and logs metrics, another registers it. So
that neither undoes the other, each keeps *its own entries*, and what is read is all entries of a
model merged: of each field the newest word counts. Nothing here talks to a server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

# One process's word on one model; JSON, and short, for many share a tag of 1,000 characters:
#   u  when it was said, c  when the model was made (both milliseconds since 1970)
#   n  its name, f  its folder among the run's artifacts, where that is not the name
#   y  its type, s  its status, k  the step it was logged at, d  1: it is deleted
#   o  1: the run was made for it alone, r  1: the run's params are its params
#   t  tags (null: taken away), p  params,  m  metrics: rows as in MetricRow
Entry = dict[str, Any]

_SCALARS: Final = ("c", "n", "f", "y", "s", "k", "d", "o", "r")
_PENDING: Final = 1
# What means something else in a URI, or leads to another folder, is not in the name of a folder.
_FOLDER: Final = re.compile(r"[^/\\:.?#%\s][^/\\:.?#%]*")


class MetricRow(NamedTuple):
    """The newest value of a metric that belongs to a model.

    ``value`` is a number, or ``"nan"``, ``"inf"`` or ``"-inf"``, for which JSON has no number.
    ``time`` is in milliseconds since 1970; ``run_id`` is None for the model's own run.
    """

    key: str
    value: float | str
    time: int
    step: int
    dataset: str | None = None
    digest: str | None = None
    run_id: str | None = None

    def json(self) -> list[str | float | None]:
        """Return it as a list, which ends with the last field that is known."""
        row = list(self)
        while row[-1] is None:
            row.pop()
        return row

    @property
    def series(self) -> tuple[str, str | None, str | None, str | None]:
        """What a newer value replaces."""
        return self.key, self.dataset, self.digest, self.run_id


@dataclass(frozen=True)
class Document:
    """A logged model as all entries together describe it.

    Attributes
    ----------
    created, updated
        Milliseconds since 1970.
    folder
        Where its files are among the run's artifacts.
    status
        MLflow's number of it: 1 pending, 2 ready, 3 failed.
    owns_run
        Whether the run was made for this model alone.
    shares_params
        Whether the run's params are its params too.
    """

    name: str
    folder: str
    created: int
    updated: int
    model_type: str | None = None
    status: int = _PENDING
    step: int = 0
    deleted: bool = False
    owns_run: bool = False
    shares_params: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[MetricRow, ...] = ()


def folder_of(name: str) -> str:
    """Return the folder that a model of a name has, where it is free: the name, nearly always."""
    if _FOLDER.fullmatch(name):
        return name
    return re.sub(r"[^\w-]+", "-", name).strip("-") or "model"


def merged(entries: Iterable[Entry]) -> Entry:
    """Return one entry that says what all of them say; the newest word counts."""
    result: Entry = {"u": 0}
    tags: dict[str, str | None] = {}
    params: dict[str, str] = {}
    rows: list[MetricRow] = []
    for entry in sorted(entries, key=lambda entry: int(entry.get("u", 0))):
        result |= {key: entry[key] for key in ("u", *_SCALARS) if key in entry}
        tags |= entry.get("t", {})
        params |= entry.get("p", {})
        rows += rows_of(entry)
    parts = {"t": tags, "p": params, "m": [row.json() for row in newest(rows)]}
    return result | {key: part for key, part in parts.items() if part}


def changed(own: Entry | None, everything: Entry, change: Entry, now: int) -> Entry:
    """Return this process's entry after a change.

    Parameters
    ----------
    own
        What this process said so far.
    everything
        What all say, merged; what another said later than this process is not said again.
    change
        What is new: fields of an :data:`Entry`.
    now
        Milliseconds since 1970; a clock that is behind another's is set forward.
    """
    kept = {key: own[key] for key in _SCALARS if own and key in own and own[key] == everything[key]}
    for part in ("t", "p"):
        said, all_said = (own or {}).get(part, {}), everything.get(part, {})
        values = {key: said[key] for key in said if said[key] == all_said.get(key)}
        values |= change.get(part, {})
        if values:
            kept[part] = values
    kept |= {key: change[key] for key in _SCALARS if key in change}
    rows = newest([*rows_of(own or {}), *rows_of(change)])
    if rows:
        kept["m"] = [row.json() for row in rows]
    return kept | {"u": max(now, int(everything.get("u", 0)) + 1)}


def with_metrics(own: Entry | None, rows: Iterable[MetricRow]) -> Entry:
    """Return this process's entry with newer metrics; when it last spoke stays as it is."""
    both = newest([*rows_of(own or {}), *rows])
    return {"u": 0, **(own or {}), "m": [row.json() for row in both]}


def document(entry: Entry) -> Document | None:
    """Return the model that a merged entry describes.

    None where its beginning is not known, or where its folder is none of the run's: what stands in
    a tag, anyone may have written.
    """
    if "c" not in entry or "n" not in entry:
        return None
    if not _FOLDER.fullmatch(entry.get("f") or entry["n"]):
        return None
    return Document(
        name=entry["n"],
        folder=entry.get("f") or entry["n"],
        created=int(entry["c"]),
        updated=int(entry["u"]),
        model_type=entry.get("y"),
        status=int(entry.get("s", _PENDING)),
        step=int(entry.get("k", 0)),
        deleted=bool(entry.get("d")),
        owns_run=bool(entry.get("o")),
        shares_params=bool(entry.get("r")),
        tags={key: value for key, value in entry.get("t", {}).items() if value is not None},
        params=entry.get("p", {}),
        metrics=rows_of(entry),
    )


def rows_of(entry: Entry) -> tuple[MetricRow, ...]:
    """Return the metrics of an entry."""
    return tuple(MetricRow(*row) for row in entry.get("m", ()))


def newest(rows: Iterable[MetricRow]) -> tuple[MetricRow, ...]:
    """Return of each series the value at the highest step, the last one logged there."""
    latest: dict[tuple[str, str | None, str | None, str | None], MetricRow] = {}
    for row in rows:
        before = latest.get(row.series)
        if before is None or (row.step, row.time) >= (before.step, before.time):
            latest[row.series] = row
    return tuple(latest.values())
