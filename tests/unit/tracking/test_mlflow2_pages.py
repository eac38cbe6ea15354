"""A page fits into one tag, or its content moves; pages of the past are folded into one."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from amlflow_jupyter.tracking.mlflow2.history import newest_that_fit
from amlflow_jupyter.tracking.mlflow2.page import ROOM, Page, read_page
from amlflow_jupyter.tracking.mlflow2.said import Said
from amlflow_jupyter.tracking.mlflow2.trace_states import merge


def entry(i: int, **fields: Any) -> dict[str, Any]:
    return {"u": 1795553562130 + i, "c": 1795553562130, "n": f"model-{i}", "s": 2, **fields}


def page(count: int) -> Page:
    return Page(entries={secrets.token_hex(4): entry(i) for i in range(count)}, written=1)


@pytest.mark.parametrize("count", [0, 1, 5, 15])
def test_what_a_tag_holds_is_read_again(count: int):
    whole = page(count)
    tag = whole.tag()
    assert tag is not None
    assert len(tag) <= ROOM
    assert read_page(tag) == whole
    assert read_page(whole.text()) == whole
    assert (count < 10) is tag.startswith("{")


def test_what_has_no_room_moves():
    whole = page(200)
    assert whole.tag() is None
    left = whole.moved_to("abc123-0")
    assert left.segments == ("abc123-0",)
    assert left.entries == {}
    assert read_page(left.tag() or "") == left


@pytest.mark.parametrize("text", ["", "x", "{", "[]", "1", '"a"', "z!", "zAAAA", '{"e":1}', "null"])
def test_a_tag_that_is_no_page(text: str):
    assert read_page(text) is None


def test_an_entry_that_makes_no_sense_hides_no_other():
    pages = {"a": Page({"1": entry(1), "2": {"u": "x"}, "3": {"u": 1, "c": 1, "n": "m", "t": 1}})}
    assert [kept.name for kept in Said("me", pages).documents().values()] == ["model-1"]


def test_pages_of_the_past_are_folded():
    old = {
        f"old-{i}": Page(
            {"1": {"u": 100 + i, "t": {f"tag-{i}": "x", "last": str(i)}}},
            inputs=(f"m-{i}",),
            segments=(f"old-{i}-0",),
            written=50,
        )
        for i in range(7)
    }
    young = Page({"1": {"u": 500, "t": {"last": "young"}}}, written=5000)
    mine = Page({"1": entry(0, u=10)}, written=4000)
    said = Said("me", {**old, "young": young, "me": mine})
    folded, names = said.folded(most=6, before=1000)
    assert set(names) == set(old)
    after = Said("me", {"me": folded, "young": young})
    assert after.document("1") == said.document("1")
    assert folded.segments == tuple(f"old-{i}-0" for i in range(7))
    assert set(after.inputs) == {f"m-{i}" for i in range(7)}


def test_few_pages_stay():
    said = Said("me", {name: Page({"1": entry(1)}, written=1) for name in "abcde"})
    assert said.folded(most=6, before=1000) == (Page(), ())


def logged(i: int) -> dict[str, Any]:
    flavors = {"python_function": {"env": "x" * 300}, "sklearn": {"version": "1.9"}}
    return {"run_id": "0" * 32, "artifact_path": f"model-{i}", "flavors": flavors}


def test_the_newest_models_stay_on_the_list():
    kept = newest_that_fit([logged(i) for i in range(20)])
    assert [model["artifact_path"] for model in kept] == [
        f"model-{i}" for i in range(20 - len(kept), 20)
    ]
    assert 3 <= len(kept) < 10
    assert kept[-1] == logged(19)
    assert kept[0]["flavors"] == {"python_function": {}, "sklearn": {}}


def test_a_model_that_is_too_long_alone():
    large = {**logged(1), "flavors": {"pytorch": {"code": "x" * 2000}}}
    assert newest_that_fit([large]) == [{**large, "flavors": {"pytorch": {}}}]
    assert newest_that_fit([{"artifact_path": "x" * 2000}]) == []


def test_states_of_a_trace():
    states = [
        {"info": {"trace_id": "tr-1"}},
        {"tags": {"a": "1", "b": "2"}, "assessments": {"x": {"name": "good"}}},
        {"tags": {"a": None}, "run": "r"},
        {"assessments": {"x": None, "y": {}}, "deleted": True},
    ]
    assert merge(states) == {
        "info": {"trace_id": "tr-1"},
        "tags": {"a": None, "b": "2"},
        "assessments": {"x": None, "y": {}},
        "run": "r",
        "deleted": True,
    }
