"""Points appear while the cell is busy; the result stays when the kernel is gone."""

from __future__ import annotations

import re

from lab import PATIENCE, Lab, Notebook, set_theme
from playwright.sync_api import Page, expect

LOAD = "%load_ext amlflow\n%aml_connect local --experiment live\nimport mlflow"
# The cell waits for files that the test writes: no test is paced by the clock.
BUSY = """%%track watched
import pathlib, time
for step in range(20):
    while not pathlib.Path(f'go-{step}').exists():
        time.sleep(0.01)
    mlflow.log_metric('loss', 1 / (step + 1), step=step)
    mlflow.log_metric('accuracy', step / 20, step=step)
print('trained')"""


def let_go(lab: Lab, steps: range) -> None:
    for step in steps:
        (lab.folder / f"go-{step}").touch()


def test_points_appear_while_the_cell_is_busy_and_the_result_outlives_the_kernel(
    page: Page, lab: Lab
):
    lab.notebook("live.ipynb", [LOAD, BUSY])
    notebook = Notebook(page, lab, "live.ipynb")
    card = notebook.run_to_end(0)
    expect(card).to_contain_text("Connected to Local store in mlflow.db")

    outputs = notebook.run(1)
    view = outputs.locator(".jp-AmlflowLive-root")
    expect(view).to_be_visible(timeout=PATIENCE)
    expect(view).to_contain_text("watched")
    for seen in (5, 11):
        let_go(lab, range(seen))
        expect(view).to_contain_text(f"2 metrics · {2 * seen} points", timeout=PATIENCE)
        expect(view.locator("canvas")).to_have_count(2)
        expect(notebook.prompt(1)).to_have_text("[*]:")
        expect(view.locator(".jp-AmlflowLive-header")).to_contain_text("Running")
    for theme in ("dark", "light"):
        set_theme(page, theme)
        expect(view.locator("canvas")).to_have_count(2)

    let_go(lab, range(20))
    expect(notebook.prompt(1)).to_have_text(re.compile(r"\[\d+\]"), timeout=PATIENCE)
    expect_static(notebook)
    expect(outputs).to_contain_text("trained")
    expect(view).to_have_count(0)

    notebook.save()
    notebook.shut_down_kernel()
    reopened = Notebook(page, lab, "live.ipynb")
    expect_static(reopened)


def expect_static(notebook: Notebook) -> None:
    outputs = notebook.outputs(1)
    charts = outputs.locator("img[src^='data:image/svg+xml']")
    expect(charts).to_have_count(2, timeout=PATIENCE)
    for index in range(2):
        width = charts.nth(index).evaluate(
            "async image => (await image.decode(), image.naturalWidth)"
        )
        assert width > 100
    expect(outputs).to_contain_text("Finished")
    expect(charts.first).to_have_attribute("alt", re.compile("loss: 20 points"))


def test_a_page_reloaded_in_mid_run_shows_the_whole_run_in_the_end(page: Page, lab: Lab):
    for file in lab.folder.glob("go-*"):
        file.unlink()
    lab.notebook("reload.ipynb", [LOAD, BUSY])
    notebook = Notebook(page, lab, "reload.ipynb")
    notebook.run_to_end(0)
    notebook.run(1)
    let_go(lab, range(7))
    counted = "2 metrics · 14 points"
    expect(notebook.outputs(1)).to_contain_text(counted, timeout=PATIENCE)
    notebook.save()
    again = Notebook(page, lab, "reload.ipynb")
    let_go(lab, range(20))
    # JupyterLab asks a busy kernel for its widgets only when the cell has ended.
    view = again.outputs(1).locator(".jp-AmlflowLive-root")
    expect(view).to_contain_text("2 metrics · 40 points", timeout=PATIENCE)
    expect(view.locator("canvas")).to_have_count(2)
    expect(view).to_contain_text("Finished")


def test_an_error_shows_once_and_the_run_as_failed(page: Page, lab: Lab):
    lab.notebook("fails.ipynb", [LOAD, "%%track breaks\nmlflow.log_metric('m', 1)\n1 / 0"])
    notebook = Notebook(page, lab, "fails.ipynb")
    notebook.run_to_end(0)
    outputs = notebook.run_to_end(1)
    expect(outputs).to_contain_text("ZeroDivisionError: division by zero")
    expect(outputs.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(1)
    expect(outputs).to_contain_text("Failed")
