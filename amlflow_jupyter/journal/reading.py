"""Read a journal, one's own or another process's, while it is written."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from amlflow_jupyter.journal.entries import Entry, File, Kind, Point, checksum
from amlflow_jupyter.journal.run_log import RunRecord

SeriesKey = tuple[int, int, str, str]


@dataclass(frozen=True)
class Backlog:
    """What is not delivered yet.

    Attributes
    ----------
    entries
        How many.
    oldest
        When the oldest was logged (milliseconds since 1970); None where there is none.
    """

    entries: int = 0
    oldest: int | None = None


def last_id(connection: sqlite3.Connection) -> int:
    """Return the highest id that was ever given to an entry."""
    (written,) = connection.execute("select max(id) from entries").fetchone()
    (file,) = connection.execute("select max(id) from files").fetchone()
    (marked,) = connection.execute("select max(max(delivered, sent, ended)) from runs").fetchone()
    return max(written or 0, file or 0, marked or 0)


def run_records(connection: sqlite3.Connection) -> list[RunRecord]:
    """Return the table of runs."""
    rows = connection.execute(
        "select id, run_id, target, store_run_id, creation, asked, opened, ended, delivered, sent, "
        "refused from runs order by id"
    )
    names = [name for name, *_ in rows.description]
    return [RunRecord(**dict(zip(names, row, strict=True))) for row in rows]


def target_numbers(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the stores: URI to the journal's number."""
    return dict(connection.execute("select uri, id from targets"))


def series_numbers(connection: sqlite3.Connection) -> dict[SeriesKey, int]:
    """Return the series: (run, kind, name, extra) to number."""
    rows = connection.execute("select id, run, kind, name, extra from series")
    return {(run, kind, name, extra): number for number, run, kind, name, extra in rows}


def entries(connection: sqlite3.Connection, after: int) -> Iterator[Entry | int]:
    """Yield the entries after an id, in order; for one that is damaged, its id."""
    rows = connection.execute(
        'select e.id, e.series, e.step, e.time, e.value, e."check", s.run, s.kind, s.name, s.extra '
        "from entries e left join series s on s.id = e.series where e.id > ? order by e.id",
        (after,),
    )
    for number, series, step, time, value, check, run, kind, name, extra in rows:
        yield as_entry((number, series, step, time, value, check), (run, kind, name, extra))


def as_entry(row: tuple[Any, ...], key: tuple[Any, ...]) -> Entry | int:
    """Return one entry; only its id where it is not what was written."""
    number, series, step, time, value, check = row
    run, kind, name, extra = key
    try:
        if run is None or checksum(series, step, time, value) != check:
            return int(number)
        return Entry(number, run, Kind(kind), name, step, time, _value(value), extra)
    except (ValueError, TypeError, struct.error):
        return int(number)


def points(connection: sqlite3.Connection, run_id: str, name: str, after: int = 0) -> list[Point]:
    """Return a metric's points that came after an entry id, in the order of logging."""
    rows = connection.execute(
        "select e.id, e.step, e.time, e.value from entries e where e.id > ? and e.series in "
        "(select s.id from series s join runs r on r.id = s.run where r.run_id = ? "
        "and s.kind = 0 and s.name = ?) order by e.id",
        (after, run_id, name),
    )
    return [Point(number, step, time, float(_value(value))) for number, step, time, value in rows]


def metric_names(connection: sqlite3.Connection, run_id: str) -> list[str]:
    """Return the names of a run's metrics, in order of first appearance."""
    rows = connection.execute(
        "select s.name from series s join runs r on r.id = s.run where r.run_id = ? and s.kind = 0 "
        "group by s.name order by min(s.id)",
        (run_id,),
    )
    return [name for (name,) in rows]


def texts(connection: sqlite3.Connection, run_id: str, kind: Kind) -> list[tuple[str, str]]:
    """Return a run's params, tags or whatever has text for a value: (name, text), in order."""
    rows = connection.execute(
        "select s.name, e.value from entries e join series s on s.id = e.series "
        "join runs r on r.id = s.run where r.run_id = ? and s.kind = ? order by e.id",
        (run_id, int(kind)),
    )
    return [(name, str(value)) for name, value in rows]


def backlog(connection: sqlite3.Connection, run_id: str | None = None, after: int = 0) -> Backlog:
    """Count what is not delivered yet, of one run or of all.

    Parameters
    ----------
    after
        Every entry up to this id is known to be delivered.
    """
    entries, oldest = connection.execute(
        "select count(*), min(e.time) from entries e join series s on s.id = e.series "
        "join runs r on r.id = s.run "
        "where e.id > max(?, (select coalesce(min(delivered), 0) from runs)) "
        "and e.id > r.delivered and r.refused is null "
        "and e.id not in (select entry from quarantine) and (? is null or r.run_id = ?)",
        (after, run_id, run_id),
    ).fetchone()
    files, older = connection.execute(
        "select count(*), min(f.time) from files f join runs r on r.id = f.run where not f.sent "
        "and r.refused is null and f.id not in (select entry from quarantine) "
        "and (? is null or r.run_id = ?)",
        (run_id, run_id),
    ).fetchone()
    times = [time for time in (oldest, older) if time is not None]
    return Backlog(entries + files, min(times, default=None))


def files(connection: sqlite3.Connection, run: int | None = None) -> list[File]:
    """Return the artifacts that are not sent yet, of one run or of all, in order."""
    rows = connection.execute(
        "select id, run, about from files where not sent and (? is null or run = ?) "
        "and id not in (select entry from quarantine) order by id",
        (run, run),
    )
    return [File(number, owner, **json.loads(about)) for number, owner, about in rows]


def quarantined(connection: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Return what the store refused: (run id, kind, name, reason)."""
    rows = connection.execute(
        "select r.run_id, s.kind, s.name, q.reason from quarantine q "
        "left join entries e on e.id = q.entry left join series s on s.id = e.series "
        "left join files f on f.id = q.entry left join runs r on r.id = coalesce(s.run, f.run) "
        "order by q.entry"
    )
    return [
        (run or "?", Kind(kind).name.lower() if kind is not None else "entry", name or "", reason)
        for run, kind, name, reason in rows
    ]


def _value(value: float | str | None) -> float | str:
    if value is None:
        return math.nan
    return value if isinstance(value, str) else float(value)
