"""What several processes say about a model is merged without one undoing another."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from amlflow_jupyter.tracking.mlflow2 import identity
from amlflow_jupyter.tracking.mlflow2.documents import (
    MetricRow,
    changed,
    document,
    folder_of,
    merged,
    newest,
    with_metrics,
)

FIRST = {"u": 10, "c": 10, "n": "model", "s": 1, "t": {"a": "1"}, "p": {"lr": "0.1"}}


def test_the_newest_word_counts():
    later = {"u": 20, "s": 2, "t": {"a": "2", "b": "3"}}
    for entries in itertools.permutations([FIRST, later, {"u": 5, "s": 3, "t": {"a": "0"}}]):
        found = document(merged(entries))
        assert found is not None
        assert (found.name, found.folder, found.status) == ("model", "model", 2)
        assert (found.created, found.updated) == (10, 20)
        assert found.tags == {"a": "2", "b": "3"}
        assert found.params == {"lr": "0.1"}


def test_a_tag_that_was_taken_away_is_gone():
    found = document(merged([FIRST, {"u": 20, "t": {"a": None}}]))
    assert found is not None
    assert found.tags == {}


def test_a_change_says_nothing_again_that_another_said_later():
    """One process trains, the other registers; then the first goes on."""
    other = {"u": 20, "t": {"a": "theirs", "version": "1"}}
    everything = merged([FIRST, other])
    mine = changed(FIRST, everything, {"s": 2}, now=15)
    assert mine["u"] == 21  # its clock was behind
    assert "a" not in mine.get("t", {})
    found = document(merged([mine, other]))
    assert found is not None
    assert found.status == 2
    assert found.tags == {"a": "theirs", "version": "1"}


def test_metrics_keep_the_value_at_the_highest_step():
    rows = [
        MetricRow("loss", 0.5, 100, 1),
        MetricRow("loss", 0.4, 90, 2),
        MetricRow("loss", 0.9, 200, 0),
        MetricRow("loss", 0.1, 100, 1, "validation", "d1"),
        MetricRow("loss", 0.2, 100, 1, None, None, "another-run"),
    ]
    for order in itertools.permutations(rows):
        kept = {row.series: row.value for row in newest(order)}
        assert sorted(map(str, kept.values())) == ["0.1", "0.2", "0.4"]


def test_metrics_alone_change_no_time():
    entry = with_metrics(None, [MetricRow("loss", 0.5, 100, 1)])
    found = document(merged([FIRST, entry]))
    assert found is not None
    assert found.updated == 10
    assert found.metrics == (MetricRow("loss", 0.5, 100, 1),)
    assert entry["m"] == [["loss", 0.5, 100, 1]]


def test_a_beginning_that_is_not_known():
    assert document(merged([{"u": 20, "s": 2}])) is None
    assert document(merged([])) is None


def test_ids_hold_their_run():
    for run_id in ("0" * 32, "76e6151d-3742-4238-be3a-8b108afcf191", "frosty_apple_1", "HD_1-2_0"):
        made = identity.new(run_id)
        assert identity.parse(str(made)) == made
        assert made.run_id == run_id
    for other in ("m-" + "0" * 32, "", None, "model", "m-x-12345", "m--12345678"):
        assert identity.parse(other) is None


def _sum(entries: list[dict[str, Any]]) -> Any:
    return document(merged(entries))


def test_merging_what_is_merged_changes_nothing():
    entries = [FIRST, {"u": 20, "s": 2, "t": {"a": None}, "m": [["loss", "nan", 1, 0]]}]
    once = merged(entries)
    assert _sum(entries) == _sum([once]) == _sum([once, *entries])


@pytest.mark.parametrize(
    "folder", ["../../other/artifacts/model", "/etc", "a/b", "..", "", "c:\\x"]
)
def test_a_tag_leads_to_no_folder_of_another_run(folder: str):
    """Whoever may write a tag of a run must not choose what others load."""
    assert document({**FIRST, "f": folder}) is None or not folder
    assert document({**FIRST, "n": folder}) is None


def test_folders_of_names():
    for name in ("model", "my model", "modèle_2", "a-b"):
        assert folder_of(name) == name
    assert folder_of("what? #1") == "what-1"
    assert folder_of("???") == "model"
