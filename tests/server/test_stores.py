"""Local stores are read: never made, never migrated, never held open."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import mlflow
import pytest

OLD_REVISION = "451aebb31d03"  # The first of MLflow's migrations.


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a folder" / "mlflow.db"


@pytest.fixture
def refused(save, ask, path):
    """Ask for the experiments of the database at ``path``; return why there are none."""

    async def refused():
        save("mine", f"sqlite:///{path}")
        (found,) = (await ask("connections"))["connections"]
        assert found["location"] == str(path)
        return (await ask("connections", "mine", "experiments", expect=502))["message"]

    return refused


def _make(path, name):
    """Make a store with one run of that name."""
    client = mlflow.MlflowClient(uri := f"sqlite:///{path}", registry_uri=uri)
    client.create_run("0", run_name=name)


def _mend(path, statement):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


async def test_database_that_is_not_there_is_not_made(refused, path):
    assert await refused() == f"There is no store at {path} yet: run a tracked cell first."
    assert not path.parent.exists()


async def test_empty_file_is_left_empty(refused, path):
    path.parent.mkdir()
    path.touch()
    assert "cannot be read as a store of MLflow" in await refused()
    assert path.read_bytes() == b""


async def test_file_that_is_no_database_is_said(refused, path):
    path.parent.mkdir()
    path.write_text("not a database, but long enough to look like one " * 100)
    assert "cannot be read as a store of MLflow" in await refused()


async def test_database_of_another_version_is_not_migrated(refused, path):
    path.parent.mkdir()
    _make(path, "one")
    _mend(path, f"UPDATE alembic_version SET version_num = '{OLD_REVISION}'")
    _mend(path, "DROP TABLE trace_tags")
    before = path.read_bytes()
    assert "another version of MLflow" in await refused()
    assert path.read_bytes() == before


async def test_database_that_is_being_made_is_left_to_its_maker(refused, path):
    path.parent.mkdir()
    _make(path, "one")
    _mend(path, "DELETE FROM experiments")
    before = path.read_bytes()
    assert "yet" in await refused()
    assert path.read_bytes() == before


async def _names(ask):
    runs = await ask("connections", "mine", "runs", experiment="0")
    return [run["name"] for run in runs["runs"]]


async def test_new_runs_and_a_store_made_anew_are_seen(save, ask, tmp_path):
    path, other = tmp_path / "mlflow.db", tmp_path / "other.db"
    save("mine", f"sqlite:///{path}")
    _make(path, "one")
    assert await _names(ask) == ["one"]
    _make(path, "two")
    assert await _names(ask) == ["two", "one"]
    _make(other, "three")
    other.replace(path)
    assert await _names(ask) == ["three"]


KERNEL = """
import sys, mlflow
client = mlflow.MlflowClient(sys.argv[1], registry_uri=sys.argv[1])
for number in range(20):
    run = client.create_run("0", run_name=str(number)).info.run_id
    client.log_metric(run, "loss", number)
    client.set_terminated(run)
"""


async def test_store_that_is_read_while_a_kernel_makes_it_is_whole(save, jp_fetch, ask, tmp_path):
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    save("mine", uri)
    kernel = await asyncio.create_subprocess_exec(sys.executable, "-c", KERNEL, uri)
    ended = asyncio.create_task(kernel.wait())
    statuses = set()
    while not ended.done():
        route = ("amlflow", "api", "connections", "mine", "runs")
        answer = await jp_fetch(*route, params={"experiment": "0"}, raise_error=False)
        statuses.add(answer.code)
    assert ended.result() == 0
    assert statuses <= {200, 502}
    assert sorted(await _names(ask), key=int) == [str(number) for number in range(20)]


@pytest.fixture
def many(tmp_path):
    """Make a store of 1,200 runs, the newest of which is number 1,199."""
    path = tmp_path / "mlflow.db"
    _make(path, "first")
    with closing(sqlite3.connect(path)) as database, database:
        database.row_factory = sqlite3.Row
        run = dict(database.execute("SELECT * FROM runs").fetchone())
        database.execute("DELETE FROM tags")
        database.execute("DELETE FROM runs")
        rows = [
            run | {"run_uuid": f"{number:032}", "name": f"n{number}", "start_time": number}
            for number in range(1200)
        ]
        marks = ",".join(f":{name}" for name in run)
        database.executemany(f"INSERT INTO runs VALUES ({marks})", rows)
    return f"sqlite:///{path}"


async def test_search_looks_at_the_newest_thousand(save, ask, many):
    save("mine", many)
    route = ("connections", "mine", "runs")
    page = await ask(*route, experiment="0", search="n200")
    assert [run["name"] for run in page["runs"]] == ["n200"]
    old = await ask(*route, experiment="0", search="n199")
    assert old == {"runs": [], "searched": 1000, "more": True}
    page = await ask(*route, experiment="0", limit=500)
    assert [run["name"] for run in page["runs"]] == [f"n{n}" for n in range(1199, 699, -1)]
    assert (page["searched"], page["more"]) == (500, True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a store of the old kind, which newer versions of MLflow make only when told to."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    folder = tmp_path / "mlruns"
    client = mlflow.MlflowClient(folder.as_uri(), registry_uri=folder.as_uri())
    client.create_run("0", run_name="in files")
    monkeypatch.delenv("MLFLOW_ALLOW_FILE_STORE")
    return folder


@pytest.mark.parametrize("written", [Path.as_uri, str])
async def test_folder_store_is_read(save, ask, folder, written):
    save("mine", written(folder))
    assert await _names(ask) == ["in files"]


async def test_folder_that_is_no_store_is_left_alone(save, ask, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    save("mine", folder.as_uri())
    assert "yet" in (await ask("connections", "mine", "experiments", expect=502))["message"]
    assert list(folder.iterdir()) == []
