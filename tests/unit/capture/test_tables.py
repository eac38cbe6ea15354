"""Data frames as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from amlflow_jupyter.capture.displays import Shown
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.tables import Tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tables"


def show(folder: Path, *frames: Any, **limits: int) -> Tables:
    tables = Tables(folder.parent, Limits(**limits))
    for frame in frames:
        tables.shown(Shown({}, frame))
    return tables


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


def test_parquet_and_preview(folder: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x|y", "<b>\nz"]}, index=["one", "two"])
    show(folder, frame)
    assert pd.read_parquet(folder / "table-01.parquet").equals(frame)
    assert (folder / "table-01.md").read_text().splitlines() == [
        "2 rows, 2 columns",
        "",
        "|  | a | b |",
        "| --- | --- | --- |",
        "|  | *int64* | *object* |",
        "| one | 1 | x\\|y |",
        "| two | 2 | &lt;b> z |",
    ]


def test_csv_where_parquet_cannot_hold_it(folder: Path) -> None:
    show(folder, pd.DataFrame({"a": [1, "text", object]}))
    assert names(folder) == ["table-01.csv", "table-01.md"]
    assert pd.read_csv(folder / "table-01.csv")["a"].tolist()[:2] == ["1", "text"]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({0: [1], 1: [2]}),
        pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
        pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([(1, 2), (3, 4)])),
        pd.DataFrame([[1, 2]], columns=["same", "same"]),
        pd.DataFrame({"t": pd.to_datetime(["2024-01-01"]).tz_localize("UTC"), "n": [None]}),
    ],
    ids=["empty", "numbers", "columns of levels", "rows of levels", "doubled", "times"],
)
def test_frames_of_all_kinds(folder: Path, frame: pd.DataFrame) -> None:
    assert show(folder, frame).findings().notes == ()
    assert len(names(folder)) == 2


def test_long_ones_are_cut(folder: Path) -> None:
    tables = show(folder, pd.DataFrame({"a": range(1000)}), table_rows=100)
    assert tables.findings().notes == ("table-01 was cut: 100 of 1,000 rows kept",)
    assert len(pd.read_parquet(folder / "table-01.parquet")) == 100
    assert "1,000 rows, 1 columns" in (folder / "table-01.md").read_text()


def test_wide_text_is_cut_to_the_bytes(folder: Path) -> None:
    frame = pd.DataFrame({"a": [f"{number:0>1000}" for number in range(1000)]})
    show(folder, frame, table_bytes=100_000)
    assert 50 < len(pd.read_parquet(folder / "table-01.parquet")) < 100


def test_so_many_are_kept(folder: Path) -> None:
    frames = [pd.DataFrame({"a": [number]}) for number in range(5)]
    tables = show(folder, *frames, tables=3)
    assert tables.findings().notes == ("Tables beyond the first 3 are not kept: 2",)
    assert len(names(folder)) == 6


def test_secrets_in_names_of_columns(folder: Path) -> None:
    tables = show(folder, pd.DataFrame({"https://me:hunter22@example.com": [1], "password": ["x"]}))
    assert tables.findings().redacted == 1
    kept = pd.read_parquet(folder / "table-01.parquet")
    assert list(kept.columns) == ["https://me:[redacted]@example.com", "password"]


def test_other_things_are_no_tables(folder: Path) -> None:
    show(folder, pd.Series([1]), [1], None, "text")
    assert names(folder) == []


def test_polars(folder: Path) -> None:
    tables = show(folder, pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]}), table_rows=2)
    assert pl.read_parquet(folder / "table-01.parquet").to_dict(as_series=False) == {
        "a": [1, 2],
        "b": ["x", "y"],
    }
    assert "| 1 | 2 | y |" in (folder / "table-01.md").read_text()
    assert tables.findings().notes == ("table-01 was cut: 2 of 3 rows kept",)


@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_secrets_of_the_source_in_cells(folder: Path, dtype: Any) -> None:
    known = KnownSecrets('password = "hunter2secret99"')
    tables = Tables(folder.parent, Limits(), known)
    texts = pd.Series(["pw hunter2secret99", "plain", None], dtype=dtype)
    frame = pd.DataFrame({"a": texts, "b": [1, 2, 3]})
    before = frame.copy(deep=True)
    tables.shown(Shown({}, frame))
    kept = pd.read_parquet(folder / "table-01.parquet")
    assert kept["a"].tolist()[:2] == ["pw [redacted]", "plain"]
    assert kept["b"].tolist() == [1, 2, 3]
    assert "hunter2" not in (folder / "table-01.md").read_text()
    assert tables.findings().redacted == 1
    pd.testing.assert_frame_equal(frame, before)


def test_secrets_of_the_source_in_cells_of_polars(folder: Path) -> None:
    tables = Tables(folder.parent, Limits(), KnownSecrets('password = "hunter2secret99"'))
    tables.shown(Shown({}, pl.DataFrame({"a": ["pw hunter2secret99", None], "b": [1, 2]})))
    kept = pl.read_parquet(folder / "table-01.parquet")
    assert kept.to_dict(as_series=False) == {"a": ["pw [redacted]", None], "b": [1, 2]}
    assert "hunter2" not in (folder / "table-01.md").read_text()
