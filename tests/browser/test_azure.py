"""An Azure workspace in JupyterLab: choosing, signing in, tracking, the sidebar, the doctor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event

import pytest
from lab import PATIENCE, Lab, Notebook
from loopback import Loopback
from playwright.sync_api import Locator, Page, Route, expect

NUMBER = re.compile(r"^\[\d+\]:$")
LOAD = "%load_ext amlflow"
# The cell waits for a file that the test writes: no test is paced by the clock.
TRAIN = """%%track ridge --param alpha=0.3
import pathlib, time
import numpy as np
from sklearn.linear_model import Ridge
inputs = np.arange(12.0).reshape(4, 3)
for step in range(20):
    while step == 10 and not pathlib.Path('ridge-goes-on').exists():
        time.sleep(0.01)
    mlflow.log_metric('loss', 1 / (step + 1), step=step)
model = Ridge(alpha=0.3).fit(inputs, inputs @ [1, 2, 3])
mlflow.sklearn.log_model(model, name='model', pip_requirements=['scikit-learn'])
"""


@pytest.fixture(autouse=True)
def _signed_in(loopback: Loopback) -> Iterator[None]:
    """Somebody is signed in to ``az``; a request that no route answers fails the test."""
    loopback.control.reset()
    loopback.az_login()
    yield
    loopback.control.reset()
    assert loopback.control.unknown() == []


def wait_for_end(notebook: Notebook, index: int) -> None:
    expect(notebook.prompt(index)).to_have_text(NUMBER, timeout=PATIENCE)


def expect_studio_link(link: Locator, loopback: Loopback) -> None:
    """A link that opens a page of the studio, which learns nothing of the notebook."""
    expect(link).to_have_attribute("href", re.compile(r"^https://ml\.azure\.com/.*wsid=/sub"))
    assert loopback.arm_id in (link.get_attribute("href") or "")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(link).to_have_attribute("target", "_blank")


def test_a_workspace_is_chosen_by_keyboard(page: Page, azure_lab: Lab, loopback: Loopback):
    cells = [f"{LOAD}\n%aml_connect azure", "%aml_connect azure", "import mlflow"]
    azure_lab.notebook("choose.ipynb", [*cells, "print(mlflow.get_tracking_uri())"])
    notebook = Notebook(page, azure_lab, "choose.ipynb")
    first, second = notebook.run_to_end(0), notebook.run_to_end(1)
    expect(first.get_by_role("option")).to_have_count(4, timeout=PATIENCE)

    filtering = second.get_by_role("combobox")
    filtering.fill("westeurope")
    expect(second.get_by_role("option")).to_have_text(
        [re.compile("loopback"), re.compile("vision")]
    )
    filtering.press("ArrowDown")
    marked = second.get_by_role("option", selected=True)
    expect(marked).to_have_text(re.compile("^vision"))
    filtering.press("ArrowUp")
    expect(marked).to_have_text(re.compile("^loopback"))
    filtering.press("Tab")
    expect(second.get_by_role("button", name="Connect")).to_be_focused()
    filtering.press("Enter")
    expect(second).to_contain_text("Connected to Azure ML workspace loopback", timeout=PATIENCE)
    expect(second.get_by_role("listbox")).to_have_count(0)
    expect_studio_link(second.get_by_role("link", name="Open in the studio"), loopback)
    notebook.run_to_end(2)
    expect(notebook.run_to_end(3)).to_contain_text("workspaces/loopback")

    # The other list still waits; without its kernel the lines to run are left of it.
    expect(first.get_by_role("option")).to_have_count(4)
    notebook.save()
    notebook.shut_down_kernel()
    first = Notebook(page, azure_lab, "choose.ipynb").outputs(0)
    first.locator("summary").click()
    expect(first).to_contain_text(f"%aml_connect {loopback.arm_id}")


def test_a_device_code_is_shown_at_once_and_can_be_interrupted(
    page: Page, azure_lab: Lab, loopback: Loopback
):
    loopback.az_logout()
    azure_lab.notebook("device.ipynb", [LOAD, "%aml_connect --workspace vision"])
    notebook = Notebook(page, azure_lab, "device.ipynb")
    notebook.run_to_end(0)
    outputs = notebook.run(1)
    code = outputs.locator("code")
    expect(code).to_be_visible(timeout=PATIENCE)
    expect(outputs).to_contain_text("interrupt the kernel to stop")
    expect(outputs.get_by_role("link")).to_have_attribute(
        "href", "https://microsoft.com/devicelogin"
    )
    assert code.inner_text() in loopback.control.device_codes()
    expect(notebook.prompt(1)).to_have_text("[*]:")
    notebook.command("notebook:interrupt-kernel")
    wait_for_end(notebook, 1)
    expect(outputs).to_contain_text("Interrupted: nothing new is connected.")

    notebook.run(1)
    expect(code).to_be_visible(timeout=PATIENCE)
    loopback.control.approve_device_code(code.inner_text())
    wait_for_end(notebook, 1)
    expect(outputs).to_contain_text("by a device code")
    expect(code).to_have_count(0)


def test_a_tracked_cell_is_followed_in_the_sidebar(page: Page, azure_lab: Lab, loopback: Loopback):
    connect = f"{LOAD}\n%aml_connect --workspace loopback --experiment seen --save team"
    azure_lab.notebook("track.ipynb", [f"{connect}\nimport mlflow", TRAIN])
    notebook = Notebook(page, azure_lab, "track.ipynb")
    notebook.run_to_end(0)
    panel = page.locator("#amlflow-panel")
    saved = panel.get_by_role("option", name=re.compile("^team"))
    expect(saved.locator(".jp-Amlflow-badge")).to_have_text("1 kernel", timeout=PATIENCE)
    saved.click()

    outputs = notebook.run(1)
    view = outputs.locator(".jp-AmlflowLive-root")
    expect(view).to_contain_text("1 metric · 10 points", timeout=PATIENCE)
    expect_studio_link(view.get_by_role("link", name="Open in the studio"), loopback)
    running = panel.get_by_role("treeitem", name=re.compile("^ridge, Running"))
    expect(running).to_be_visible(timeout=PATIENCE)
    (azure_lab.folder / "ridge-goes-on").touch()
    wait_for_end(notebook, 1)
    expect(view).to_have_count(0)
    expect(outputs.locator("img[src^='data:image/svg+xml']")).to_have_count(1)
    expect_studio_link(outputs.get_by_role("link", name="Open in the studio"), loopback)

    panel.get_by_role("treeitem", name=re.compile("^ridge, Finished")).click(timeout=PATIENCE)
    tab = page.locator(".jp-Amlflow-runTab:visible")
    for table, row in (("Metrics", "loss"), ("Parameters", "alpha"), ("Models", "Ready")):
        expect(tab.get_by_role("table", name=table)).to_contain_text(row, timeout=PATIENCE)
    tab.locator("[data-path=model]").click(timeout=PATIENCE)
    expect(tab.locator("[data-path='model/MLmodel']")).to_be_visible(timeout=PATIENCE)
    expect_studio_link(tab.get_by_role("link", name="Open in the studio"), loopback)


def test_the_sidebar_says_what_is_wrong_and_goes_on(page: Page, azure_lab: Lab, loopback: Loopback):
    cells = [f"{LOAD}\n%aml_connect --workspace course\nimport mlflow", "%%track kept\n1"]
    azure_lab.notebook("wrong.ipynb", cells)
    notebook = Notebook(page, azure_lab, "wrong.ipynb")
    notebook.run_to_end(0)
    notebook.run_to_end(1)
    panel = page.locator("#amlflow-panel")
    panel.get_by_role("option", name=re.compile("^course")).click(timeout=PATIENCE)
    run = panel.get_by_role("treeitem", name=re.compile("^kept"))
    expect(run).to_be_visible(timeout=PATIENCE)

    refresh = panel.get_by_label("Refresh")
    alert = panel.get_by_role("alert")
    loopback.control.revoke_tokens()  # renewed by themselves, as az is still signed in
    loopback.control.fail("workspaces/course/.*/experiments/search", 403)
    refresh.click()
    expect(alert).to_contain_text("“AzureML Data Scientist”", timeout=PATIENCE)
    expect(run).to_be_visible()
    loopback.control.clear()
    held: list[Route] = []  # the store takes its time, until the test lets it answer
    answers = Event()
    page.route("**/runs?*", lambda one: one.continue_() if answers.is_set() else held.append(one))
    alert.get_by_role("button", name="Try again").click()
    expect(panel.locator(".jp-Amlflow-waiting")).to_have_text("Waiting for an answer…")
    answers.set()
    for route in held:
        route.continue_()
    expect(alert).to_have_count(0, timeout=PATIENCE)

    loopback.az_logout()
    loopback.control.revoke_tokens()
    refresh.click()
    expect(alert).to_contain_text("JupyterLab is not signed in to Azure", timeout=PATIENCE)
    expect(alert.locator("code")).to_have_text(f"az login --tenant {loopback.tenant_id}")


def test_the_doctors_table_grows(page: Page, azure_lab: Lab, loopback: Loopback):
    connect = f"{LOAD}\n%aml_connect --workspace loopback"
    azure_lab.notebook("doctor.ipynb", [connect, "%aml_doctor"])
    notebook = Notebook(page, azure_lab, "doctor.ipynb")
    notebook.run_to_end(0)
    loopback.control.role = "Reader"
    outputs = notebook.outputs(1)
    outputs.evaluate(COUNT_ROWS)
    notebook.run_to_end(1)
    assert page.evaluate("window.counts.size") > 2  # it grew before the eyes of its reader
    expect(outputs.get_by_role("row").filter(has_text="failure")).to_have_count(1)
    wide = outputs.locator(".jp-OutputArea-output").evaluate_all(
        "all => all.some(each => each.scrollWidth > each.clientWidth)"
    )
    assert not wide


COUNT_ROWS = """node => {
  window.counts = new Set();
  const count = () => window.counts.add(node.querySelectorAll('tr').length);
  new MutationObserver(count).observe(node, { childList: true, subtree: true });
}"""
