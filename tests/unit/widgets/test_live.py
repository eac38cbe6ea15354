"""The live view in a real kernel, judged by the messages that a front end would get."""

import subprocess
import sys
from queue import Empty

import pytest
from jupyter_client.manager import start_new_kernel

WIDGET = "application/vnd.jupyter.widget-view+json"

PRELUDE = """
import logging, time
from pathlib import Path
from amlflow_jupyter.tracking.history import MetricHistory
from amlflow_jupyter.widgets import front_end
from amlflow_jupyter.widgets.live import LiveView
from amlflow_jupyter.widgets.run_state import RunState

def state(status="RUNNING"):
    return RunState("otter", status, 0.0, None if status == "RUNNING" else 5.0, "id", "exp", "here")

def log(value):
    history.append("loss", history.version(), time.time(), value)

history, status = MetricHistory(), "RUNNING"
view = LiveView(history, lambda: state(status), interval=0.02)
"""


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


class Cell:
    """Runs code and collects what the cell sent, until it is idle."""

    def __init__(self, client, code):
        self._client = client
        self.sent = []
        parent = client.execute(PRELUDE + code)
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != parent:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
            self.sent.append((message["msg_type"], message["content"], message["buffers"]))

    def contents(self, kind):
        return [content for sent, content, _ in self.sent if sent == kind]

    def updates(self):
        """Return the widget's messages that carry points."""
        return [
            (content["data"], buffers)
            for kind, content, buffers in self.sent
            if kind == "comm_msg" and buffers
        ]


# The busy cell goes on until the drawing thread has sent what was logged, or gives up.
WAIT_FOR_FRAMES = """
sent, send = [], view._surface._widget.comm.send
view._surface._widget.comm.send = lambda *a, **k: (sent.append(a), send(*a, **k))
deadline = time.time() + 30
while len(sent) < 6 and time.time() < deadline:
    log(0.5)
    time.sleep(0.03)
"""


def test_points_are_sent_while_the_cell_runs_and_the_result_replaces_the_widget(client):
    cell = Cell(client, f"view.show()\n{WAIT_FOR_FRAMES}\nstatus = 'FINISHED'; view.finish()")
    assert not cell.contents("error")
    (shown,) = cell.contents("display_data")
    assert {WIDGET, "text/html", "text/plain"} <= set(shown["data"])
    methods = [data["method"] for data, _ in cell.updates()]
    assert "custom" in methods
    assert "update" in methods
    (result,) = cell.contents("update_display_data")
    assert result["transient"] == shown["transient"]
    assert set(result["data"]) == {"text/html", "text/plain"}
    assert "Finished" in result["data"]["text/plain"]
    assert "data:image/svg+xml" in result["data"]["text/html"]


def test_a_failing_cell_ends_with_a_result_too(client):
    cell = Cell(
        client,
        "view.show()\nlog(1.0)\ntry:\n    1 / 0\nfinally:\n    status = 'FAILED'; view.finish()",
    )
    assert [error["ename"] for error in cell.contents("error")] == ["ZeroDivisionError"]
    assert "Failed" in cell.contents("update_display_data")[-1]["data"]["text/plain"]


def test_only_the_last_widget_stays_open(client):
    cell = Cell(
        client,
        "for _ in range(3):\n"
        "    view = LiveView(history, state); view.show(); view.finish(); view.finish()",
    )
    opened = [
        content["comm_id"]
        for content in cell.contents("comm_open")
        if "_esm" in content["data"]["state"]
    ]
    closed = {content["comm_id"] for content in cell.contents("comm_close")}
    assert [comm in closed for comm in opened] == [True, True, False]
    assert len(cell.contents("update_display_data")) == 3


def test_the_state_that_a_new_page_asks_for_is_complete(client):
    cell = Cell(
        client,
        "log(1.0); log(0.25); view.show(); log(0.125)\n"
        "widget = view._surface._widget; widget.refresh()\n"
        "asked = widget.get_state()\n"
        "print(asked['head']['charts'][0]['points'], len(asked['points']), asked['run']['word'])\n"
        "view.finish()",
    )
    assert cell.contents("stream")[-1]["text"].split() == ["3", "48", "Running"]


def test_without_a_built_front_end_the_static_result_is_shown_and_replaced(client):
    cell = Cell(
        client,
        "script, front_end.SCRIPT = front_end.SCRIPT, Path('nowhere')\n"
        "view.show(); log(1.0); log(2.0)\n"
        "view._surface.refresh(); [view._surface.refresh() for _ in range(4)]\n"
        "status = 'FINISHED'; view.finish()\n"
        "front_end.SCRIPT = script",
    )
    (shown,) = cell.contents("display_data")
    assert WIDGET not in shown["data"]
    updates = cell.contents("update_display_data")
    assert len(updates) >= 2
    assert "Finished" in updates[-1]["data"]["text/plain"]
    assert not cell.contents("comm_open")


def test_a_broken_source_breaks_neither_the_cell_nor_the_result(client):
    cell = Cell(
        client,
        "class Broken:\n"
        "    broken = True\n"
        "    def version(self): return history.version()\n"
        "    def names(self):\n"
        "        if self.broken: raise RuntimeError('no names')\n"
        "        return history.names()\n"
        "    def series(self, name): return history.series(name)\n"
        "source = Broken(); log(1.0)\n"
        "view = LiveView(source, state); view.show(); source.broken = False; view.finish()\n"
        "print('went on')",
    )
    assert not cell.contents("error")
    told = "".join(stream["text"] for stream in cell.contents("stream"))
    assert "could not be shown: RuntimeError: no names" in told
    assert "went on" in told
    assert "loss" in cell.contents("display_data")[-1]["data"]["text/plain"]


def test_nothing_is_sent_when_nothing_was_logged(client):
    cell = Cell(
        client,
        "log(1.0); view.show(); time.sleep(0.2)\n"
        "widget = view._surface._widget; count = []\n"
        "widget.comm.send = lambda *a, **k: count.append(a)\n"
        "[widget.refresh() for _ in range(5)]\n"
        "print(len(count)); view.finish()",
    )
    assert cell.contents("stream")[-1]["text"].strip() == "0"
    with pytest.raises(Empty):
        client.get_iopub_msg(timeout=0.1)


def test_a_terminal_gets_one_line():
    code = PRELUDE + "view.show(); log(0.5); status = 'FINISHED'; view.finish()"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "✓ Finished otter in 5.0 s | loss=0.5 | exp · here\n"
