"""``amlflow demo``: its address opens the first notebook, with the sidebar beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from lab import PATIENCE
from playwright.sync_api import Page, expect


def test_the_address_it_prints_shows_the_notebook_and_the_sidebar(page: Page, tmp_path: Path):
    command = [sys.executable, "-m", "amlflow_jupyter", "demo", "--no-browser"]
    command += ["--dir", str(tmp_path / "notebooks")]
    env = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path), "IPYTHONDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as demo:
        try:
            address = printed_address(demo)
            wait_for(address)
            page.goto(address)
            notebook = page.locator(".jp-NotebookPanel:visible")
            expect(notebook).to_contain_text("Your first tracked run", timeout=PATIENCE)
            expect(page.locator("#amlflow-panel")).to_be_visible(timeout=PATIENCE)
            expect(page.locator("#amlflow-panel")).to_contain_text("No connection yet")
        finally:
            demo.terminate()
            try:
                assert demo.wait(30) == 0
            finally:
                demo.kill()


def printed_address(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    for line in demo.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S+token=\S+", line):
            return found[0]
    raise AssertionError("no address was printed")


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
