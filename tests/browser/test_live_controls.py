"""Every control of the live view answers while its cell is busy."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import PATIENCE, Lab, Notebook
from playwright.sync_api import Locator, Page, expect

LOAD = """%load_ext amlflow
%aml_connect local --experiment controls
import pathlib, time
import amlflow, mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric
def points(name, values):
    run, now = mlflow.active_run().info.run_id, int(time.time() * 1000)
    found = [Metric(name, value, now + step * 100, step) for step, value in enumerate(values)]
    for start in range(0, len(found), 1000):
        MlflowClient().log_batch(run, metrics=found[start:start + 1000])"""
# 5,000 points: more than a frame holds, so that there is detail to ask for.
BUSY = """%%track busy --total 10000
points('train/loss', [1 / (1 + step / 50) for step in range(5000)])
points('val/loss', [1.2 / (1 + step / 50) for step in range(0, 1000)])
points('accuracy', [float('nan') if step == 50 else step / 200 for step in range(200)])
points('grad/norm', [2.0, float('inf'), 3.0])
points('system/cpu', [50.0, 60.0])
while not pathlib.Path('go').exists():
    time.sleep(0.01)
print('trained')"""
ALL = "6,205 points"


@pytest.fixture(scope="module")
def busy(browser, lab: Lab) -> Iterator[tuple[Notebook, Locator]]:
    """A notebook whose cell is busy as long as the tests of this module use it."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error.stack)))
    lab.notebook("controls.ipynb", [LOAD, BUSY])
    notebook = Notebook(page, lab, "controls.ipynb")
    notebook.run_to_end(0)
    view = notebook.run(1).locator(".jp-AmlflowLive-root")
    expect(view).to_contain_text(ALL, timeout=PATIENCE)
    yield notebook, view
    (lab.folder / "go").touch()
    expect(notebook.prompt(1)).to_have_text(re.compile(r"\[\d+\]"), timeout=PATIENCE)
    (lab.folder / "go").unlink()
    context.close()
    assert errors == []


@pytest.fixture
def view(busy: tuple[Notebook, Locator]) -> Iterator[Locator]:
    """The view, its choices as they are at first; the cell is busy before and after."""
    notebook, view = busy
    view.get_by_label("Smoothing").fill("0")
    view.get_by_label("x axis").select_option("step")
    view.get_by_label("Log y").uncheck()
    view.get_by_label("Legend").check()
    expect(notebook.prompt(1)).to_have_text("[*]:")
    yield view
    expect(notebook.prompt(1)).to_have_text("[*]:")


def chart(view: Locator, title: str) -> Locator:
    return view.get_by_role("group", name=title, exact=True)


def pixels(chart: Locator) -> str:
    return str(chart.locator("canvas").evaluate("canvas => canvas.toDataURL()"))


def expect_redrawn(chart: Locator, before: str) -> str:
    """Wait until a chart looks different; return how it looks."""
    wait_until_it_looks(chart, "!==", before)
    return pixels(chart)


def wait_until_it_looks(chart: Locator, compared: str, picture: str) -> None:
    # The canvas may be another one by then.
    chart.page.wait_for_function(
        "([chart, picture]) => { const canvas = chart.querySelector('canvas');"
        f" return canvas && canvas.toDataURL() {compared} picture; }}",
        arg=[chart.element_handle(), picture],
    )


def test_metrics_are_grouped_by_what_they_measure(view: Locator):
    loss = chart(view, "loss")
    expect(loss.locator(".jp-AmlflowLive-key")).to_have_text(["train0.009903", "val0.0572"])
    expect(chart(view, "accuracy")).to_be_visible()
    expect(chart(view, "system/cpu")).to_have_count(0)
    system = view.locator(".jp-AmlflowLive-fold", has_text="system")
    expect(system).to_have_attribute("aria-expanded", "false")
    system.click()
    expect(chart(view, "system/cpu")).to_be_visible()
    system.click()
    expect(chart(view, "system/cpu")).to_have_count(0)


def test_smoothing_and_logarithm_draw_otherwise(view: Locator):
    loss = chart(view, "loss")
    plain = pixels(loss)
    view.get_by_label("Smoothing").fill("0.9")
    smooth = expect_redrawn(loss, plain)
    expect(view.locator(".jp-AmlflowLive-weight")).to_have_text("0.90")
    view.get_by_label("Log y").check()
    expect_redrawn(loss, smooth)
    view.get_by_label("Smoothing").fill("0")
    view.get_by_label("Log y").uncheck()
    wait_until_it_looks(loss, "===", plain)


@pytest.mark.parametrize(("axis", "word"), [("relative", "time"), ("wall", "time")])
def test_the_horizontal_axis_shows_what_is_chosen(view: Locator, axis: str, word: str):
    loss = chart(view, "loss")
    before = pixels(loss)
    view.get_by_label("x axis").select_option(axis)
    expect_redrawn(loss, before)
    expect(view.get_by_label("x axis")).to_have_value(axis)
    name = re.compile(f"^loss by {word}: train/loss: 5,000 points, last 0.009903;")
    expect(loss.get_by_role("img")).to_have_attribute("aria-label", name)


def test_the_legend_can_be_hidden(view: Locator):
    keys = chart(view, "loss").locator(".jp-AmlflowLive-keys")
    view.get_by_label("Legend").uncheck()
    expect(keys).to_be_hidden()
    view.get_by_label("Legend").check()
    expect(keys).to_be_visible()


def test_what_is_pointed_at_shows_in_every_chart(view: Locator):
    loss, accuracy = chart(view, "loss"), chart(view, "accuracy")
    over = accuracy.locator(".u-over")
    width = over.evaluate("node => node.clientWidth")
    over.hover(position={"x": width * 100 / 199, "y": 40})
    expect(accuracy).to_contain_text("0.5")
    expect(loss.locator(".jp-AmlflowLive-at")).to_have_text("step 100")
    expect(loss.locator(".jp-AmlflowLive-key").nth(1)).to_have_text("val0.4")
    view.locator(".jp-AmlflowLive-name").hover()
    expect(loss.locator(".jp-AmlflowLive-at")).to_be_hidden()


def zoom_by_drag(view: Locator, title: str, begin: float, end: float) -> None:
    over = chart(view, title).locator(".u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box is not None
    mouse, y = view.page.mouse, box["y"] + 40
    mouse.move(box["x"] + begin * box["width"], y)
    mouse.down()
    mouse.move(box["x"] + end * box["width"], y, steps=4)
    mouse.up()


def test_zooming_fetches_detail_while_the_cell_is_busy(view: Locator):
    reset = view.get_by_role("button", name="Reset zoom")
    expect(reset).to_be_disabled()
    loss = chart(view, "loss")
    zoom_by_drag(view, "loss", 0.4, 0.44)
    expect(reset).to_be_enabled()
    zoom_by_drag(view, "loss", 0.5, 0.56)
    # Of 5,000 points the frame held a third; now the table has each step.
    view.page.wait_for_function(
        "chart => { const steps = [...chart.querySelectorAll('tbody th')]"
        ".map(cell => Number(cell.textContent.replace(',', '')));"
        " return steps.length > 8 && steps.every((step, i) => step > 2050 && step < 2150"
        " && (i === 0 || step === steps[i - 1] + 1)); }",
        arg=loss.element_handle(),
    )
    expect(view).not_to_contain_text("More detail comes")
    reset.click()
    expect(reset).to_be_disabled()


def test_the_wheel_zooms_and_dragging_with_shift_pans(view: Locator):
    reset = view.get_by_role("button", name="Reset zoom")
    loss = chart(view, "loss")
    page = view.page
    loss.locator(".u-over").hover()
    page.keyboard.down("Control")
    for _ in range(4):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(reset).to_be_enabled()
    before = pixels(loss)
    page.keyboard.down("Shift")
    zoom_by_drag(view, "loss", 0.6, 0.4)
    page.keyboard.up("Shift")
    expect_redrawn(loss, before)
    reset.click()
    expect(reset).to_be_disabled()


def test_a_chart_is_worked_with_keys(view: Locator):
    loss = chart(view, "loss").get_by_role("img")
    reset = view.get_by_role("button", name="Reset zoom")
    loss.focus()
    loss.press("ArrowRight")
    loss.press("ArrowRight")
    expect(chart(view, "loss").locator("[aria-live]")).to_contain_text(
        re.compile(r"step \d+, train")
    )
    loss.press("+")
    expect(reset).to_be_enabled()
    before = pixels(chart(view, "loss"))
    loss.press("Shift+ArrowRight")
    expect_redrawn(chart(view, "loss"), before)
    loss.press("0")
    expect(reset).to_be_disabled()


def test_metrics_are_chosen_and_the_choice_is_kept(view: Locator):
    view.get_by_role("button", name="Metrics").click()
    search = view.get_by_label("Search metrics")
    expect(search).to_be_focused()
    search.fill("acc")
    expect(view.locator(".jp-AmlflowLive-choice")).to_have_text(["accuracy"])
    view.get_by_role("button", name="None", exact=True).click()
    expect(chart(view, "accuracy")).to_have_count(0)
    expect(view.get_by_role("button", name="Metrics 4 / 5")).to_be_visible()
    kept = view.page.evaluate("localStorage.getItem('amlflow:live-view')")
    assert '"hidden":["accuracy"]' in kept
    view.get_by_role("button", name="All", exact=True).click()
    expect(chart(view, "accuracy")).to_be_visible()
    search.fill("")
    search.press("Escape")
    expect(search).to_be_hidden()
    expect(view.get_by_role("button", name="Metrics")).to_be_focused()


def saved(view: Locator, title: str, kind: str, folder: Path) -> Path:
    shown = chart(view, title)
    shown.hover()
    shown.get_by_role("button", name=f"More for {title}").click()
    with view.page.expect_download() as waiting:
        shown.get_by_role("button", name=f"Download {title} as {kind}").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def test_charts_are_downloaded(view: Locator, tmp_path: Path):
    table = saved(view, "loss", "CSV", tmp_path)
    assert table.name == "loss.csv"
    rows = list(csv.DictReader(table.open()))
    # All 6,000 points, though fewer are drawn: the kernel was asked.
    assert len(rows) == 6000
    assert rows[4999]["metric"] == "train/loss"
    assert float(rows[4999]["value"]) == 1 / (1 + 4999 / 50)
    assert "</svg>" in saved(view, "loss", "SVG", tmp_path).read_text()
    assert saved(view, "grad/norm", "PNG", tmp_path).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_table_behind_a_chart_can_be_shown(view: Locator):
    grad = chart(view, "grad/norm")
    expect(grad.locator("tbody td")).to_have_text(["2", "∞", "3"])
    grad.hover()
    for _ in range(2):
        grad.get_by_role("button", name="More for").click()
        grad.get_by_role("button", name="Values of").click()
    expect(grad.get_by_role("table", name="Values of grad/norm")).to_be_attached()


def test_it_speaks_the_language_of_the_page(page: Page, lab: Lab):
    lab.notebook("lingua.ipynb", [LOAD, "%%track prova\namlflow.log({'m': 1})\ntime.sleep(900)"])
    notebook = Notebook(page, lab, "lingua.ipynb")
    page.evaluate("document.documentElement.lang = 'it'")
    notebook.run_to_end(0)
    view = notebook.run(1).locator(".jp-AmlflowLive-root")
    expect(view).to_contain_text("1 metrica · 1 punto", timeout=PATIENCE)
    expect(view).to_contain_text("In corso")
    expect(view.get_by_label("Smussamento")).to_be_visible()
    view.get_by_role("button", name="Ferma").click()
    view.get_by_role("button", name="Interrompi").click()
    expect(notebook.outputs(1)).to_contain_text("KeyboardInterrupt", timeout=PATIENCE)


def test_how_far_it_is(view: Locator):
    bar = view.get_by_role("progressbar", name="Progress")
    expect(bar).to_have_attribute("aria-valuenow", "50")
    expect(view).to_contain_text("5,000 of 10,000 steps")


def test_stopping_asks_first_and_interrupts_only_the_cell(page: Page, lab: Lab):
    lab.notebook(
        "stop.ipynb", [LOAD, "%%track stops\nimport time\namlflow.log({'m': 1})\ntime.sleep(900)"]
    )
    notebook = Notebook(page, lab, "stop.ipynb")
    notebook.run_to_end(0)
    outputs = notebook.run(1)
    view = outputs.locator(".jp-AmlflowLive-root")
    view.get_by_role("button", name="Stop").click(timeout=PATIENCE)
    expect(view.get_by_role("button", name="Keep running")).to_be_focused()
    view.get_by_role("button", name="Keep running").click()
    expect(notebook.prompt(1)).to_have_text("[*]:")
    view.get_by_role("button", name="Stop").click()
    view.get_by_role("button", name="Interrupt").click()
    expect(notebook.prompt(1)).to_have_text(re.compile(r"\[\d+\]"), timeout=PATIENCE)
    expect(outputs).to_contain_text("Killed")
    expect(outputs).to_contain_text("KeyboardInterrupt")


# As where messages to a widget wait for the cell: no answer comes while it runs.
DEAF = """from amlflow_jupyter.widgets import live_widget
live_widget.answer_beside_cells = lambda comm: None"""
DEAF_BUSY = """%%track deaf
points('loss', [step % 7 for step in range(9000)])
time.sleep(900)"""


def test_where_the_kernel_does_not_answer_it_is_said_and_the_front_end_interrupts(
    page: Page, lab: Lab
):
    lab.notebook("deaf.ipynb", [f"{LOAD}\n{DEAF}", DEAF_BUSY])
    notebook = Notebook(page, lab, "deaf.ipynb")
    notebook.run_to_end(0)
    outputs = notebook.run(1)
    view = outputs.locator(".jp-AmlflowLive-root")
    expect(view).to_contain_text("9,000 points", timeout=PATIENCE)
    zoom_by_drag(view, "loss", 0.4, 0.6)
    expect(view).to_contain_text("More detail comes when the cell is over.", timeout=PATIENCE)
    view.get_by_role("button", name="Stop").click()
    view.get_by_role("button", name="Interrupt").click()
    expect(outputs).to_contain_text("Killed", timeout=PATIENCE)
    expect(outputs).to_contain_text("KeyboardInterrupt")
