from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import ARGUMENTS, find
from lab import Lab, jupyterlab
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.append(str(Path(__file__).resolve().parents[1] / "azure"))

from loopback import Loopback


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A workspace of Azure ML, in which nobody is signed in at first."""
    with Loopback(tmp_path_factory.mktemp("loopback")) as started:
        yield started


@pytest.fixture(scope="module")
def azure_lab(loopback: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab that takes the loopback workspace for Azure, and has no display."""
    root = tmp_path_factory.mktemp("azure-lab")
    env = loopback.env(root / "home") | {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    with jupyterlab(root, env) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page whose errors fail the test; its last picture is kept in the test's folder."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error.stack)))
    yield opened
    opened.screenshot(path=tmp_path / "last.png")
    context.close()
    assert errors == []
