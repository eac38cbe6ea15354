"""What a live view asks its kernel."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from amlflow_jupyter.widgets.controls import Controls, answer_beside_cells
from amlflow_jupyter.widgets.feed import Feed

BUSY = """
import threading, time
from amlflow_jupyter.widgets.controls import interrupt
threading.Timer(0.2, interrupt).start()
try:
    {wait}
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.fixture
def controls(trained, state):
    return Controls(Feed(trained), lambda: state)


def test_a_part_is_answered_with_its_points(controls):
    content, points = controls.answer({"ask": "part", "id": 7, "names": ["loss"]})
    assert content["answer"] == 7
    assert content["charts"][0]["drawn"] == 100
    assert len(points) == 1600


def test_a_run_that_has_ended_is_not_stopped(controls):
    assert controls.answer({"ask": "stop", "id": 1}) == ({"stopped": False, "answer": 1}, b"")


@pytest.mark.parametrize("asked", [None, [], "stop", {}, {"ask": "stop"}, {"id": "1"}])
def test_what_is_no_question_gets_no_answer(controls, asked):
    assert controls.answer(asked) is None


@pytest.mark.parametrize(
    "asked",
    [
        {"id": 1},
        {"id": 1, "ask": "open"},
        {"id": 1, "ask": "part", "names": 5},
        {"id": 1, "ask": "part", "names": ["loss"], "low": "x", "high": {}},
    ],
)
def test_what_cannot_be_answered_says_so(controls, asked):
    assert controls.answer(asked) == ({"failed": True, "answer": 1}, b"")


@pytest.mark.parametrize("wait", ["time.sleep(60)", "while time.time(): pass"])
def test_another_thread_interrupts_the_main_one(wait):
    code = BUSY.format(wait=wait)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert done.stdout == "interrupted\n", done.stderr


def test_messages_go_where_they_were_sent():
    comm = SimpleNamespace(_reply_subshell_for=lambda *_: "the cell's loop")
    answer_beside_cells(comm)
    assert comm._reply_subshell_for({}, "beside") == "beside"
    answer_beside_cells(object())
