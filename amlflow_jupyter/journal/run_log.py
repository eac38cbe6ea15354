"""What a logging call writes to: one run in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlflow_jupyter.journal.entries import Kind, checksum

if TYPE_CHECKING:
    from amlflow_jupyter.journal.journal import Journal
    from amlflow_jupyter.journal.writer import NewRow


@dataclass
class RunRecord:
    """What the journal knows of a run: the table ``runs``, in memory.

    Attributes
    ----------
    id
        The journal's own number.
    run_id
        The id that the user holds.
    target
        The journal's number of the store that it goes to.
    store_run_id
        Its id in the store; None until it is created there.
    creation
        JSON of what it is created from, where that is the journal's business.
    asked
        Whether the store was asked to create it: it may have, though no answer came.
    opened
        Whether this process started it, and so has to end it.
    ended
        The entry that ended it; 0 while it is open.
    delivered, sent
        See :mod:`amlflow_jupyter.journal.schema`.
    refused
        Why the store takes nothing for it any more, if it does not.
    """

    id: int
    run_id: str
    target: int
    store_run_id: str | None
    creation: str | None = None
    asked: bool = False
    opened: bool = False
    ended: int = 0
    delivered: int = 0
    sent: int = 0
    refused: str | None = None


class RunLog:
    """Appends to one run. Every method returns when what it was given is on disk.

    None raises for what is wrong with the disk or the network.
    """

    def __init__(self, journal: Journal, record: RunRecord) -> None:
        self.record = record
        self._journal = journal
        self._series: dict[str, int] = {}
        self._add = journal.writer.add

    def metric(self, name: str, value: float, step: int, time: int) -> None:
        """Log one point; ``time`` in milliseconds since 1970.

        Raises
        ------
        struct.error
            ``step`` or ``time`` does not fit 64 bits.
        """
        series = self._series.get(name)
        if series is None:
            series = self._metric_series(name)
        # SQLite has no NaN: it is written as null.
        number = value if value == value else None  # noqa: PLR0124 - NaN alone differs from itself
        self._add(series, step, time, number, checksum(series, step, time, number))

    def knows(self, name: str) -> bool:
        """Whether a metric of this name was logged already."""
        return name in self._series

    def metrics(self, points: Iterable[tuple[str, float, int, int, str]]) -> None:
        """Log points: name, value, step, time, and JSON of what else belongs to it (or "")."""
        rows: list[NewRow] = []
        for name, value, step, time, extra in points:
            found = None if extra else self._series.get(name)
            series = self._metric_series(name, extra) if found is None else found
            number = value if value == value else None  # noqa: PLR0124
            rows.append((series, step, time, number, checksum(series, step, time, number)))
        if rows:
            self._journal.writer.add_many(rows)

    def param(self, key: str, value: str, time: int) -> None:
        """Log a param."""
        self._text(Kind.PARAM, key, value, time)

    def tag(self, key: str, value: str, time: int) -> None:
        """Set a tag."""
        self._text(Kind.TAG, key, value, time)

    def update(self, changes: Mapping[str, Any], time: int) -> None:
        """Change the run's name or status without ending it."""
        self._text(Kind.UPDATE, "", json.dumps(changes), time)

    def inputs(self, inputs: str, time: int) -> None:
        """Log inputs, as the target's own JSON."""
        self._text(Kind.INPUTS, "", inputs, time)

    def end(self, status: str, end_time: int) -> None:
        """End the run, as FINISHED, FAILED or KILLED."""
        entry = self._text(Kind.END, "", json.dumps({"status": status}), end_time)
        self._journal.ended(self.record, entry)

    def artifact(self, file: Path, folder: str | None, time: int) -> None:
        """Keep a file as it is now, and send it as an artifact in ``folder`` of the run.

        Raises
        ------
        JournalFull
            The journal takes no more files.
        OSError
            The file cannot be read or kept.
        """
        self._journal.keep_file(self.record, file, folder, time)

    def rebind(self, record: RunRecord) -> None:
        """Write to the journal that this process opened after a fork."""
        self.record = record
        self._series = {}
        self._add = self._journal.writer.add

    def forget_series(self) -> None:
        """Ask the journal anew for every series: in a forked child it is another journal."""
        self._series = {}

    def _metric_series(self, name: str, extra: str = "") -> int:
        series = self._journal.series(self, Kind.METRIC, name, extra)
        if not extra:
            self._series[name] = series
        return series

    def _text(self, kind: Kind, name: str, value: str, time: int) -> int:
        series = self._journal.series(self, kind, name, "")
        check = checksum(series, 0, time, value)
        return self._journal.writer.add(series, 0, time, value, check)
