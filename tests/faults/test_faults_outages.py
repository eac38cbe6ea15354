"""A server that is not there, dies and returns; runs that are created when it is back."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import uuid4

import pytest
from fault_proxy import FaultProxy
from journaling import create_run, journaled, now, runs, stored, texts, wait_until
from servers import MlflowServer, free_port, mlflow_server

CREATION = {"experiment_id": "0", "tags": [["origin", "here"]], "user": "me", "start_time": 1}


def test_a_server_that_dies_and_returns_while_logging(tmp_path: Path):
    with mlflow_server(tmp_path) as server, journaled(server.url) as here:
        run_id = create_run(server.url)
        log, slowest, step = here.run(run_id), 0.0, 0

        def log_some() -> None:
            nonlocal slowest, step
            for _ in range(200):
                begun = time.perf_counter()
                log.metric("loss", step, step, now())
                slowest = max(slowest, time.perf_counter() - begun)
                step += 1

        log_some()
        assert here.delivered()
        server.stop()
        log_some()
        told = here.wait_until(lambda status: status.state == "offline")
        assert told.sentence() == "offline, 200 values kept here"
        assert "cannot be reached" in told.error
        log_some()
        server.start()
        back = time.monotonic()
        log_some()
        assert here.delivered()
        assert time.monotonic() - back < 30
        points = stored(tmp_path, run_id)
    assert sorted(point[1] for point in points.elements()) == list(range(800))
    assert slowest < 1.0


@pytest.mark.parametrize("address", ["refused", "unknown host", "no TLS"])
def test_a_server_that_was_never_there(server: MlflowServer, address: str):
    uri = {
        "refused": f"http://127.0.0.1:{free_port()}",
        "unknown host": "http://no-such-host.invalid",
        "no TLS": server.url.replace("http:", "https:"),
    }[address]
    with journaled(uri) as here:
        here.run("a" * 32).metric("loss", 1.0, 0, now())
        told = here.wait_until(lambda status: status.state == "offline")
        assert "1 value kept here" in told.sentence()
        begun = time.monotonic()
        left = here.delivery.close(2.0)
        assert time.monotonic() - begun < 5
        assert left.backlog == 1


@pytest.mark.parametrize("fault", ["lose", "cut_answer", "status"])
def test_a_run_is_created_once_though_the_answer_is_lost(
    server: MlflowServer, proxy: FaultProxy, fault: str
):
    name, held = f"created-{fault}", uuid4().hex
    proxy.fail("runs/create", times=2, **{fault: 500 if fault == "status" else True})
    with journaled(proxy.url) as here:
        log = here.journal.create_run(held, proxy.url, {**CREATION, "name": name})
        log.metric("loss", 0.5, 0, now())
        log.param("lr", "1", now())
        log.end("FINISHED", now())
        assert here.delivered()
        assert log.record.store_run_id is not None
    ((run_id, status),) = runs(server.folder, name)
    assert (run_id, status) == (log.record.store_run_id, "FINISHED")
    assert texts(server.folder, run_id, "tags") == {
        "origin": "here",
        "amlflow.client_run_id": held,
    }
    assert sum(stored(server.folder, run_id).values()) == 1


def test_runs_that_began_offline_are_created_with_their_children(
    server: MlflowServer, proxy: FaultProxy
):
    proxy.fail(status=503)
    parent, child = uuid4().hex, uuid4().hex
    with journaled(proxy.url) as here:
        here.journal.create_run(parent, proxy.url, {**CREATION, "name": "offline-parent"})
        tags = [["mlflow.parentRunId", parent]]
        beneath = {**CREATION, "name": "offline-child", "tags": tags}
        log = here.journal.create_run(child, proxy.url, beneath)
        log.metric("loss", 0.5, 0, now())
        log.end("FAILED", now())
        here.wait_until(lambda status: status.state == "offline")
        proxy.heal()
        assert here.delivered()
    ((parent_id, parent_status),) = runs(server.folder, "offline-parent")
    ((child_id, child_status),) = runs(server.folder, "offline-child")
    assert (parent_status, child_status) == ("RUNNING", "FAILED")
    assert parent_of(server, child_id) == parent_id


def test_a_run_whose_experiment_is_gone_is_named(proxy: FaultProxy):
    with journaled(proxy.url) as here:
        creation = {**CREATION, "experiment_id": "987654"}
        here.journal.create_run("3" * 32, proxy.url, creation).metric("loss", 1.0, 0, now())
        told = here.wait_until(lambda status: bool(status.refused))
        assert told.refused[0][0] == "3" * 32
        assert "987654" in told.refused[0][1]


def test_an_artifact_is_sent_as_it_was_logged(
    server: MlflowServer, proxy: FaultProxy, tmp_path: Path
):
    run_id = create_run(server.url)
    file, gone = tmp_path / "notes ä.txt", tmp_path / "gone.txt"
    proxy.fail(method="PUT", times=2, cut_request=True)
    with journaled(proxy.url) as here:
        log = here.run(run_id)
        file.write_text("first")
        log.artifact(file, "texts", now())
        gone.write_text("x" * 100_000)
        log.artifact(gone, None, now())
        file.write_text("changed")
        gone.unlink()
        log.end("FINISHED", now())
        assert here.delivered()
        assert list(here.journal.path.with_suffix(".files").iterdir()) == []
    root = server.folder / "artifacts" / "0" / run_id / "artifacts"
    assert (root / "texts" / "notes ä.txt").read_text() == "first"
    assert (root / "gone.txt").read_text() == "x" * 100_000


def test_the_end_of_a_run_comes_last(server: MlflowServer, proxy: FaultProxy, tmp_path: Path):
    run_id = create_run(server.url, "last")
    file = tmp_path / "file.txt"
    file.write_text("text")
    with journaled(proxy.url) as here:
        log = here.run(run_id)
        log.artifact(file, None, now())
        log.metric("loss", 1.0, 0, now())
        log.end("FINISHED", 1_700_000_000_000)
        assert here.delivered()
    paths = [path for _, _, path in proxy.requests if "runs/get" not in path]
    assert paths.index("/api/2.0/mlflow/runs/update") == len(paths) - 1
    assert runs(server.folder, "last") == [(run_id, "FINISHED")]


def parent_of(server: MlflowServer, run_id: str) -> str:
    from mlflow import MlflowClient

    return MlflowClient(server.url).get_run(run_id).data.tags["mlflow.parentRunId"]


def test_delivery_goes_on_within_five_seconds_of_an_outage(server: MlflowServer, proxy: FaultProxy):
    run_id = create_run(server.url)
    proxy.fail(status=503)
    with journaled(proxy.url) as here:
        here.run(run_id).metric("loss", 1.0, 0, now())
        time.sleep(6)  # long enough for the pauses to be at their longest
        proxy.heal()
        wait_until(lambda: sum(stored(server.folder, run_id).values()), bool, 5)
