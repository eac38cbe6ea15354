import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest

from amlflow_jupyter.widgets.bundle import bundle
from amlflow_jupyter.widgets.palette import CURVES

HOSTILE = "<img src=x onerror=alert(1)>\"'&\x1b[31m\u202e\nname"
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """The elements of some HTML, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.words = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(self.words)

    def pictures(self):
        return [attrs for tag, attrs in self.elements if tag == "img"]


def svg_of(picture):
    kind, _, document = picture["src"].partition(",")
    assert kind == "data:image/svg+xml"
    return ET.fromstring(unquote(document))


def curve(svg):
    return next(path.get("d") for path in svg.iter(SVG + "path") if path.get("stroke-linejoin"))


def test_it_shows_the_run_and_a_picture_of_each_metric(state, trained):
    page = Page(bundle(state, trained)["text/html"])
    for part in (
        "Finished",
        "brave-otter",
        "1 min 15 s",
        "digits",
        "8f14e45f",
        "2 secrets redacted",
    ):
        assert part in page.text
    pictures = page.pictures()
    assert len(pictures) == 2
    assert "loss: 100 points" in pictures[0]["alt"]
    assert ("a", "http://127.0.0.1:5000/#/runs/8f14e45f") in [
        (tag, attrs.get("href")) for tag, attrs in page.elements
    ]


def test_a_picture_has_axes_a_title_and_a_curve(state, trained):
    svg = svg_of(Page(bundle(state, trained)["text/html"]).pictures()[0])
    texts = [text.text for text in svg.iter(SVG + "text")]
    assert svg.findtext(SVG + "title") == "loss"
    assert {"step", "0", "20", "0.0", "1.0"} <= set(texts)
    assert curve(svg).startswith("M")


@pytest.mark.parametrize("points", [2, 3, 8, 100, 101])
def test_every_tick_up_to_the_last_step_has_its_label(state, metrics, points):
    metrics.log("loss", np.arange(points))
    svg = svg_of(Page(bundle(state, metrics)["text/html"]).pictures()[0])
    below = [text for text in svg.iter(SVG + "text") if text.get("y") == "162"]
    steps = [int(text.text) for text in below if text.text != "step"]
    assert steps == list(range(0, points, steps[1]))
    assert [text.get("x") for text in below if text.text == "step"] == ["0"]


def test_it_needs_no_script_no_class_no_style_sheet(state, trained):
    page = Page(bundle(state, trained)["text/html"])
    assert {tag for tag, _ in page.elements}.isdisjoint(
        {"script", "style", "svg", "iframe", "link"}
    )
    for _, attrs in page.elements:
        assert not {name for name in attrs if name.startswith("on") or name in {"class", "id"}}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "http://user:secret@host/",
        "http:///x",
        "http://[bad",
        "http://host/\nx",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(state, trained, url):
    shown = bundle(replace(state, ui_url=url), trained)
    assert "a" not in [tag for tag, _ in Page(shown["text/html"]).elements]
    assert "secret@" not in shown["text/plain"]


def test_hostile_names_stay_text(state, metrics):
    metrics.log(HOSTILE, [1.0, 2.0])
    shown = bundle(
        replace(state, name=HOSTILE, experiment=HOSTILE, location=HOSTILE, notes=(HOSTILE,)),
        metrics,
    )
    page = Page(shown["text/html"])
    assert len(page.pictures()) == 1
    assert page.pictures()[0]["src"].startswith("data:image/svg+xml,")
    assert svg_of(page.pictures()[0]).findtext(SVG + "title").startswith("<img src=x onerror")
    assert page.text.count("<img src=x onerror=alert(1)>\"'&") >= 5
    for sign in ("\x1b", "\u202e"):
        assert sign not in shown["text/html"]
        assert sign not in shown["text/plain"]


def test_eight_charts_of_any_length_are_small(state, metrics):
    rng = np.random.default_rng(0)
    for index in range(8):
        metrics.log(f"metric/{index}", rng.normal(size=200_000))
    assert len(bundle(state, metrics)["text/html"].encode()) <= 60_000


def test_a_chart_of_several_curves_shows_them_all(state, metrics):
    metrics.log("train/loss", np.linspace(1, 0, 50))
    metrics.log("val/loss", [1.0, 0.5], [0, 49])
    page = Page(bundle(state, metrics)["text/html"])
    (picture,) = page.pictures()
    assert "train/loss: 50 points" in picture["alt"]
    assert "val/loss: 2 points" in picture["alt"]
    curves = [path for path in svg_of(picture).iter(SVG + "path") if path.get("stroke-linejoin")]
    assert [path.get("stroke") for path in curves] == [CURVES[0], CURVES[1]]
    assert svg_of(picture).findtext(SVG + "title") == "loss"
    assert re.search("loss +━ +train +0 +━ +val +0.5", page.text)


def test_sections_are_headed_and_the_system_is_folded(state, metrics):
    for name in ("loss", "grad/a", "grad/b", "system/cpu"):
        metrics.log(name, [1.0, 2.0])
    page = Page(bundle(state, metrics)["text/html"])
    folds = [attrs for tag, attrs in page.elements if tag == "details"]
    assert ["open" in attrs for attrs in folds] == [True, False, False]
    assert re.search("grad +· 2 charts", page.text)
    assert re.search("system +· 1 chart", page.text)
    assert len(page.pictures()) == 4


@pytest.mark.parametrize("kinds", [1, 2, 3])
def test_eight_charts_of_several_curves_are_small(state, metrics, kinds):
    rng = np.random.default_rng(0)
    for index in range(8):
        for kind in ("train", "val", "test")[:kinds]:
            metrics.log(f"{kind}/metric {index}", rng.normal(size=20_000))
    shown = bundle(state, metrics)["text/html"]
    assert len(Page(shown).pictures()) == 8
    assert len(shown.encode()) <= 60_000


def test_what_has_no_place_on_the_axis_is_marked(state, metrics):
    metrics.log("loss", [1.0, np.nan, np.inf, 2.0, -np.inf, 1.5])
    (picture,) = Page(bundle(state, metrics)["text/html"]).pictures()
    (marks,) = [
        path.get("d")
        for path in svg_of(picture).iter(SVG + "path")
        if path.get("stroke") == CURVES[0] and not path.get("stroke-linejoin")
    ]
    assert marks.count("z") == 2  # a triangle up, a triangle down
    assert marks.count("m") == 1  # the two strokes of a cross


def test_a_thousand_gaps_are_not_a_thousand_marks(state, metrics):
    values = np.where(np.arange(1000) % 2, np.nan, 1.0)
    metrics.log("loss", values)
    (picture,) = Page(bundle(state, metrics)["text/html"]).pictures()
    assert len(picture["src"]) < 10_000


def test_many_metrics_get_twelve_charts_and_the_rest_a_row(state, metrics):
    for index in range(60):
        metrics.log(f"metric {index}", [1.0, 2.0])
    page = Page(bundle(state, metrics)["text/html"])
    assert len(page.pictures()) == 12
    assert "48 charts not drawn" in page.text
    assert "metric 59" in page.text


def test_a_run_without_metrics_is_only_its_header(state, metrics):
    shown = bundle(replace(state, notes=()), metrics)
    assert not re.search("<img|<table|<details", shown["text/html"])
    assert "0 metrics" not in shown["text/html"]
    assert shown["text/plain"].splitlines()[0] == "✓ Finished  brave-otter  1 min 15 s"


def test_a_metric_of_nan_alone_says_so(state, metrics):
    metrics.log("loss", [np.nan, np.nan])
    shown = bundle(state, metrics)
    svg = svg_of(Page(shown["text/html"]).pictures()[0])
    assert "no finite value" in [text.text for text in svg.iter(SVG + "text")]
    assert shown["text/plain"].splitlines()[-1].split() == ["loss", "2", *["NaN"] * 4]


def test_a_single_point_is_a_dot_while_more_may_come(state, metrics):
    metrics.log("loss", 0.5)
    going_on = replace(state, status="RUNNING", ended=None)
    svg = svg_of(Page(bundle(going_on, metrics)["text/html"]).pictures()[0])
    assert len(list(svg.iter(SVG + "circle"))) == 1


def test_metrics_of_a_single_point_are_listed_under_the_charts(state, metrics):
    metrics.log("test_score", 0.925)
    metrics.log("loss", [1.0, 0.5])
    metrics.log("diverged", np.nan)
    shown = bundle(state, metrics)
    page = Page(shown["text/html"])
    (picture,) = page.pictures()
    assert "loss: 2 points" in picture["alt"]
    listed = page.text.split("Table of values")[0]
    assert listed.endswith("test_score 0.925 diverged NaN ")
    assert page.text.count("test_score") == 2
    assert "test_score" in shown["text/plain"]


def test_metrics_of_a_single_point_alone_need_no_chart(state, metrics):
    for index in range(50):
        metrics.log(f"metric {index}", index)
    page = Page(bundle(state, metrics)["text/html"])
    assert page.pictures() == []
    assert "metric 39 39 and 10 more" in page.text
    assert "not drawn" not in page.text
    assert "details" in [tag for tag, _ in page.elements]


def test_a_curve_keeps_its_colour_when_the_single_points_go(state, metrics):
    metrics.log("score", 1.0)
    metrics.log("loss", [1.0, 0.5])
    page = Page(bundle(state, metrics)["text/html"])
    colours = {path.get("stroke") for path in svg_of(page.pictures()[0]).iter(SVG + "path")}
    assert CURVES[1] in colours


def test_long_names_give_way_and_are_whole_in_their_titles(state, metrics):
    name = "system/" + "memory_" * 20 + "megabytes"
    metrics.log(name, [1.0, 2.0])
    metrics.log("once/" + name, 3.0)
    page = Page(bundle(replace(state, name="run " + name), metrics)["text/html"])
    given_way = {attrs["title"]: attrs["style"] for tag, attrs in page.elements if "title" in attrs}
    assert set(given_way) == {name, "once/" + name, "run " + name}
    assert all("text-overflow:ellipsis" in style for style in given_way.values())


def test_a_gap_breaks_the_curve(state, metrics):
    metrics.log("loss", [*range(100), np.nan, *range(100)])
    svg = svg_of(Page(bundle(state, metrics)["text/html"]).pictures()[0])
    assert curve(svg).count("M") == 2


@pytest.mark.parametrize(
    "values", [[1e308, -1e308], [5e-324, 0], [1e-310] * 3, [2**60, 2**60 + 512]]
)
def test_extreme_values_do_not_break_the_axes(state, metrics, values):
    metrics.log("loss", values)
    svg = svg_of(Page(bundle(state, metrics)["text/html"]).pictures()[0])
    assert "nan" not in ET.tostring(svg, encoding="unicode").lower()


@pytest.mark.parametrize(("status", "word"), [("FAILED", "Failed"), ("KILLED", "Killed")])
def test_failed_and_killed_runs_say_so(state, trained, status, word):
    shown = bundle(replace(state, status=status), trained)
    assert word in Page(shown["text/html"]).text
    assert word in shown["text/plain"].splitlines()[0]


def test_the_text_is_an_aligned_table(state, metrics):
    metrics.log("loss", [1.5, 0.25])
    metrics.log("a longer name", [-1.0, 20_000.0])
    lines = bundle(state, metrics)["text/plain"].splitlines()
    assert lines[-3:] == [
        "metric         points  first    last   min     max",
        "loss                2    1.5    0.25  0.25     1.5",
        "a longer name       2     −1  20,000    −1  20,000",  # noqa: RUF001
    ]
