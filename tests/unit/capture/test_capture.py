"""All parts together, in a real IPython shell without a kernel."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from amlflow_jupyter.capture import Capture, Limits, Parts, SourceInfo


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_script_that_fails(tmp_path: Path) -> None:
    folder = tmp_path / "captured"
    capture = Capture(folder, None, Parts(git=False))
    capture.start("password = 'hunter22'\n1 / 0", None)
    print("shown")
    with pytest.raises(ValueError, match="hunter23") as raised:
        int("password='hunter23'")
    captured = capture.stop(raised.value)
    assert captured.folder == folder
    assert files(folder) == {
        "amlflow/cell.py",
        "amlflow/environment.json",
        "amlflow/requirements.txt",
        "amlflow/stdout.txt",
        "amlflow/traceback.txt",
    }
    assert captured.notes == ("3 secrets were redacted",)
    assert "hunter2" not in (folder / "amlflow" / "traceback.txt").read_text()
    for path in (folder, folder / "amlflow"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_only_the_parts_that_are_wanted(tmp_path: Path) -> None:
    capture = Capture(tmp_path, None, Parts.parse("source"))
    capture.start("x = 1", SourceInfo(Path(__file__), "n", "LOCAL"))
    print("shown")
    captured = capture.stop(ValueError())
    assert files(tmp_path) == {"amlflow/cell.py"}
    assert not captured.tags
    assert not captured.notes


def test_the_notebook_and_its_commit(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": [], "metadata": {}}))
    capture = Capture(tmp_path / "captured", None, Parts.parse("notebook,git"))
    capture.start(None, SourceInfo(path, path.name, "NOTEBOOK"))
    capture.stop(None)
    assert files(tmp_path / "captured") == {"amlflow/notebook.ipynb"}


def test_a_recorder_that_fails_becomes_a_note(tmp_path: Path, shell: InteractiveShell) -> None:
    broken = tmp_path / "broken.ipynb"
    broken.write_text("no json")
    display_pub, shell.display_pub = shell.display_pub, None
    capture = Capture(tmp_path / "captured", shell, Parts(git=False, environment=False))
    capture.start("x = 1", SourceInfo(broken, broken.name, "NOTEBOOK"))
    print("shown")
    captured = capture.stop(None)
    shell.display_pub = display_pub
    assert files(captured.folder) == {"amlflow/cell.py", "amlflow/stdout.txt"}
    assert len(captured.notes) == 2
    assert captured.notes[0].startswith("The notebook could not be found out")
    assert captured.notes[1] == "What the cell shows could not be captured (AttributeError)"
    assert "format" not in vars(shell.display_formatter)


def test_a_display_that_cannot_be_written_is_shown_anyway(
    tmp_path: Path, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "captured"
    capture = Capture(folder, shell, Parts.parse("figures"))
    capture.start(None, None)
    (folder / "figures").write_text("in the way")
    shell.display_pub.publish({"image/png": "iVBORw0KGgo=", "text/plain": "a picture"})
    captured = capture.stop(None)
    assert captured.notes == ("One of the figures was not kept (FileExistsError)",)
    assert capsys.readouterr().out == "a picture\n"


def test_what_takes_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    from amlflow_jupyter.capture import environment

    monkeypatch.setattr(environment, "collect", released.wait)
    capture = Capture(tmp_path, None, Parts.parse("environment,source"), Limits(patience=0.05))
    capture.start("x = 1", None)
    captured = capture.stop(None)
    released.set()
    assert files(tmp_path) == {"amlflow/cell.py"}
    assert captured.notes == ("The environment took too long to find out, and is left out",)


def test_everything_is_unhooked_when_the_user_interrupts(
    tmp_path: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amlflow_jupyter.capture import streams

    capture = Capture(tmp_path, shell, Parts(git=False, environment=False))
    capture.start("x = 1", None)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(streams.Transcript, "finish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        capture.stop(None)
    assert "format" not in vars(shell.display_formatter)
    assert "publish" not in vars(shell.display_pub)
    assert "write_format_data" not in vars(shell.displayhook)
