"""Forks, threads, several who deliver, and the end of a process."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from journaling import create_run, journaled, now, stored, wait_until
from servers import MlflowServer, free_port

from amlflow_jupyter.journal import places
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.recovery import recover
from amlflow_jupyter.journal.sync import Delivery
from amlflow_jupyter.tracking.delivery import open_target

FORKS = 30


def test_32_threads(server: MlflowServer):
    run_id = create_run(server.url)
    with journaled(server.url) as here:
        log, at = here.run(run_id), now()

        def work(name: str) -> None:
            for step in range(250):
                log.metric(name, step, step, at)

        workers = [threading.Thread(target=work, args=(f"m{n}",)) for n in range(32)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert here.delivered()
    wanted = Counter((f"m{n}", step, at, float(step)) for n in range(32) for step in range(250))
    assert stored(server.folder, run_id) == wanted


def test_a_fork_keeps_a_journal_of_its_own(server: MlflowServer):
    run_id = create_run(server.url)
    with journaled(server.url) as here:
        log, at = here.run(run_id), now()
        stop = threading.Event()

        def keep_logging() -> None:
            step = 0
            while not stop.is_set():
                log.metric("parent", step, step, at)
                step += 1
                time.sleep(0.0001)

        thread = threading.Thread(target=keep_logging)
        thread.start()
        children = [fork_and_log(log, f"child{n}", at) for n in range(FORKS)]
        for child in children:
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        thread.join()
        assert len(places.journals()) >= 1
        assert here.delivered()
        recover(open_target, 60)
        # The parent's own file is untouched by its children.
        assert here.journal.writer.run("pragma integrity_check") == [("ok",)]
        assert places.journals() == [here.journal.path]
    found = stored(server.folder, run_id)
    for n in range(FORKS):
        steps = [step for name, step, _, _ in found.elements() if name == f"child{n}"]
        assert sorted(steps) == list(range(100))


def fork_and_log(log, name: str, at: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            for step in range(100):
                log.metric(name, step, step, at)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return pid


def test_a_forked_worker_that_lives_delivers_itself(server: MlflowServer):
    run_id = create_run(server.url)
    with journaled(server.url) as here:
        log, at = here.run(run_id), now()
        log.metric("parent", 1, 0, at)
        assert here.delivered()
        done = multiprocessing.get_context("fork").Event()

        def work() -> None:
            log.metric("worker", 1, 0, at)
            done.wait(60)

        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        try:
            wait_until(lambda: stored(server.folder, run_id)["worker", 0, at, 1.0], bool)
        finally:
            done.set()
            worker.join()


def test_a_run_that_began_offline_and_forked_is_created_once(
    server: MlflowServer, proxy: FaultProxy
):
    from uuid import uuid4

    from journaling import runs

    proxy.fail(status=503)
    held, at = uuid4().hex, now()
    with journaled(proxy.url) as here:
        creation = {"experiment_id": "0", "name": "forked-offline", "start_time": at}
        log = here.journal.create_run(held, proxy.url, creation)
        log.metric("parent", 1, 0, at)
        assert os.waitpid(fork_and_log(log, "child", at), 0)[1] == 0
        proxy.heal()
        assert here.delivered()
        recover(open_target, 60)
    ((run_id, status),) = runs(server.folder, "forked-offline")
    assert status == "RUNNING"  # its parent lives
    assert sum(stored(server.folder, run_id).values()) == 101


def test_two_who_deliver_one_journal(server: MlflowServer):
    run_id = create_run(server.url)
    with journaled(server.url) as here:
        log, at = here.run(run_id), now()
        second = Delivery(here.journal, open_target)
        second.start()
        for step in range(5000):
            log.metric("loss", step, step, at)
        assert here.delivered()
        assert second.flush(30)
        second.close(1)
    wanted = Counter(("loss", step, at, float(step)) for step in range(5000))
    assert stored(server.folder, run_id) == wanted


def test_two_processes_that_recover_at_once(server: MlflowServer):
    run_id = create_run(server.url)
    at = now()
    for number in range(6):
        journal = Journal.new()
        log = journal.run(run_id, server.url, store_run_id=run_id)
        for step in range(500):
            log.metric(f"m{number}", step, step, at)
        journal.close()
    code = (
        "from amlflow_jupyter.journal.recovery import recover\n"
        "from amlflow_jupyter.tracking.delivery import open_target\n"
        "print(sum(each.entries for each in recover(open_target, 60)))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=env())
        for _ in range(2)
    ]
    counts = [int(process.communicate()[0]) for process in both]
    assert sum(counts) == 3000
    assert sum(stored(server.folder, run_id).values()) == 3000
    assert places.journals() == []


@pytest.mark.parametrize("address", ["gone", "silent"])
def test_the_end_of_a_process_with_the_server_down(
    server: MlflowServer, proxy: FaultProxy, address: str
):
    proxy.fail(silent=True)
    uri = f"http://127.0.0.1:{free_port()}" if address == "gone" else proxy.url
    run_id = create_run(server.url)
    code = f"""
import time
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.sync import Delivery
from amlflow_jupyter.tracking.delivery import open_target
import mlflow.utils.rest_utils
journal = Journal.new()
delivery = Delivery(journal, open_target)
delivery.start()
log = journal.run({run_id!r}, {uri!r}, store_run_id={run_id!r})
for step in range(100):
    log.metric("loss", step, step, {now()})
begun = time.monotonic()
left = delivery.close(2.0)
journal.close()
print(round(time.monotonic() - begun), left.sentence())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env(), timeout=60
    )
    seconds, sentence = done.stdout.split(" ", 1)
    assert int(seconds) <= 5, done.stderr
    assert "100 values" in sentence
    (path,) = places.journals()
    assert path.exists()


def env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_everything_is_removed_that_was_delivered(server: MlflowServer, tmp_path: Path):
    run_id = create_run(server.url)
    file = tmp_path / "file"
    file.write_text("text")
    with journaled(server.url) as here:
        log = here.run(run_id)
        log.metric("loss", 1.0, 0, now())
        log.artifact(file, None, now())
        assert here.delivered()
        here.delivery.close(1.0)
        here.journal.close(remove=True)
    assert list(places.folder().iterdir()) == []
