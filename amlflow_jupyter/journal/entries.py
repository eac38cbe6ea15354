"""What a journal holds: one entry for each thing that a logging call said."""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import Final, NamedTuple


class Kind(IntEnum):
    """What an entry is. The numbers are part of the file format."""

    METRIC = 0
    PARAM = 1
    TAG = 2
    END = 3
    UPDATE = 4
    INPUTS = 5


# What the store takes many of in one request.
BATCHED: Final = frozenset({Kind.METRIC, Kind.PARAM, Kind.TAG})


class Entry(NamedTuple):
    """One entry, as it was written; nothing of it changes any more.

    Attributes
    ----------
    id
        Its place in the journal; grows.
    run
        The journal's own number of the run.
    kind
        What it is.
    name
        Key of the metric, param or tag; empty for the other kinds.
    step
        Of a metric; 0 for the other kinds.
    time
        Milliseconds since 1970.
    value
        A metric's value, the text of a param or tag, or JSON.
    extra
        JSON of what else belongs to a metric (its model, its dataset); empty as a rule.
    """

    id: int
    run: int
    kind: Kind
    name: str
    step: int
    time: int
    value: float | str
    extra: str


class File(NamedTuple):
    """An artifact to send.

    Attributes
    ----------
    id
        Its place in the journal, among the entries.
    run
        The journal's own number of the run.
    digest, size
        Its content's SHA-256, by which the spool knows it, and its bytes.
    name, folder
        What it is called in the store, and where.
    """

    id: int
    run: int
    digest: str
    size: int
    name: str
    folder: str | None


class Point(NamedTuple):
    """One value of a metric; ``time`` in milliseconds since 1970."""

    id: int
    step: int
    time: int
    value: float


_pack: Final = struct.Struct("<qqqd").pack
_NAN: Final = float("nan")  # one of the many bit patterns of it


def checksum(series: int, step: int, time: int, value: float | str | None) -> int:
    """Return what tells an entry that was written from one whose bytes changed on the disk.

    SQLite itself checks its log, but not its main file.  None stands for NaN.
    """
    if isinstance(value, str):
        seed = zlib.crc32(_pack(series, step, time, 0.0))
        return zlib.crc32(value.encode("utf-8", "surrogatepass"), seed)
    return zlib.crc32(_pack(series, step, time, _NAN if value is None else value))
