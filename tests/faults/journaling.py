"""A journal that is delivered to a real server, and what that server holds in the end."""

from __future__ import annotations

import contextlib
import json
import math
import sqlite3
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amlflow_jupyter.journal import database, reading
from amlflow_jupyter.journal.journal import Journal
from amlflow_jupyter.journal.run_log import RunLog
from amlflow_jupyter.journal.sync import Delivery
from amlflow_jupyter.tracking.delivery import open_target

# Of a point: name, step, time, value; NaN is None.
Place = tuple[str, int, int, float | None]


class Journaled:
    """A journal of this process with its delivery."""

    def __init__(self, uri: str, **options: Any) -> None:
        self.uri = uri
        self.journal = Journal.new(**options)
        self.delivery = Delivery(self.journal, open_target)
        self.delivery.start()

    def run(self, run_id: str) -> RunLog:
        return self.journal.run(run_id, self.uri, store_run_id=run_id, opened=True)

    def delivered(self, timeout: float = 60.0) -> bool:
        return self.delivery.flush(timeout, patient=True)

    def wait_until(self, said: Callable[[Any], bool], timeout: float = 30.0) -> Any:
        return wait_until(self.delivery.status, said, timeout)


@contextmanager
def journaled(uri: str, **options: Any) -> Iterator[Journaled]:
    made = Journaled(uri, **options)
    try:
        yield made
    finally:
        made.delivery.close(0)
        made.journal.close()


def wait_until(
    look: Callable[[], Any], wanted: Callable[[Any], bool], timeout: float = 30.0
) -> Any:
    deadline = time.monotonic() + timeout
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)
    return seen


def now() -> int:
    return int(time.time() * 1000)


def create_run(url: str, name: str = "run") -> str:
    """Create a run on a server, past any proxy of ours."""
    body = {"experiment_id": "0", "run_name": name, "start_time": now()}
    asked = urllib.request.Request(
        f"{url}/api/2.0/mlflow/runs/create",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return str(json.load(answer)["run"]["info"]["run_id"])


def stored(folder: Path, run_id: str) -> Counter[Place]:
    """The points that the server's database holds of a run."""
    with contextlib.closing(sqlite3.connect(folder / "server.db")) as database:
        rows = database.execute(
            "select key, step, timestamp, value, is_nan from metrics where run_uuid = ?", (run_id,)
        ).fetchall()
    return Counter((key, step, at, None if nan else value) for key, step, at, value, nan in rows)


def texts(folder: Path, run_id: str, table: str) -> dict[str, str]:
    """The params or tags that the server's database holds of a run."""
    with contextlib.closing(sqlite3.connect(folder / "server.db")) as database:
        rows = database.execute(f"select key, value from {table} where run_uuid = ?", (run_id,))
        return {key: value for key, value in rows if not key.startswith("mlflow.")}


def runs(folder: Path, name: str) -> list[tuple[str, str]]:
    """The id and status of the runs of a name that the server's database holds."""
    with contextlib.closing(sqlite3.connect(folder / "server.db")) as database:
        rows = database.execute("select run_uuid, status from runs where name = ?", (name,))
        return rows.fetchall()


def journal_points(path: Path, run_id: str) -> Counter[Place]:
    """The points that a journal on disk holds of a run."""
    with contextlib.closing(database.open_to_read(path)) as connection:
        return Counter(
            (name, point.step, point.time, None if math.isnan(point.value) else point.value)
            for name in reading.metric_names(connection, run_id)
            for point in reading.points(connection, run_id, name)
        )
