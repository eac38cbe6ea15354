"""Figures as files."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from amlflow_jupyter.capture.displays import Shown
from amlflow_jupyter.capture.figures import Figures
from amlflow_jupyter.capture.limits import Limits

PNG = b"\x89PNG\r\n\x1a\n"
WIDGET = "application/vnd.jupyter.widget-view+json"


def b64(content: bytes) -> str:
    return base64.encodebytes(content).decode()


@pytest.fixture
def figures(tmp_path: Path) -> Figures:
    return Figures(tmp_path, Limits(figures=3, figure_bytes=100))


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "figures").glob("*"))}


BUNDLES: dict[str, tuple[dict[str, Any], dict[str, bytes]]] = {
    "png": ({"image/png": b64(PNG), "text/plain": "x"}, {"figure-01.png": PNG}),
    "bytes": ({"image/png": PNG}, {"figure-01.png": PNG}),
    "jpeg": ({"image/jpeg": b64(b"jpeg")}, {"figure-01.jpg": b"jpeg"}),
    "gif": ({"image/gif": b64(b"gif")}, {"figure-01.gif": b"gif"}),
    "webp": ({"image/webp": b64(b"webp")}, {"figure-01.webp": b"webp"}),
    "svg": ({"image/svg+xml": "<svg>ä</svg>"}, {"figure-01.svg": "<svg>ä</svg>".encode()}),
    "svg and png": (
        {"image/png": b64(PNG), "image/svg+xml": "<svg/>"},
        {"figure-01.svg": b"<svg/>"},
    ),
    "pdf": ({"application/pdf": b64(b"%PDF")}, {"figure-01.pdf": b"%PDF"}),
    "plotly": (
        {
            "application/vnd.plotly.v1+json": {"data": []},
            "text/html": "<div>",
            "image/png": b64(PNG),
        },
        {"figure-01.json": json.dumps({"data": []}).encode()},
    ),
    "vega": (
        {"application/vnd.vegalite.v5.20.1+json": {"mark": "bar"}},
        {"figure-01.json": json.dumps({"mark": "bar"}).encode()},
    ),
    "hostile name": ({"image/../../x": b64(b"x")}, {}),
    "text": ({"text/plain": "x", "text/html": "<img>", "application/json": {}}, {}),
    "widget": ({WIDGET: {"model_id": "x"}, "image/png": b64(PNG)}, {}),
}


@pytest.mark.parametrize(("data", "expected"), BUNDLES.values(), ids=BUNDLES)
def test_bundles(
    figures: Figures, tmp_path: Path, data: dict[str, Any], expected: dict[str, bytes]
) -> None:
    figures.shown(Shown(data))
    assert kept(tmp_path) == expected


def test_the_same_picture_is_kept_once(figures: Figures, tmp_path: Path) -> None:
    for content in (b"one", b"one", b"two", b"one"):
        figures.shown(Shown({"image/png": content}))
    assert kept(tmp_path) == {"figure-01.png": b"one", "figure-02.png": b"two"}


def test_an_update_takes_the_place(figures: Figures, tmp_path: Path) -> None:
    figures.shown(Shown({"image/png": b"one"}, display_id="a"))
    figures.shown(Shown({"image/png": b"other"}))
    figures.shown(Shown({"image/svg+xml": "<svg/>"}, display_id="a"))
    assert kept(tmp_path) == {"figure-01.svg": b"<svg/>", "figure-02.png": b"other"}


def test_after_clearing_the_next_takes_the_place_of_all(figures: Figures, tmp_path: Path) -> None:
    figures.shown(Shown({"image/png": b"one"}))
    figures.shown(Shown({"image/png": b"two"}))
    figures.cleared()
    assert len(kept(tmp_path)) == 2  # nothing else was shown yet
    figures.shown(Shown({"image/png": b"one"}))
    assert kept(tmp_path) == {"figure-01.png": b"one"}


def test_an_animation_never_reaches_the_bound(figures: Figures, tmp_path: Path) -> None:
    for number in range(10):
        figures.cleared()
        figures.shown(Shown({"image/png": bytes([number])}))
    assert kept(tmp_path) == {"figure-01.png": bytes([9])}
    assert figures.findings().notes == ()


def test_bounds(figures: Figures, tmp_path: Path) -> None:
    figures.shown(Shown({"image/png": b"x" * 101}))
    for number in range(5):
        figures.shown(Shown({"image/png": bytes([number])}))
    assert list(kept(tmp_path)) == ["figure-01.png", "figure-02.png", "figure-03.png"]
    assert figures.findings().notes == (
        "Figures over 1 kB are not kept: 1",
        "Figures beyond the first 3 are not kept: 2",
    )
