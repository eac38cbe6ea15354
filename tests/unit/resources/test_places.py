import pytest

from amlflow_jupyter.resources import places
from amlflow_jupyter.resources.failures import ResourceFailed
from amlflow_jupyter.resources.places import local_path, remote_path


@pytest.mark.parametrize("name", ["a.csv", "a/b/c.csv", "..a/b..", ".hidden", "naïve file (1).txt"])
def test_a_name_stays_inside(tmp_path, name: str):
    assert local_path(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/./b",
        "a/",
        "..\\evil",
        "C:\\evil",
        "a\\b",
        "a\x00b",
        "a\nb",
        "a\u202eb",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name: str):
    assert local_path(tmp_path, name) is None


def test_a_link_that_leads_elsewhere_is_refused(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    assert local_path(inside, "link/evil") is None
    (inside / "real").mkdir()
    (inside / "again").symlink_to(inside / "real")
    assert local_path(inside, "again/good") == inside / "again" / "good"


@pytest.mark.parametrize("name", ["C:evil", "con", "NUL.txt", "a:stream", "a.", "a ", "lpt1", "a?"])
def test_names_that_windows_takes_otherwise(name: str):
    assert not places._is_plain_on_windows(name)
    assert places._is_plain_on_windows("console.txt")


@pytest.mark.parametrize(
    ("given", "path"),
    [("", ""), ("/", ""), (".", ""), ("/a/b/", "a/b"), ("a//b", "a/b"), ("./a", "a")],
)
def test_a_remote_path(given: str, path: str):
    assert remote_path(given) == path


@pytest.mark.parametrize("given", ["..", "a/../b", "a\nb", "a\x00"])
def test_a_remote_path_that_is_none(given: str):
    with pytest.raises(ResourceFailed, match="is no path in a datastore"):
        remote_path(given)
