"""The protocol between kernel and browser, with a browser written in a few lines."""

import json

import numpy as np
import pytest

from amlflow_jupyter.widgets.feed import FRAME_BYTES, Change, Feed, Frame


class Browser:
    """Does what the protocol says, and nothing else."""

    def __init__(self, frame):
        self.take_frame(frame)

    def take_frame(self, frame):
        self.seq = frame.head["seq"]
        self.began = frame.head["began"]
        self.charts = json.loads(json.dumps(frame.head["charts"]))
        buffer = frame.points
        for chart in self.charts:
            chart["columns"], buffer = read(buffer, chart["drawn"])
        assert not buffer

    def take(self, update):
        if isinstance(update, Frame):
            self.take_frame(update)
            return
        assert update.content["seq"] == self.seq + 1
        self.seq += 1
        buffer = update.points
        for index, kept, added, points, last, axis, *offsets in json.loads(
            json.dumps(update.content)
        )["charts"]:
            chart = self.charts[index]
            chart |= {"points": points, "last": last, "axis": axis}
            if offsets:
                chart["offsets"] = offsets[0]
            assert kept == 0 or not offsets
            fresh, buffer = read(buffer, added)
            chart["columns"] = [
                np.concatenate((old[:kept], new))
                for old, new in zip(chart["columns"], fresh, strict=True)
            ]
        assert not buffer

    def y(self, index):
        return self.charts[index]["columns"][0]

    def x(self, index):
        """What the chart's own axis shows."""
        chart = self.charts[index]
        place, unit, time, tick = chart["offsets"]
        _, counts, moments = chart["columns"]
        if chart["axis"] == "seconds":
            return time + tick * moments - self.began
        return place + unit * counts

    def shows_the_same_as(self, frame):
        other = Browser(frame)
        for index, (mine, theirs) in enumerate(zip(self.charts, other.charts, strict=True)):
            np.testing.assert_array_equal(self.x(index), other.x(index))
            np.testing.assert_array_equal(self.y(index), other.y(index))
            for part in ("name", "points", "last", "axis", "offsets"):
                assert mine[part] == theirs[part]


def read(buffer, count):
    """Take one curve from the buffer: its columns, and what is left."""
    values = np.frombuffer(buffer[: 8 * count])
    whole = np.frombuffer(buffer[8 * count : 16 * count], np.uint32)
    return [values, whole[:count], whole[count:]], buffer[16 * count :]


@pytest.fixture
def watched(trained):
    feed = Feed(trained)
    return trained, feed, Browser(feed.refresh())


def test_the_first_refresh_is_a_frame_of_everything(watched):
    _, _, browser = watched
    assert [chart["name"] for chart in browser.charts] == ["loss", "accuracy"]
    assert [chart["points"] for chart in browser.charts] == [100, 100]
    assert browser.y(0)[0] == 1.0


def test_nothing_new_sends_nothing(watched):
    _, feed, _ = watched
    assert feed.refresh() is None


def test_a_few_points_are_a_small_change(watched):
    metrics, feed, browser = watched
    metrics.log("loss", [0.5, 0.25, 0.125])
    change = feed.refresh()
    assert isinstance(change, Change)
    assert len(change.points) + len(json.dumps(change.content)) <= 200
    browser.take(change)
    np.testing.assert_array_equal(browser.y(0)[-3:], [0.5, 0.25, 0.125])
    np.testing.assert_array_equal(browser.x(0)[-3:], [100, 101, 102])
    browser.shows_the_same_as(feed.frame())


def test_a_browser_that_follows_shows_what_a_new_one_shows(metrics):
    """Through every kind of change: more points than fit, disorder, gaps, new metrics, a past."""
    rng = np.random.default_rng(0)
    feed = Feed(metrics)
    browser = Browser(feed.refresh())
    kinds = []
    for round_ in range(60):
        metrics.log("fast", rng.normal(size=500))
        metrics.log("disordered", rng.normal(size=30), rng.integers(0, 1000, 30))
        metrics.log("same step", rng.normal(size=2), [0, 0])
        metrics.log("gaps", [np.nan, 1.0, np.inf])
        if round_ == 20:
            metrics.log("late", 1.0)
        if round_ == 40:
            metrics.prepend("fast", rng.normal(size=10))
        update = feed.refresh()
        kinds.append(type(update))
        browser.take(update)
        browser.shows_the_same_as(feed.frame())
    assert kinds.count(Change) > 50
    assert browser.charts[0]["points"] == 60 * 500 + 10


@pytest.mark.parametrize("charts", [1, 4, 8, 60, 128])
def test_a_frame_stays_small(metrics, charts):
    for index in range(charts):
        metrics.log(f"metric {index}", np.sin(np.arange(5000) / 100))
    frame = Feed(metrics).refresh()
    assert len(frame.points) <= FRAME_BYTES
    assert max(chart["drawn"] for chart in frame.head["charts"]) <= 2000


def test_more_metrics_than_can_be_drawn_are_counted(metrics):
    for index in range(200):
        metrics.log(f"metric {index}", [1.0, 2.0])
    head = Feed(metrics).refresh().head
    assert len(head["charts"]) + head["left_out"] == 200


def test_equal_steps_are_drawn_over_time(metrics):
    metrics.log("loss", 3.0, 0)
    feed = Feed(metrics)
    browser = Browser(feed.refresh())
    assert browser.charts[0]["axis"] == "step"
    metrics.log("loss", [2.0, 1.0], [0, 0])
    browser.take(feed.refresh())
    assert browser.charts[0]["axis"] == "seconds"
    np.testing.assert_array_equal(browser.x(0), [0, 1, 2])


def test_equal_steps_at_equal_times_are_counted(metrics):
    metrics.log("loss", [3.0, 2.0, 1.0], [0, 0, 0], [5, 5, 5])
    browser = Browser(Feed(metrics).refresh())
    assert browser.charts[0]["axis"] == "point"
    np.testing.assert_array_equal(browser.x(0), [0, 1, 2])


def test_points_are_drawn_from_left_to_right(metrics):
    metrics.log("loss", [3.0, 1.0, 2.0], [30, 10, 20])
    browser = Browser(Feed(metrics).refresh())
    np.testing.assert_array_equal(browser.x(0), [10, 20, 30])
    np.testing.assert_array_equal(browser.y(0), [1, 2, 3])
    assert browser.charts[0]["last"] == "2"


def test_who_missed_something_gets_a_frame(watched):
    metrics, feed, _ = watched
    feed.repeat_frame()
    metrics.log("loss", 0.5)
    assert isinstance(feed.refresh(), Frame)
    updates = []
    for value in range(40):
        metrics.log("loss", value)
        updates.append(type(feed.refresh()))
    assert Frame in updates


def test_a_metric_without_points_is_not_drawn(trained):
    trained.log("empty", [])
    assert len(Feed(trained).refresh().head["charts"]) == 2
