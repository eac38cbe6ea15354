"""Data frames of pandas and polars, seen alike; neither is imported for it."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

# Types of columns, of either library.
_TEXTS: Final = frozenset({"object", "str", "string", "category", "String", "Utf8", "Categorical"})


class Frame(ABC):
    """What tables are captured of: a data frame of whichever library."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self._frame.shape
        return rows, columns

    @property
    def columns(self) -> Sequence[Any]:
        """Names of the columns."""
        return list(self._frame.columns)

    @property
    def types(self) -> Sequence[str]:
        """Type of each column."""
        return [str(kind) for kind in self._frame.dtypes]

    def head(self, rows: int) -> Self:
        """Return the first rows."""
        return type(self)(self._frame.head(rows))

    @abstractmethod
    def size(self) -> int:
        """Return the bytes that it takes in memory, roughly."""

    @abstractmethod
    def rows(self) -> Iterable[Sequence[Any]]:
        """Return each row, with its index or number first."""

    @abstractmethod
    def rename(self, names: Mapping[str, str]) -> Self:
        """Return it with other names for some columns."""

    @abstractmethod
    def with_texts(self, change: Callable[[str], str]) -> Self:
        """Return it with each text in a column of texts as ``change`` makes it."""

    @abstractmethod
    def write_parquet(self, path: Path) -> None:
        """Write it; whatever the library raises is raised."""

    @abstractmethod
    def write_csv(self, path: Path) -> None:
        """Write it; whatever the library raises is raised."""


def frame_of(value: Any) -> Frame | None:
    """Return the data frame that ``value`` is (or styles); None if it is none."""
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        kind = type(value)
        if kind.__name__ == "Styler" and kind.__module__ == "pandas.io.formats.style":
            value = value.data
        if isinstance(value, getattr(pandas, "DataFrame", ())):
            return PandasFrame(value)
    polars = sys.modules.get("polars")
    if polars is not None and isinstance(value, getattr(polars, "DataFrame", ())):
        return PolarsFrame(value)
    return None


class PandasFrame(Frame):
    """A pandas data frame."""

    def size(self) -> int:
        """Return the bytes that it takes in memory; text counts in full."""
        return int(self._frame.memory_usage(index=True, deep=True).sum())

    def rows(self) -> Iterable[Sequence[Any]]:
        """Return each row with its index first."""
        return [tuple(row) for row in self._frame.itertuples(index=True, name=None)]

    def rename(self, names: Mapping[str, str]) -> Self:
        """Return it with other names for some columns."""
        return type(self)(self._frame.rename(columns=dict(names)))

    def with_texts(self, change: Callable[[str], str]) -> Self:
        """Return it with each text in a column of texts as ``change`` makes it."""
        frame = self._frame.copy(deep=False)
        for at, kind in enumerate(self.types):  # by number: names may be double
            if kind in _TEXTS:
                column = frame.iloc[:, at]
                texts = _changed(column, change)
                if texts is not None:
                    frame.isetitem(at, type(column)(texts, index=frame.index, dtype=object))
        return type(self)(frame)

    def write_parquet(self, path: Path) -> None:
        """Write it with its index."""
        self._frame.to_parquet(path)

    def write_csv(self, path: Path) -> None:
        """Write it with its index."""
        self._frame.to_csv(path)


class PolarsFrame(Frame):
    """A polars data frame; it has no index."""

    def size(self) -> int:
        """Return the bytes that it takes in memory."""
        return int(self._frame.estimated_size())

    def rows(self) -> Iterable[Sequence[Any]]:
        """Return each row, numbered as pandas would."""
        return [(number, *row) for number, row in enumerate(self._frame.iter_rows())]

    def rename(self, names: Mapping[str, str]) -> Self:
        """Return it with other names for some columns."""
        return type(self)(self._frame.rename(dict(names)))

    def with_texts(self, change: Callable[[str], str]) -> Self:
        """Return it with each text in a column of texts as ``change`` makes it."""
        columns = [column for column in self._frame if str(column.dtype) in _TEXTS]
        changed = [(column, _changed(column, change)) for column in columns]
        new = [type(column)(column.name, texts) for column, texts in changed if texts is not None]
        return type(self)(self._frame.with_columns(new))

    def write_parquet(self, path: Path) -> None:
        """Write it."""
        self._frame.write_parquet(path)

    def write_csv(self, path: Path) -> None:
        """Write it."""
        self._frame.write_csv(path)


def _changed(column: Iterable[Any], change: Callable[[str], str]) -> list[Any] | None:
    """Return the values of a column with its texts changed; None where none of them was."""
    old = list(column)
    new = [change(value) if isinstance(value, str) else value for value in old]
    different = any(one is not other for one, other in zip(old, new, strict=True))
    return new if different else None
