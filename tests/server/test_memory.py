"""An unchanged database is not read again, and a changed one always is."""

import os
import sqlite3
from contextlib import closing

import pytest

from amlflow_jupyter.server.memory import Memory
from amlflow_jupyter.workspaces.target import describe

LONG_AGO = 1_700_000_000


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "mlflow.db"
    _execute(path, "CREATE TABLE runs (name TEXT)")
    return path


@pytest.fixture
def count(path):
    """Count the runs, from memory where it still holds."""
    memory, asked = Memory(), []

    def count(question="all"):
        def ask():
            asked.append(question)
            return _execute(path, "SELECT COUNT(*) FROM runs")[0][0]

        return memory.recall(describe(f"sqlite:///{path}"), question, ask), len(asked)

    return count


def _execute(path, statement):
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement).fetchall()


def _age(path):
    os.utime(path, (LONG_AGO, LONG_AGO))


def test_settled_database_is_read_once_for_each_question(path, count):
    _age(path)
    assert [count(), count(), count("other"), count()] == [(0, 1), (0, 1), (0, 2), (0, 2)]


def test_change_is_seen(path, count):
    _age(path)
    count()
    _execute(path, "INSERT INTO runs VALUES ('one')")
    assert count() == (1, 2)


def test_change_that_leaves_the_same_time_behind_is_seen(count, path):
    assert count() == (0, 1)
    moment = path.stat().st_mtime_ns
    _execute(path, "INSERT INTO runs VALUES ('one')")
    os.utime(path, ns=(moment, moment))
    assert count() == (1, 2)


def test_change_in_the_write_ahead_log_is_seen(path, count):
    _execute(path, "PRAGMA journal_mode=WAL")
    _age(path)
    with closing(sqlite3.connect(path)) as kernel:
        with kernel:
            kernel.execute("INSERT INTO runs VALUES ('one')")
        _age(path)
        _age(f"{path}-wal")
        assert count() == (1, 1)
        with kernel:
            kernel.execute("INSERT INTO runs VALUES ('two')")
        _age(path)
        assert count() == (2, 2)


def test_other_stores_are_always_asked():
    memory, answers = Memory(), iter([1, 2])
    server = describe("http://localhost:5000")
    found = [memory.recall(server, "all", lambda: next(answers)) for _ in range(2)]
    assert found == [1, 2]
