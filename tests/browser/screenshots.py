"""Take the README's pictures: the first demo notebook in a real JupyterLab, light and dark.

``.venv/bin/python tests/browser/screenshots.py [FOLDER]``
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from chromium import ARGUMENTS, find
from lab import PATIENCE, Lab, Notebook, jupyterlab, set_theme
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_first_run.ipynb"
SIZE = {"width": 1280, "height": 800}
FIRST, SECOND, FAILING = 2, 3, 5  # which code cells of the notebook


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE, device_scale_factor=1.5)
        for theme in ("dark", "light"):
            with (
                tempfile.TemporaryDirectory(prefix="demo-") as root,
                jupyterlab(Path(root)) as lab,
            ):
                shutil.copy(ROOT / "demo_notebooks" / NAME, lab.folder)
                photograph(page, lab, theme, folder)
        browser.close()


def photograph(page: Page, lab: Lab, theme: str, folder: Path) -> None:
    notebook = Notebook(page, lab, NAME)
    set_theme(page, theme)
    for index in range(FIRST):
        notebook.run_to_end(index)
    notebook.run_to_end(FIRST)
    notebook.run_to_end(FAILING)
    notebook.run(SECOND)
    scroll_to_top(notebook, SECOND)
    counts = notebook.outputs(SECOND).locator(".jp-AmlflowLive-counts")
    expect(counts).to_have_text(re.compile(r"3 metrics · 2\d\d points"), timeout=PATIENCE)
    page.screenshot(path=folder / f"overview-{theme}.png")
    expect(notebook.prompt(SECOND)).to_have_text(re.compile(r"\[\d+\]"), timeout=PATIENCE)
    run = page.locator("#amlflow-panel").get_by_role("treeitem", name=re.compile("^first-try"))
    run.first.click()
    tab = page.locator(".jp-Amlflow-runTab:visible")
    tab.locator("[data-path=amlflow]").click(timeout=PATIENCE)
    expect(tab.locator("[data-path='amlflow/cell.py']")).to_be_visible(timeout=PATIENCE)
    page.mouse.move(0, 0)
    page.screenshot(path=folder / f"run-{theme}.png")


def scroll_to_top(notebook: Notebook, index: int) -> None:
    notebook.cell(index).evaluate("node => node.scrollIntoView({block: 'start'})")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo_notebooks" / "images")
