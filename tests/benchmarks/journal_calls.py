"""What one logging call costs: ours, MLflow's own ways, the floor; and what a journal weighs.

``.venv/bin/python tests/benchmarks/journal_calls.py``
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CALLS = 20_000
PEER_CALLS = 300
POINTS = 1_000_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMLFLOW_HOME"] = folder
        print(f"load average {os.getloadavg()[0]:.1f}")
        floor = show("floor: a committed SQLite row", measure(sqlite_row(Path(folder)), CALLS))
        ours = show("journal: metric()", measure(journal_metric(), CALLS), floor)
        show("journal: metrics() of 10", measure(journal_metrics(), CALLS // 10), floor)
        for name, log in (("sync", mlflow_sync(folder)), ("async", mlflow_async())):
            peer = show(f"mlflow.log_metric, {name}, sqlite", measure(log, PEER_CALLS), floor)
            print(f"{'':42} {peer / ours:8.0f} times the journal's")
        end_mlflow()
        times = measure(mlflow_journaled(folder), 5_000)
        through = show("mlflow.log_metric, journaled, sqlite", times, floor)
        print(f"{'':42} {peer / through:8.1f} times below the asynchronous one")
        show("amlflow.log of one", measure(amlflow_log(), 5_000), floor)
        disconnect()
        weigh()


def measure(call: Callable[[int], object], calls: int) -> list[float]:
    """Microseconds of each call, sorted."""
    for step in range(calls // 10):
        call(-1 - step)
    times = []
    for step in range(calls):
        begun = time.perf_counter_ns()
        call(step)
        times.append((time.perf_counter_ns() - begun) / 1000)
    return sorted(times)


def show(what: str, times: list[float], floor: float | None = None) -> float:
    median, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    ratio = f"{median / floor:6.2f} x the floor" if floor else ""
    print(f"{what:42} median {median:9.1f} us   p99 {p99:9.1f} us   {ratio}")
    return median


def sqlite_row(folder: Path) -> Callable[[int], object]:
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    for pragma in ("page_size=1024", "journal_mode=wal", "synchronous=normal"):
        connection.execute(f"pragma {pragma}")
    connection.execute("pragma wal_autocheckpoint=0")
    connection.execute("create table t(id integer primary key, step, time, value)")
    run = connection.cursor().execute
    return lambda step: run("insert into t values (null, ?, ?, ?)", (step, 1, step / 3))


def journal_metric() -> Callable[[int], object]:
    from amlflow_jupyter.journal.journal import Journal

    log = Journal.new().run("a" * 32, "http://nowhere")
    return lambda step: log.metric("loss", step / 3, step, 1_700_000_000_000)


def journal_metrics() -> Callable[[int], object]:
    from amlflow_jupyter.journal.journal import Journal

    log = Journal.new().run("a" * 32, "http://nowhere")
    names = [f"m{number}" for number in range(10)]
    return lambda step: log.metrics(
        [(name, step / 3, step, 1_700_000_000_000, "") for name in names]
    )


def mlflow_sync(folder: str) -> Callable[[int], object]:
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.start_run()
    return lambda step: mlflow.log_metric("loss", step / 3, step=step)


def mlflow_async() -> Callable[[int], object]:
    import mlflow

    return lambda step: mlflow.log_metric("later", step / 3, step=step, synchronous=False)


def mlflow_journaled(folder: str) -> Callable[[int], object]:
    import mlflow

    import amlflow_jupyter

    amlflow_jupyter.connect(f"sqlite:///{folder}/mlflow.db")
    mlflow.start_run()
    return lambda step: mlflow.log_metric("loss", step / 3, step=step)


def amlflow_log() -> Callable[[int], object]:
    import amlflow_jupyter

    return lambda step: amlflow_jupyter.log({"straight": step / 3}, step=step)


def disconnect() -> None:
    import mlflow

    from amlflow_jupyter.session import session

    mlflow.end_run()
    session.end()


def end_mlflow() -> None:
    import mlflow

    mlflow.flush_async_logging()
    mlflow.end_run()


def weigh() -> None:
    """A million points of one run: memory, and bytes on the disk."""
    import psutil

    from amlflow_jupyter.journal.journal import Journal
    from amlflow_jupyter.journal.upkeep import Upkeep, checkpoint

    journal = Journal.new()
    keeper = Upkeep(journal)
    keeper.start()
    log, process = journal.run("b" * 32, "http://nowhere"), psutil.Process()
    log.metric("loss", 0.0, 0, 1_700_000_000_000)
    before, begun, largest = process.memory_info().rss, time.perf_counter(), 0
    for step in range(1, POINTS):
        log.metric("loss", step / 3, step, 1_700_000_000_000 + step)
        if step % 50_000 == 0:
            largest = max(largest, log_size(journal.path))
    seconds = time.perf_counter() - begun
    grown = process.memory_info().rss - before
    keeper.stop()
    checkpoint(journal)
    size = journal.path.stat().st_size
    print(f"{POINTS:,} points in {seconds:.1f} s: {POINTS / seconds:,.0f} points/s")
    print(f"memory grew by {grown / 1e6:.1f} MB to {process.memory_info().rss / 1e6:.0f} MB")
    print(
        f"{size / POINTS:.1f} bytes a point (target: 100); SQLite's log grew to "
        f"{largest / 1e6:.0f} MB"
    )


def log_size(path: Path) -> int:
    return Path(f"{path}-wal").stat().st_size


if __name__ == "__main__":
    sys.exit(main())
