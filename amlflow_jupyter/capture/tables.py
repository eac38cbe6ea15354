"""Data frames that a cell shows, as files."""

from __future__ import annotations

import threading
from pathlib import Path

from amlflow_jupyter.capture.displays import Shown
from amlflow_jupyter.capture.frames import Frame, frame_of
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.numbered import Numbered
from amlflow_jupyter.capture.preview import preview
from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets, redact
from amlflow_jupyter.capture.size import megabytes

_SAMPLE_ROWS = 1000


class Tables:
    """Writes each pandas or polars data frame that is shown to ``tables/table-NN``.

    It is written the moment it is shown, because its owner may change it afterwards: as parquet,
    or as csv where parquet cannot hold it, with a preview in Markdown beside it. A long one is
    cut to its first rows. Secrets are looked for in the names of its columns; in its texts, only
    those that the source of the cell holds. The index is looked at in the preview alone.
    """

    title = "Tables"

    def __init__(self, folder: Path, limits: Limits, known: KnownSecrets | None = None) -> None:
        self._limits = limits
        self._known = known or KnownSecrets()
        self._files = Numbered(folder / "tables", "table", limits.tables)
        self._notes: dict[str, str] = {}  # by table: what takes its place takes its note's, too
        self._redacted = 0
        self._lock = threading.Lock()

    def cleared(self) -> None:
        """Let the next table take the place of those so far."""
        with self._lock:
            self._files.clear()
            self._notes.clear()

    def shown(self, what: Shown) -> None:
        """Write what was shown, if it is a data frame."""
        frame = frame_of(what.value)
        if frame is None:
            return
        with self._lock:
            path = self._files.path(what.display_id)
            if path is not None:
                self._write(frame, path)

    def findings(self) -> Findings:
        """Say what was left out."""
        notes = list(self._notes.values())
        if self._files.refused:
            notes.append(
                f"Tables beyond the first {self._limits.tables} are not kept: {self._files.refused}"
            )
        return Findings(notes=tuple(notes), redacted=self._redacted)

    def _write(self, frame: Frame, path: Path) -> None:
        rows, columns = frame.shape
        kept = self._without_secrets(frame.head(min(rows, self._affordable_rows(frame))))
        name = path.name
        self._notes.pop(name, None)
        if kept.shape[0] < rows:
            self._notes[name] = f"{name} was cut: {kept.shape[0]:,} of {rows:,} rows kept"
        written = self._save(kept, path)
        if written.stat().st_size > self._limits.table_bytes:
            size = megabytes(written.stat().st_size)
            self._notes[name] = f"Only a preview of {name} is kept: it has {size}"
            written.unlink()
        text, _ = self._known.mask(preview(kept, rows, columns))
        path.with_suffix(".md").write_text(text, encoding="utf-8", errors="replace")

    def _affordable_rows(self, frame: Frame) -> int:
        """Estimate from the first rows how many fit the bounds."""
        sample = frame.head(_SAMPLE_ROWS)
        row_bytes = sample.size() / max(1, sample.shape[0])
        return int(min(self._limits.table_rows, self._limits.table_bytes / max(1.0, row_bytes)))

    def _without_secrets(self, frame: Frame) -> Frame:
        names: dict[str, str] = {}
        for column in frame.columns:
            if isinstance(column, str):
                clean, count = redact(column)
                if count:
                    names[column] = clean
                    self._redacted += count
        named = frame.rename(names) if names else frame
        return named.with_texts(self._mask) if self._known.values else named

    def _mask(self, text: str) -> str:
        clean, count = self._known.mask(text)
        self._redacted += count
        return clean

    @staticmethod
    def _save(frame: Frame, path: Path) -> Path:
        parquet = path.with_suffix(".parquet")
        try:
            frame.write_parquet(parquet)
        except Exception:  # whatever pyarrow refuses, or no pyarrow
            parquet.unlink(missing_ok=True)
            csv = path.with_suffix(".csv")
            frame.write_csv(csv)
            return csv
        return parquet
