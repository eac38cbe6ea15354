"""Targets on this computer that cannot be used, and targets that cannot be understood."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from doctor_parts import TERMINAL, levels, only

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import target
from amlflow_jupyter.doctor.finding import Finding
from amlflow_jupyter.doctor.schema import State, database_state
from amlflow_jupyter.doctor.subject import subject_of
from amlflow_jupyter.workspaces.profiles import Profile, Profiles


def look(name: str | None, folder: Path) -> list[Finding]:
    return list(target.check(subject_of(name, folder, TERMINAL)))


def database(path: Path, revision: str | None) -> Path:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE alembic_version (version_num TEXT)")
        if revision is not None:
            made.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        made.commit()
    return path


def test_a_store_that_is_not_there_yet(tmp_path):
    found = look("local", tmp_path)
    assert levels(found) == [Level.OK, Level.OK, Level.SKIPPED]
    assert not (tmp_path / "mlflow.db").exists()


def test_a_folder_that_is_missing(tmp_path):
    finding = only(look(f"sqlite:///{tmp_path}/none/mlflow.db", tmp_path))
    assert finding.level is Level.FAILURE
    assert finding.remedy == f"mkdir -p {tmp_path}/none"


def test_a_folder_that_nobody_can_write(tmp_path):
    finding = only(look("sqlite:////proc/mlflow.db", tmp_path))
    assert finding.level is Level.FAILURE
    assert "/proc cannot be written" in finding.message


def test_tables_of_an_older_mlflow(tmp_path):
    path = database(tmp_path / "mlflow.db", "451aebb31d03")  # MLflow's first revision
    *_, finding = look("local", tmp_path)
    assert finding.level is Level.FAILURE
    assert "of an older MLflow" in finding.message
    assert finding.remedy == f"/env/bin/python -m mlflow db upgrade sqlite:///{path}"


def test_tables_of_a_newer_mlflow(tmp_path):
    database(tmp_path / "mlflow.db", "ffffffffffff")
    *_, finding = look("local", tmp_path)
    assert finding.level is Level.FAILURE
    assert "of a newer MLflow" in finding.message
    assert finding.remedy == '/env/bin/python -m pip install "mlflow<4" --upgrade'


def test_tables_of_this_mlflow(tmp_path):
    from alembic.script import ScriptDirectory
    from mlflow.store import db_migrations

    scripts = ScriptDirectory(str(Path(db_migrations.__path__[0])))
    path = database(tmp_path / "mlflow.db", scripts.get_current_head())
    assert database_state(path) == (State.CURRENT, "")
    *_, finding = look("local", tmp_path)
    assert finding.level is Level.OK


@pytest.mark.parametrize("revision", ["rubbish", "other tables", "no revision"])
def test_a_file_that_is_no_database_of_mlflow(tmp_path, revision):
    path = tmp_path / "mlflow.db"
    if revision == "rubbish":
        path.write_text("rubbish " * 100)
    elif revision == "other tables":
        with closing(sqlite3.connect(path)) as made:
            made.execute("CREATE TABLE cats (name TEXT)")
    else:
        database(path, None)
    *_, finding = look("local", tmp_path)
    assert finding.level is Level.FAILURE
    assert finding.remedy == f"mv {path} {path}.broken"


def test_a_target_that_cannot_be_understood(tmp_path):
    finding = only(look("gopher://host", tmp_path))
    assert finding.level is Level.FAILURE
    assert "gopher:// is not a kind of target" in finding.message
    assert finding.remedy == "%aml_connect local"


def test_a_config_that_lacks_a_field(tmp_path):
    (tmp_path / "config.json").write_text('{"subscription_id": "x"}')
    finding = only(look(None, tmp_path))
    assert finding.level is Level.FAILURE
    assert '"resource_group" is missing' in finding.message


def test_the_default_profile_is_what_is_examined(tmp_path):
    Profiles().save(Profile("team", "http://mlflow.example:5000", default=True))
    finding = only(look(None, tmp_path))
    assert finding.message == (
        "Runs go to MLflow server at mlflow.example:5000, as the profile team."
    )


def test_what_the_notebook_is_connected_to_goes_before(tmp_path):
    connected = subject_of(f"sqlite:///{tmp_path}/mine.db", tmp_path, TERMINAL).workspace
    subject = subject_of(None, tmp_path, TERMINAL, connected)
    assert subject.workspace is connected
    named = subject_of("local", tmp_path, TERMINAL, connected)
    assert named.workspace != connected
