import pytest

from amlflow_jupyter.errors import BadConfiguration
from amlflow_jupyter.settings import Settings


def test_defaults_say_that_they_are_defaults():
    settings = Settings.load()
    assert settings.connect_timeout == 5.0
    assert settings.origins["connect_timeout"] == "default"


def test_argument_goes_before_environment_before_file(home, monkeypatch):
    file = home / "settings.toml"
    file.write_text("connect_timeout = 1\nrefresh_seconds = 2\n")
    monkeypatch.setenv("AMLFLOW_REFRESH_SECONDS", "3")

    settings = Settings.load()
    assert (settings.connect_timeout, settings.refresh_seconds) == (1.0, 3.0)
    assert settings.origins["connect_timeout"] == str(file)
    assert settings.origins["refresh_seconds"] == "AMLFLOW_REFRESH_SECONDS"

    assert Settings.load(refresh_seconds=4.0).refresh_seconds == 4.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("connect_timeout = [", "cannot be read"),
        ("conect_timeout = 1", "not a setting: choose from connect_timeout"),
        ('connect_timeout = "soon"', "must be of type float"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(home, text, sentence):
    (home / "settings.toml").write_text(text)
    with pytest.raises(BadConfiguration, match=sentence) as caught:
        Settings.load()
    assert "settings.toml" in str(caught.value)
