import os
import stat

import pytest

from amlflow_jupyter.errors import BadConfiguration, BadTarget
from amlflow_jupyter.workspaces.profiles import Profile, Profiles


def test_what_is_saved_is_read_again():
    profile = Profile("team", "http://host", "exp")
    Profiles().save(profile)
    assert Profiles().all() == [profile]
    assert Profiles().get("team") == profile
    assert Profiles().get("other") is None


def test_one_profile_is_the_default():
    Profiles().save(Profile("a", "http://a", default=True))
    Profiles().save(Profile("b", "http://b", default=True))
    assert [profile.name for profile in Profiles().all() if profile.default] == ["b"]
    assert Profiles().default() == Profile("b", "http://b", default=True)


def test_saving_a_name_again_replaces_it():
    Profiles().save(Profile("a", "http://old"))
    Profiles().save(Profile("a", "http://new"))
    assert [profile.uri for profile in Profiles().all()] == ["http://new"]


@pytest.mark.parametrize("name", ["", "-x", "a/b", "a b", "ü", "x" * 65])
def test_names_that_cannot_be_used(name):
    with pytest.raises(BadTarget, match="cannot be a profile's name"):
        Profiles().save(Profile(name, "http://host"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"profiles": [{"nme": "x"}]}'])
def test_a_damaged_file_is_named(text):
    profiles = Profiles()
    profiles.path.write_text(text)
    with pytest.raises(BadConfiguration, match="mend or remove"):
        profiles.all()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadConfiguration, match="set AMLFLOW_HOME"):
        Profiles(tmp_path / "file" / "profiles.json").save(Profile("a", "http://a"))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders private otherwise")
def test_only_the_owner_can_read_them(tmp_path):
    profiles = Profiles(tmp_path / "new" / "profiles.json")
    profiles.save(Profile("a", "http://a"))
    assert stat.S_IMODE(profiles.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(profiles.path.parent.stat().st_mode) == 0o700
