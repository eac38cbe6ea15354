import subprocess
import sys
from dataclasses import replace

import pytest

from amlflow_jupyter.workspaces.presence import Presence, Presences, this_process


@pytest.fixture
def mine():
    pid, created = this_process()
    return Presence(pid, created, "sqlite:////x.db", "exp", "/n.ipynb", 1.0)


def test_a_living_kernel_is_seen_until_it_withdraws(mine):
    Presences().announce(mine)
    assert list(Presences().living()) == [mine]
    Presences().withdraw(mine.pid)
    assert list(Presences().living()) == []


def test_a_dead_process_is_swept(mine):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    presences = Presences()
    presences.announce(replace(mine, pid=process.pid))
    assert list(presences.living()) == []
    assert list(presences.folder.iterdir()) == []


def test_a_pid_that_is_used_again_is_another_process(mine):
    presences = Presences()
    presences.announce(replace(mine, created=mine.created - 3600))
    assert list(presences.living()) == []


def test_a_file_that_is_not_ours_is_passed_over(mine):
    presences = Presences()
    presences.announce(mine)
    (presences.folder / "other.json").write_text("{")
    assert list(presences.living()) == [mine]
