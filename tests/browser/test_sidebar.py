"""The sidebar lists what a kernel is connected to; a click opens a run."""

from __future__ import annotations

import json
import re

from lab import PATIENCE, Lab, Notebook, set_theme
from playwright.sync_api import Page, expect

CONNECT = "%load_ext amlflow\n%aml_connect sqlite:///side.db --experiment shown\nimport mlflow"
FIRST = (
    "%%track first -p lr=0.5 -t team=blue\nprint('hello')\n"
    "for s in range(3): mlflow.log_metric('loss', 0.25, step=s)"
)
SECOND = (
    "%%track <b>second</b>\nwith mlflow.start_run(): pass\nwith mlflow.start_run(): pass\n1 / 0"
)


def test_runs_appear_by_themselves_and_open_in_a_tab(page: Page, lab: Lab):
    lab.notebook("side.ipynb", [CONNECT, FIRST, SECOND])
    notebook = Notebook(page, lab, "side.ipynb")
    panel = page.locator("#amlflow-panel")
    expect(panel).to_be_visible(timeout=PATIENCE)
    notebook.run_to_end(0)
    connection = panel.get_by_role("option", name=re.compile("side.db"))
    expect(connection).to_be_visible(timeout=PATIENCE)
    connection.click()
    expect(connection.locator(".jp-Amlflow-badge")).to_have_text("1 kernel")
    expect(panel).to_contain_text("No runs yet", timeout=PATIENCE)

    notebook.run_to_end(1)
    run = panel.get_by_role("treeitem", name=re.compile("^first, Finished"))
    expect(run).to_be_visible(timeout=PATIENCE)
    expect(run).to_contain_text("0.25")
    notebook.run_to_end(2)
    failed = panel.locator("[data-status=FAILED][role=treeitem]")
    hostile = failed.filter(has_text="<b>second</b>")
    expect(hostile).to_be_visible(timeout=PATIENCE)

    run.click()
    tab = page.locator(".jp-Amlflow-runTab:visible")
    for table, row in (
        ("Metrics", "loss"),
        ("Parameters", "lr"),
        ("Tags", "team"),
    ):
        expect(tab.get_by_role("table", name=table)).to_contain_text(row, timeout=PATIENCE)
    folder = tab.locator("[data-path=amlflow]")
    folder.click()
    expect(tab.locator("[data-path='amlflow/stdout.txt']")).to_be_visible(timeout=PATIENCE)
    set_theme(page, "dark")
    expect(tab).to_be_visible()
    set_theme(page, "light")


def test_search_by_text_and_keyboard(page: Page, lab: Lab):
    lab.notebook("search.ipynb", [CONNECT.replace("side", "search"), FIRST, SECOND])
    notebook = Notebook(page, lab, "search.ipynb")
    panel = page.locator("#amlflow-panel")
    for cell in range(3):
        notebook.run_to_end(cell)
    panel.get_by_role("option", name=re.compile("search.db")).click()
    first = panel.get_by_role("treeitem", name=re.compile("^first"))
    expect(first).to_be_visible(timeout=PATIENCE)
    box = panel.get_by_label("Search runs")
    box.fill("blue")
    expect(panel.get_by_role("treeitem")).to_have_count(1, timeout=PATIENCE)
    expect(first).to_be_visible()
    box.fill("no such run")
    expect(panel).to_contain_text("No run matches", timeout=PATIENCE)
    box.fill("")
    expect(first).to_be_visible(timeout=PATIENCE)
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".jp-Amlflow-runTab:visible")).to_contain_text("first", timeout=PATIENCE)


def test_a_store_that_is_gone_is_said(page: Page, lab: Lab):
    profiles = lab.folder.parent / "amlflow" / "profiles.json"
    profiles.parent.mkdir(exist_ok=True)
    entry = {"name": "gone", "uri": "sqlite:////nowhere/gone.db"}
    profiles.write_text(json.dumps({"profiles": [entry]}))
    page.goto(lab.address())
    panel = page.locator("#amlflow-panel")
    expect(panel).to_be_visible(timeout=PATIENCE)
    panel.get_by_role("option", name=re.compile("gone")).click(timeout=PATIENCE)
    expect(panel.get_by_role("alert")).to_contain_text("there is no store", ignore_case=True)
    profiles.unlink()
