"""Settings and profiles that cannot be read."""

from __future__ import annotations

import pytest
from doctor_parts import SUBJECT

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import configuration
from amlflow_jupyter.doctor.subject import subject_of
from amlflow_jupyter.workspaces.profiles import Profile, Profiles


def test_nothing_is_set():
    assert [finding.level for finding in configuration.check(SUBJECT)] == [Level.OK, Level.OK]


def test_what_is_set_and_saved_is_told(home, monkeypatch):
    monkeypatch.setenv("AMLFLOW_CONNECT_TIMEOUT", "7")
    Profiles().save(Profile("mine", "sqlite:////x.db", default=True))
    settings, profiles = configuration.check(SUBJECT)
    assert "some are set in AMLFLOW_CONNECT_TIMEOUT" in settings.message
    assert profiles.message == f"1 profile saved in {home / 'profiles.json'}; mine is the default."


@pytest.mark.parametrize("content", ["connect_timeout = ", "no_such_setting = 1", b"\xff"])
def test_a_file_of_settings_that_is_wrong(home, content):
    path = home / "settings.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    finding = configuration.settings(SUBJECT)
    assert finding.level is Level.FAILURE
    assert str(path) in finding.message
    assert finding.remedy == f"mv {path} {path}.broken"


def test_a_value_in_the_file_that_is_wrong(home):
    path = home / "settings.toml"
    path.write_text('connect_timeout = "soon"')
    assert configuration.settings(SUBJECT).remedy == f"mv {path} {path}.broken"


def test_a_variable_that_is_wrong(monkeypatch):
    monkeypatch.setenv("AMLFLOW_CONNECT_TIMEOUT", "soon")
    finding = configuration.settings(SUBJECT)
    assert finding.level is Level.FAILURE
    assert finding.remedy == "unset AMLFLOW_CONNECT_TIMEOUT"


@pytest.mark.parametrize("content", ["{", "[]", '{"profiles": [{"name": "../x", "uri": "y"}]}'])
def test_profiles_that_are_wrong(home, content):
    path = home / "profiles.json"
    path.write_text(content)
    finding = configuration.profiles(SUBJECT)
    assert finding.level is Level.FAILURE
    assert finding.remedy == f"mv {path} {path}.broken"


def test_broken_settings_and_profiles_do_not_keep_the_doctor_from_its_work(home, tmp_path):
    (home / "settings.toml").write_text("{")
    (home / "profiles.json").write_text("{")
    subject = subject_of(None, tmp_path, SUBJECT.commands)
    assert subject.timeout == 5.0
    assert subject.workspace is None
    assert subject.problem
    assert "profiles.json cannot be read" in subject.problem
