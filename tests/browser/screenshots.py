"""Take the README's pictures in a real JupyterLab, light and dark.

They show the first demo notebook, and a workspace of Azure ML, for which the loopback workspace
stands. ``.venv/bin/python tests/browser/screenshots.py [FOLDER]``
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
AZURE = "diabetes.ipynb"
AZURE_CELLS = (
    """import mlflow
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

inputs, outputs = load_diabetes(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(inputs, outputs, random_state=0)""",
    """%load_ext amlflow
%aml_connect --experiment diabetes --save research""",
    """%%track ridge --params
strongest = 10

for step, alpha in enumerate(np.geomspace(strongest, 0.01, 40)):
    model = Ridge(alpha).fit(train_x, train_y)
    predicted = model.predict(test_x)
    mlflow.log_metric("mse", mean_squared_error(test_y, predicted), step=step)
    mlflow.log_metric("r2", r2_score(test_y, predicted), step=step)
mlflow.sklearn.log_model(model, name="model");""",
)


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
        for theme in ("dark", "light"):
            photograph_azure(page, theme, folder)
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


def photograph_azure(page: Page, theme: str, folder: Path) -> None:
    sys.path.append(str(ROOT / "tests" / "azure"))
    from loopback import Loopback

    with (
        tempfile.TemporaryDirectory(prefix="demo-") as root,
        Loopback(Path(root) / "loopback") as loopback,
        jupyterlab(Path(root), loopback.env(Path(root) / "home")) as lab,
    ):
        loopback.az_login()
        loopback.write_config(lab.folder)
        cells = list(AZURE_CELLS)
        stronger = cells[2].replace("ridge", "stronger-ridge").replace("0.01", "1")
        lab.notebook(AZURE, [*cells, stronger])
        notebook = Notebook(page, lab, AZURE)
        set_theme(page, theme)
        for index in (0, 1, 3, 2):
            notebook.run_to_end(index)
        notebook.save()
        run = page.locator("#amlflow-panel").get_by_role("treeitem", name=re.compile("^ridge"))
        expect(run).to_have_accessible_name(re.compile("Finished"), timeout=PATIENCE)
        scroll_to_top(notebook, 1)
        page.mouse.move(0, 0)
        page.screenshot(path=folder / f"azure-{theme}.png")


def scroll_to_top(notebook: Notebook, index: int) -> None:
    notebook.cell(index).evaluate("node => node.scrollIntoView({block: 'start'})")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo_notebooks" / "images")
