"""A server that goes away costs the cell nothing: what it could not take is kept, or sent later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel import Kernel, kernel, wait_for
from mlflow import MlflowClient
from mlflow.entities import Run
from servers import MlflowServer, free_port, mlflow_server

CELL = """%%track {name} --params
import pathlib, time
import amlflow
size = 3
def wait(name):
    pathlib.Path(f'at-{{name}}').touch()
    while not pathlib.Path(name).exists():
        time.sleep(0.01)
def log(first, last):
    for step in range(first, last):
        mlflow.log_metric('m', step / 10, step=step)
        amlflow.log({{'n': step}}, step=step)
log(0, 5)
wait('{name}-1')
log(5, 10)
mlflow.log_param('p', 'kept')
mlflow.set_tag('t', 'kept')
wait('{name}-2')
log(10, 15)
print('trained')"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MlflowServer, Kernel]]:
    folder = tmp_path_factory.mktemp("served")
    with mlflow_server(folder) as server, kernel(folder, AMLFLOW_CONNECT_TIMEOUT="2") as here:
        assert here.run(f"%load_ext amlflow\n%aml_connect {server.url}\nimport mlflow").ok
        yield server, here


def test_what_a_server_missed_is_sent_when_it_is_back(served: tuple[MlflowServer, Kernel]):
    server, here = served
    message = here.send(CELL.format(name="back"))
    wait_for(here.folder / "at-back-1")
    server.stop()
    (here.folder / "back-1").touch()
    wait_for(here.folder / "at-back-2")
    server.start()
    (here.folder / "back-2").touch()
    ran = here.wait(message)
    assert ran.ok, ran.error
    assert ran.stdout == "trained\n"
    run = run_named(server, "back")
    client = MlflowClient(server.url)
    for metric, scale in (("m", 10), ("n", 1)):
        history = client.get_metric_history(run.info.run_id, metric)
        assert sorted(point.step for point in history) == list(range(15))
        assert all(point.value * scale == pytest.approx(point.step) for point in history)
    assert run.data.params == {"p": "kept", "size": "3"}
    assert run.data.tags["t"] == "kept"
    assert run.info.status == "FINISHED"
    assert "kept in" not in ran.text()


def test_what_a_server_does_not_take_is_kept_and_said_and_sent_later(
    served: tuple[MlflowServer, Kernel],
):
    server, here = served
    message = here.send(CELL.format(name="gone"))
    wait_for(here.folder / "at-gone-1")
    server.stop()
    (here.folder / "gone-1").touch()
    (here.folder / "gone-2").touch()
    ran = here.wait(message)
    assert ran.ok, ran.error
    assert ran.stdout == "trained\n"
    assert "offline, " in ran.text()
    assert "values kept here" in ran.text()
    assert "cannot be reached" in ran.text()
    assert here.run("mlflow.active_run() is None").text().strip() == "True"
    left = here.run("import os\n[name for name in os.environ if 'HTTP_REQUEST' in name]")
    assert left.text().strip() == "[]"
    server.start()
    client = MlflowClient(server.url)
    deadline = time.monotonic() + 60
    while (run := run_named(server, "gone")).info.status == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert run.info.status == "FINISHED"
    assert run.data.params == {"p": "kept", "size": "3"}
    assert run.data.tags["t"] == "kept"
    for metric in ("m", "n"):
        history = client.get_metric_history(run.info.run_id, metric)
        assert sorted(point.step for point in history) == list(range(15))
    artifacts = server.folder / "artifacts" / "0" / run.info.run_id / "artifacts"
    assert (artifacts / "amlflow" / "stdout.txt").read_text() == "trained\n"


def test_an_error_of_the_users_own_is_raised_as_ever(served: tuple[MlflowServer, Kernel]):
    _, here = served
    ran = here.run("%%track wrong\nmlflow.log_param('p', 1)\nmlflow.log_param('p', 2)")
    assert ran.tracebacks == 1
    assert "MlflowException" in ran.error


def test_a_cell_runs_where_the_default_target_cannot_be_reached(tmp_path: Path):
    url = f"http://127.0.0.1:{free_port()}"
    with kernel(tmp_path, MLFLOW_TRACKING_URI=url) as here:
        here.run("%load_ext amlflow\nimport mlflow")
        ran = here.run("%%track nowhere\nmlflow.log_metric('m', 1)\nprint('ran')")
        assert ran.ok, ran.error
        assert ran.stdout == "ran\n"
        assert "nothing listens there" in ran.text()
        kept = MlflowClient(f"sqlite:///{tmp_path}/.home/kept/mlflow.db")
        (run,) = kept.search_runs(["0"])
        assert (run.info.run_name, run.data.metrics) == ("nowhere", {"m": 1.0})
        assert here.run("mlflow.get_tracking_uri()").text().strip() == repr(url)


def run_named(server: MlflowServer, name: str) -> Run:
    (run,) = MlflowClient(server.url).search_runs(["0"], f"run_name = '{name}'")
    return run
