"""Runs stand beneath the run that they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from amlflow_jupyter.resources.families import in_families


@dataclass(frozen=True)
class Run:
    run_id: str
    parent: str | None = None


def ordered(*runs: Run) -> list[tuple[int, str]]:
    return [(depth, run.run_id) for depth, run in in_families(runs)]  # type: ignore[arg-type]


def test_children_follow_their_parent_in_their_order():
    runs = Run("late", "first"), Run("second"), Run("early", "first"), Run("first")
    assert ordered(*runs) == [(0, "second"), (0, "first"), (1, "late"), (1, "early")]


def test_grandchildren_lie_deeper():
    assert ordered(Run("c", "b"), Run("b", "a"), Run("a")) == [(0, "a"), (1, "b"), (2, "c")]


def test_a_run_whose_parent_is_not_listed_stays_where_it_is():
    assert ordered(Run("a"), Run("orphan", "gone"), Run("b")) == [(0, "a"), (0, "orphan"), (0, "b")]


@pytest.mark.parametrize(
    "runs",
    [
        (Run("a", "a"),),
        (Run("a", "b"), Run("b", "a")),
        (Run("a", "b"), Run("b", "a"), Run("c", "a")),
    ],
)
def test_runs_that_are_their_own_ancestors_are_listed_once(runs: tuple[Run, ...]):
    assert sorted(ordered(*runs)) == sorted((0, run.run_id) for run in runs)
