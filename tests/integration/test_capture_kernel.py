"""Capturing in a real kernel: everything is recorded, and shown exactly as without it."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kernel import Kernel, Ran, kernel, plain

# Captures the next cell after `_next = True`, with nothing but IPython's own events.
SETUP = """
import json, pathlib, shutil, warnings
from amlflow_jupyter.capture import Capture, Limits, Parts, find
_next, _open = False, []  # cells can run cells: %%capture does

def _begin(info, shell=get_ipython()):
    global _next
    _open.append(None)
    if _next:
        _next = False
        shutil.rmtree("captured", ignore_errors=True)
        _open[-1] = Capture(pathlib.Path("captured"), shell, Parts(), Limits())
        _open[-1].start(info.raw_cell, find(shell))

def _end(result):
    capture = _open.pop() if _open else None
    if capture is not None:
        done = capture.stop(result.error_before_exec or result.error_in_exec)
        found = {"notes": done.notes, "tags": done.tags}
        pathlib.Path("captured.json").write_text(json.dumps(found))

get_ipython().events.register("pre_run_cell", _begin)
get_ipython().events.register("post_run_cell", _end)
warnings.simplefilter("always")
"""
# What a subprocess writes reaches the front end when ipykernel's thread gets to it.
SETTLE = "\nimport time; time.sleep(0.3)"


@dataclass
class Recorded:
    """What was captured of one cell."""

    ran: Ran
    folder: Path
    notes: list[str]

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def files(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).glob("*"))


@pytest.fixture(scope="module")
def capturing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    # ipykernel leaves file descriptors alone where it believes to be under test.
    test = os.environ.pop("PYTEST_CURRENT_TEST")
    with kernel(tmp_path_factory.mktemp("capturing")) as started:
        os.environ["PYTEST_CURRENT_TEST"] = test
        assert started.run(SETUP).ok
        yield started


def record(kernel: Kernel, body: str) -> Recorded:
    """Run a cell with and without capturing, and see that both show the same."""
    without = kernel.run(body)
    kernel.run("_next = True")
    ran = kernel.run(body)
    assert shown(ran) == shown(without)
    assert ran.reply["status"] == without.reply["status"]
    found = json.loads((kernel.folder / "captured.json").read_text())
    return Recorded(ran, kernel.folder / "captured", found["notes"])


def shown(ran: Ran) -> dict[str, Any]:
    """What is seen of a cell; numbers that differ from run to run are left out."""
    rich = [
        (output["type"], _steady(json.dumps(output["data"], sort_keys=True)))
        for output in ran.outputs
        if "data" in output
    ]
    # tqdm draws as often as time allows
    streams = [_steady(re.sub(r"\r[^\r\n]*(?=\r)", "", text)) for text in (ran.stdout, ran.stderr)]
    return {"rich": rich, "streams": streams, "error": _steady(ran.error)}


def _steady(text: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "uuid", text)
    text = re.sub(r"0x[0-9a-f]+|In ?\[\d+\]|ipykernel_\d+/\d+\.py|[\d.,?]+ ?it/s", "#", text)
    return re.sub(r"\d\d:\d\d<\d\d:\d\d", "time", text)


STDOUT = {
    "print": ("print('a')\nprint('b', end='')", "a\nb\n"),
    "thread": (
        (
            "import threading\nt = threading.Thread(target=print, args=('thread',))\n"
            "t.start(); t.join()"
        ),
        "thread\n",
    ),
    "!": ("!echo from shell", "from shell\n"),
    "os.system": ("import os\nos.system('echo system') and None" + SETTLE, "system\n"),
    "subprocess": (
        "import subprocess\nsubprocess.run(['echo', 'child']) and None" + SETTLE,
        "child\n",
    ),
    "file descriptor": ("import os\nos.write(1, b'direct\\n') and None" + SETTLE, "direct\n"),
    "%%bash": ("%%bash\necho from bash", "from bash\n"),
    "colours": ("print('\\x1b[31mred\\x1b[0m')", "red\n"),
    "%%capture": ("%%capture out\nprint('hidden')", None),
    "redirect_stdout": (
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('x')",
        None,
    ),
    "a display's text": ("display('a value')", None),
    "fork": (
        "import multiprocessing\np = multiprocessing.get_context('fork').Process("
        "target=print, args=('from a child',))\np.start(); p.join()" + SETTLE,
        "from a child\n",
    ),
    "await": ("import asyncio\nprint('a')\nawait asyncio.sleep(0)\nprint('b')", "a\nb\n"),
}


@pytest.mark.parametrize(("body", "expected"), STDOUT.values(), ids=STDOUT)
def test_stdout(capturing: Kernel, body: str, expected: str | None):
    recorded = record(capturing, body)
    if expected is None:
        assert "stdout.txt" not in recorded.files("amlflow")
    else:
        assert recorded.text("amlflow/stdout.txt") == expected


STDERR = {
    "stderr": ("import sys\nprint('a', file=sys.stderr)", "a\n"),
    "logging": ("import logging\nlogging.warning('careful')", "WARNING:root:careful\n"),
    "handler made earlier": (
        "import logging\nlogging.getLogger('x').error('again')",
        "ERROR:x:again\n",
    ),
    "warning": ("import warnings\nwarnings.warn('mind', stacklevel=1)", "UserWarning: mind"),
}


@pytest.mark.parametrize(("body", "expected"), STDERR.values(), ids=STDERR)
def test_stderr(capturing: Kernel, body: str, expected: str):
    assert expected in record(capturing, body).text("amlflow/stderr.txt")


def test_a_progress_bar_is_one_line(capturing: Kernel):
    body = "from tqdm import tqdm\nfor _ in tqdm(range(500), mininterval=0):\n    pass"
    text = record(capturing, body).text("amlflow/stderr.txt")
    assert text.count("\n") == 1
    assert "500/500" in text


def test_what_was_printed_before_and_after_is_not_captured(capturing: Kernel):
    capturing.run("print('before', end='')\nimport os; os.system('echo before')")
    recorded = record(capturing, "print('within')")
    capturing.run("print('after')")
    assert recorded.text("amlflow/stdout.txt") == "within\n"


def test_secrets_are_redacted_from_what_is_kept_not_from_what_is_shown(capturing: Kernel):
    recorded = record(capturing, "password = 'hunter22'\nprint(f'{password=}')")
    assert "hunter22" in recorded.ran.stdout
    assert recorded.text("amlflow/stdout.txt") == "password='[redacted]'\n"
    assert "password = '[redacted]'" in recorded.text("amlflow/cell.py")
    assert recorded.notes[0] == "2 secrets were redacted"


def test_a_secret_of_the_source_is_hidden_in_all_that_is_kept(capturing: Kernel):
    recorded = record(
        capturing,
        "import logging, pandas\npassword = 'hunter2secret99'\nprint('pw is', password)\n"
        "logging.getLogger().warning('with %s', password)\n"
        "display(pandas.DataFrame({'a': [password]}))\nraise ValueError('bad ' + password)",
    )
    assert "hunter2secret99" in recorded.ran.stdout
    assert recorded.text("amlflow/stdout.txt") == "pw is [redacted]\n"
    assert "with [redacted]" in recorded.text("amlflow/stderr.txt")
    assert "ValueError: bad [redacted]" in recorded.text("amlflow/traceback.txt")
    assert "| 0 | [redacted] |" in recorded.text("tables/table-01.md")
    for path in recorded.folder.rglob("*"):
        assert path.is_dir() or b"hunter2secret99" not in path.read_bytes(), path


def test_a_word_of_tutorials_is_no_secret_in_output(capturing: Kernel):
    recorded = record(capturing, "password = 'secret'\nprint('the secret of', password)")
    assert recorded.text("amlflow/stdout.txt") == "the secret of secret\n"
    assert recorded.notes[0] == "1 secret was redacted"


FIGURES = {
    "plt.show()": ("plt.plot([1, 2])\nplt.show()", ["figure-01.png"]),
    "without show": ("plt.plot([1, 2]);", ["figure-01.png"]),
    "last value": ("fig, ax = plt.subplots()\nax.plot([3, 1])\nfig", ["figure-01.png"]),
    "last value, closed": (
        "fig, ax = plt.subplots()\nax.plot([3, 1])\nplt.close(fig)\nfig",
        ["figure-01.png"],
    ),
    "display": (
        "fig, ax = plt.subplots()\nplt.close(fig)\ndisplay(fig)",
        ["figure-01.png"],
    ),
    "two": ("plt.plot([1])\nplt.show()\nplt.plot([2, 1])\nplt.show()", None),
    "update": (
        (
            "fig, ax = plt.subplots()\nplt.close(fig)\nh = display(fig, display_id='one')\n"
            "ax.plot([5, 1])\nh.update(fig)"
        ),
        ["figure-01.png"],
    ),
    "drawn again": (
        (
            "from IPython.display import clear_output\nfor i in range(3):\n    plt.plot([i, 1])\n"
            "    clear_output(wait=True)\n    plt.show()"
        ),
        ["figure-01.png"],
    ),
    "image": (
        (
            "from IPython.display import Image\nimport io\nf = io.BytesIO()\nplt.imsave(f, [[1]])\n"
            "Image(f.getvalue())"
        ),
        ["figure-01.png"],
    ),
    "svg": (
        "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
        ["figure-01.svg"],
    ),
    "hidden by ;": ("fig = plt.figure()\nplt.close(fig)\nfig;", []),
    "thread": (
        (
            "import threading\nfig, ax = plt.subplots()\nplt.close(fig)\n"
            "t = threading.Thread(target=display, args=(fig,))\nt.start(); t.join()"
        ),
        ["figure-01.png"],
    ),
    "await": ("import asyncio\nawait asyncio.sleep(0)\nplt.plot([1, 2]);", ["figure-01.png"]),
}


@pytest.fixture(scope="module")
def plotting(capturing: Kernel) -> Kernel:
    ready = capturing.run(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport pandas as pd\n"
        "import plotly.graph_objects as go"
    )
    assert ready.ok, ready.text()
    return capturing


@pytest.mark.parametrize(("body", "expected"), FIGURES.values(), ids=FIGURES)
def test_figures(plotting: Kernel, body: str, expected: list[str] | None):
    recorded = record(plotting, body)
    expected = ["figure-01.png", "figure-02.png"] if expected is None else expected
    assert recorded.files("figures") == expected
    images = [
        base64.b64decode(output["data"]["image/png"])
        for output in recorded.ran.outputs
        if "image/png" in output.get("data", {})
    ]
    if images:  # what is kept is what was shown last
        assert (recorded.folder / "figures" / expected[-1]).read_bytes() == images[-1]


def test_figures_hidden_by_capture_are_not_kept(plotting: Kernel):
    recorded = record(plotting, "%%capture\nplt.plot([1])\nplt.show()\ndisplay(pd.DataFrame())")
    assert recorded.files("figures") == recorded.files("tables") == []


def test_captured_figures_are_kept_once_they_are_shown(plotting: Kernel):
    recorded = record(
        plotting,
        "from IPython.utils.capture import capture_output\nwith capture_output() as out:\n"
        "    plt.plot([1])\n    plt.show()\n    print('text')\nout.show()",
    )
    assert recorded.files("figures") == ["figure-01.png"]
    assert recorded.text("amlflow/stdout.txt") == "text\n"


@pytest.mark.parametrize("how", ["fig.show()", "fig", "display(fig)"])
def test_plotly(plotting: Kernel, how: str):
    body = "fig = go.Figure(go.Scatter(y=[1, 3, 2]))\n" + how
    recorded = record(plotting, body)
    assert recorded.files("figures") == ["figure-01.json"]
    assert json.loads(recorded.text("figures/figure-01.json"))["data"][0]["y"] == [1, 3, 2]


TABLES = {
    "last value": "pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "display": "display(pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}))",
    "styled": "pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}).style.set_uuid('one')",
    "changed afterwards": (
        "df = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\ndisplay(df)\ndf.loc[:, 'a'] = 0"
    ),
    "update": (
        "h = display(pd.DataFrame({'z': [0]}), display_id=True)\n"
        "h.update(pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}))"
    ),
    "thread": (
        "import threading\nframe = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\n"
        "t = threading.Thread(target=display, args=(frame,))\nt.start(); t.join()"
    ),
}


@pytest.mark.parametrize("body", TABLES.values(), ids=TABLES)
def test_tables(plotting: Kernel, body: str):
    import pandas as pd

    recorded = record(plotting, body)
    assert recorded.files("tables") == ["table-01.md", "table-01.parquet"]
    kept = pd.read_parquet(recorded.folder / "tables" / "table-01.parquet")
    assert kept.to_dict("list") == {"a": [1, 2], "b": ["x", "y"]}
    assert "| 1 | 2 | y |" in recorded.text("tables/table-01.md")


@pytest.mark.parametrize("body", ["pd.Series([1, 2])", "x = pd.DataFrame({'a': [1]})", "'text'"])
def test_what_is_no_table(plotting: Kernel, body: str):
    assert record(plotting, body).files("tables") == []


def test_a_widget_is_no_figure(plotting: Kernel):
    recorded = record(
        plotting,
        "view = 'application/vnd.jupyter.widget-view+json'\n"
        "display({view: {}, 'image/png': 'iVBORw0KGgo=', 'text/plain': 'w'}, raw=True)",
    )
    assert recorded.files("figures") == []


def test_the_traceback_begins_at_the_users_code(capturing: Kernel):
    body = "def f(password='hunter22'):\n    raise ValueError('bad')\nf()"
    recorded = record(capturing, body)
    text = recorded.text("amlflow/traceback.txt")
    lines = text.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert re.fullmatch(r'  File "Cell In\[\d+\]", line 3, in <module>', lines[1])
    assert lines[2] == "    f()"
    assert lines[-1] == "ValueError: bad"
    assert plain(text) == text
    assert "IPython" not in text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
            "direct",
        ),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("x = = 1", "SyntaxError: invalid syntax"),
        ("raise ExceptionGroup('several', [ValueError('one')])", "ValueError: one"),
        ("await undefined_name", "NameError"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("%undefined_magic", "UsageError"),
    ],
)
def test_failures(capturing: Kernel, body: str, expected: str):
    text = record(capturing, body).text("amlflow/traceback.txt")
    assert expected in text
    assert "IPython" not in text.splitlines()[1]


def test_nothing_stays_hooked(plotting: Kernel):
    plotting.run("_next = True")
    plotting.run("print('x')\nraise ValueError")
    # IPython wraps `write` in the same way, while a cell runs: only what is ours is looked for.
    ran = plotting.run(
        "import sys\nip = get_ipython()\n"
        "[v.__qualname__ for o in (sys.stdout, sys.stderr, ip.display_pub, ip.display_formatter, "
        "ip.displayhook) for v in vars(o).values() if 'Patch' in getattr(v, '__qualname__', '')]"
    )
    assert ran.outputs[-1]["data"]["text/plain"] == "[]"


def test_what_surrounds_the_cell(capturing: Kernel):
    recorded = record(capturing, "1 + 1")
    environment = json.loads(recorded.text("amlflow/environment.json"))
    assert environment["cpus"] >= 1
    assert "\nipykernel==" in recorded.text("amlflow/requirements.txt")
    assert recorded.text("amlflow/cell.py") == "1 + 1\n"
    assert oct((recorded.folder / "amlflow").stat().st_mode)[-3:] == "700"


def test_it_starts_quickly(plotting: Kernel, record_property):
    """No bound: the figures are for reading. The cell must merely not be touched."""
    ran = plotting.run(
        "import time\nc = Capture(pathlib.Path('timed'), get_ipython(), Parts(), Limits())\n"
        "t = time.perf_counter(); c.start('x', None); t1 = time.perf_counter()\n"
        "c.stop(None); t2 = time.perf_counter()\nprint(t1 - t, t2 - t1)"
    )
    assert ran.ok
    record_property("start and stop, seconds", ran.stdout)


def test_a_notebook_that_is_run_by_another_is_the_source(capturing: Kernel):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "print(find(get_ipython()).path.name)"
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    (capturing.folder / "other.ipynb").write_text(json.dumps(notebook))
    assert record(capturing, "%run other.ipynb").text("amlflow/stdout.txt") == "other.ipynb\n"
