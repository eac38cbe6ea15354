"""What git says of the code, in real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from amlflow_jupyter.capture import git
from amlflow_jupyter.capture.secrets import KnownSecrets

COMMIT, BRANCH = "mlflow.source.git.commit", "mlflow.source.git.branch"
DIRTY, REMOTE = "mlflow.source.git.dirty", "mlflow.source.git.repoURL"


def run(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
    command = ["git", "-C", str(folder), *names, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "notebooks").mkdir(parents=True)
    run(folder, "init", "-q", "-b", "main")
    (folder / "train.py").write_text("lr = 0.1\n")
    (folder / "notebooks" / "a.ipynb").write_text("{}\n")
    run(folder, "add", ".")
    run(folder, "commit", "-q", "-m", "one")
    return folder


def test_a_clean_repository(repository: Path) -> None:
    run(repository, "remote", "add", "origin", "https://me:hunter22@example.com/x/y.git")
    (repository / "untracked.txt").write_text("x")
    found = git.collect(repository / "notebooks", 1000)
    assert found.tags == {
        COMMIT: run(repository, "rev-parse", "HEAD"),
        BRANCH: "main",
        DIRTY: "False",
        REMOTE: "https://example.com/x/y.git",
    }
    assert not found.files
    assert not found.notes


def test_changes_are_kept_without_their_secrets(repository: Path) -> None:
    (repository / "train.py").write_text('lr = 0.2\npassword = "hunter22"\n')
    found = git.collect(repository / "notebooks", 10_000)
    diff = found.files["amlflow/git.diff"]
    assert found.tags[DIRTY] == "True"
    assert "-lr = 0.1\n+lr = 0.2\n" in diff
    assert '+password = "[redacted]"' in diff
    assert found.redacted == 0  # they may be those of other cells and files


def test_secrets_of_the_cell_are_taken_out_of_changes(repository: Path) -> None:
    (repository / "train.py").write_text("# was hunter2secret99\n")
    known = KnownSecrets("password = 'hunter2secret99'")
    found = git.collect(repository, 10_000, known)
    assert "+# was [redacted]\n" in found.files["amlflow/git.diff"]


def test_staged_changes_count(repository: Path) -> None:
    (repository / "new.py").write_text("x = 1\n")
    run(repository, "add", "new.py")
    assert "+x = 1" in git.collect(repository, 10_000).files["amlflow/git.diff"]


def test_notebooks_are_left_out_of_a_long_diff(repository: Path) -> None:
    (repository / "train.py").write_text("lr = 0.2\n")
    (repository / "notebooks" / "a.ipynb").write_text("output\n" * 1000)
    found = git.collect(repository / "notebooks", 1000)
    assert "+lr = 0.2" in found.files["amlflow/git.diff"]
    assert "a.ipynb" not in found.files["amlflow/git.diff"]
    assert found.notes == ("git.diff leaves out notebooks: with their outputs it is too long",)


def test_a_diff_that_is_too_long_is_cut(repository: Path) -> None:
    (repository / "train.py").write_text("ä = 1\n" * 100_000)
    found = git.collect(repository, 5000)
    assert 4900 < len(found.files["amlflow/git.diff"].encode()) <= 5003
    assert found.notes == ("git.diff leaves out notebooks and was cut to its first 5 kB",)


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    run(repository, "checkout", "-q", "--detach")
    assert BRANCH not in git.collect(repository, 1000).tags


def test_programs_that_the_repository_names_are_not_run(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\ncat\n")
    trap.chmod(0o755)
    for setting in ("core.fsmonitor", "diff.external", "core.pager", "diff.trap.textconv"):
        run(repository, "config", setting, str(trap))
    (repository / ".gitattributes").write_text("*.py diff=trap\n")
    (repository / "train.py").write_text("lr = 0.3\n")
    assert "+lr = 0.3" in git.collect(repository, 10_000).files["amlflow/git.diff"]
    assert not (repository / "sprung").exists()


def test_nothing_is_said_where_there_is_no_repository(tmp_path: Path) -> None:
    assert git.collect(tmp_path, 1000) == git.Findings()


def test_nothing_is_said_before_the_first_commit(tmp_path: Path) -> None:
    run(tmp_path, "init", "-q")
    assert git.collect(tmp_path, 1000) == git.Findings()


def test_nothing_is_said_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert git.collect(repository, 1000) == git.Findings()
