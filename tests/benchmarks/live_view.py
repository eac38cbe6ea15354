"""The live view beside one plotly FigureWidget: what is sent, and what a browser makes of it.

``.venv/bin/python tests/benchmarks/live_view.py``
"""

from __future__ import annotations

import base64
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
from chromium import ARGUMENTS, find

from amlflow_jupyter.tracking.history import MetricHistory
from amlflow_jupyter.widgets.detail import Request, part
from amlflow_jupyter.widgets.feed import Change, Feed, Frame
from amlflow_jupyter.widgets.front_end import SCRIPT, STYLE
from amlflow_jupyter.widgets.header import header_model
from amlflow_jupyter.widgets.run_state import RunState

CHARTS, POINTS, ADDED, TIMES = 8, 2000, 5, 9
STATE = RunState("run", "RUNNING", time.time(), None, "id", "experiment", "here")
ORIGIN = "http://benchmark.invalid"
HTML = '<!doctype html><link rel="stylesheet" href="/style.css"><body></body>'
HOST = Path(__file__).with_name("anywidget_host.js")


class Numbers:
    """What is logged: the same for both."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)
        self.values = {f"metric {k}": self._walk(POINTS) for k in range(CHARTS)}

    def more(self) -> dict[str, Any]:
        return {name: self._walk(ADDED) for name in self.values}

    def _walk(self, count: int) -> Any:
        return self._random.normal(size=count).cumsum()


def main() -> None:
    one_million()
    numbers = Numbers()
    updates = [numbers.more() for _ in range(TIMES)]
    with pages() as open_page:
        ours = measure(open_page(SCRIPT), *ours_sent(numbers, updates))
        peer = measure(open_page(plotly_script()), *plotly_sent(numbers, updates))
    for what, target in (
        ("code, kB", ""),
        ("first message, kB", "at most 131 kB"),
        ("update message, B", "at most 2,000 B"),
        ("first render, ms", "at most 500 ms"),
        ("update, ms", "at most 30 ms"),
    ):
        ratio = peer[what] / ours[what]
        print(f"{what:20}{ours[what]:10,.1f}{peer[what]:12,.1f}  ratio {ratio:7.1f}  {target}")
    print(f"({CHARTS} charts of {POINTS:,} points, {ADDED} more each; ours, plotly's FigureWidget)")


def one_million() -> None:
    history = MetricHistory()
    rng = np.random.default_rng(0)
    steps = range(1_000_000)
    history.prepend("loss", zip(steps, steps, rng.normal(size=1_000_000), strict=True))
    fresh = statistics.median(timed(lambda: Feed(history).refresh()) for _ in range(TIMES))
    request = Request(("loss",), "place", 250_000, 750_000)
    zoom = statistics.median(timed(lambda: part(history, request)) for _ in range(TIMES))
    print(f"1 M points to a chart {1000 * fresh:8.2f} ms  (target: at most 1 ms)")
    print(f"zoomed into half of it{1000 * zoom:8.2f} ms")


def timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def ours_sent(numbers: Numbers, updates: list[dict[str, Any]]) -> tuple[Any, list[Any]]:
    """Return the state that a browser gets, and the messages after it."""
    history = MetricHistory()
    counted: dict[str, int] = {}

    def log(values: dict[str, Any]) -> None:
        for name, more in values.items():
            for value in more:
                step = counted[name] = counted.get(name, -1) + 1
                history.append(name, step, 1.7e9 + step, float(value))

    log(numbers.values)
    feed = Feed(history)
    frame = feed.refresh()
    assert isinstance(frame, Frame)
    state = {"run": header_model(STATE), "head": frame.head, "points": frame.points}
    messages = []
    for more in updates:
        log(more)
        change = feed.refresh()
        assert isinstance(change, Change), "the room is used up: a frame, not a change"
        messages.append({"custom": change.content, "buffer": change.points})
    return state, messages


def plotly_script() -> Path:
    import plotly

    return Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"


def plotly_sent(numbers: Numbers, updates: list[dict[str, Any]]) -> tuple[Any, list[Any]]:
    """Return the same for one FigureWidget with a subplot for each metric."""
    import plotly.graph_objects as go
    from plotly.serializers import _py_to_js
    from plotly.subplots import make_subplots

    subplots = make_subplots(rows=2, cols=CHARTS // 2)
    for k, values in enumerate(numbers.values.values()):
        curve = go.Scatter(x=np.arange(POINTS, dtype=float), y=values)
        subplots.add_trace(curve, row=k // 4 + 1, col=k % 4 + 1)
    figure = go.FigureWidget(subplots)
    wanted = ("_widget_data", "_widget_layout", "_config")
    state = {name: _py_to_js(getattr(figure, name), None) for name in wanted}
    told: list[Any] = []
    figure.observe(lambda change: told.append(change["new"]), "_py2js_update")
    for more in updates:
        with figure.batch_update():
            for trace, values in zip(figure.data, more.values(), strict=True):
                trace.y = np.concatenate((trace.y, values))
                trace.x = np.arange(len(trace.y), dtype=float)
    sent = [_py_to_js(one, None) for one in told if one]
    return state, [{"change": "_py2js_update", "value": one} for one in sent]


def measure(page: Page, state: Any, messages: list[Any]) -> dict[str, float]:
    code = page.evaluate("() => fetch('/widget.js').then(r => r.text()).then(t => t.length)")
    first = page.evaluate("state => window.show(state)", packed(state))
    page.wait_for_timeout(1000)
    rest = [page.evaluate("message => window.update(message)", packed(one)) for one in messages]
    return {
        "code, kB": code / 1000,
        "first message, kB": size(state) / 1000,
        "update message, B": statistics.median(map(size, messages)),
        "first render, ms": first,
        "update, ms": statistics.median(rest),
    }


@contextmanager
def pages() -> Iterator[Callable[[Path], Page]]:
    """Yield what opens a page that hosts a widget, without a network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)

        def open_page(script: Path) -> Page:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            files = {"/widget.js": script, "/host.js": HOST, "/style.css": STYLE}

            def serve(route: Route) -> None:
                file = files.get(route.request.url.removeprefix(ORIGIN))
                if file is None:
                    route.fulfill(body=HTML, content_type="text/html")
                else:
                    route.fulfill(path=file)

            page.route(f"{ORIGIN}/**", serve)
            page.goto(ORIGIN)
            page.add_script_tag(url="/host.js", type="module")
            page.wait_for_function("() => Boolean(window.update)")
            return page

        yield open_page
        browser.close()


def packed(value: Any) -> Any:
    """Return ``value`` as JSON can have it, its buffers in base64."""
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: packed(one) for key, one in value.items()}
    return [packed(one) for one in value] if isinstance(value, (list, tuple)) else value


def size(value: Any) -> float:
    """Return the bytes of a message: its JSON, and its buffers as they are."""
    buffers: list[int] = []

    def weighed(one: Any) -> Any:
        buffers.append(memoryview(one).nbytes)

    return float(len(json.dumps(value, default=weighed)) + sum(buffers))


if __name__ == "__main__":
    main()
