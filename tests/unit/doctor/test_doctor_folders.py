"""Folders that cannot be written or are open to all, disks that are full or another computer's."""

from __future__ import annotations

from pathlib import Path

import pytest
from doctor_parts import SUBJECT

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import folders
from amlflow_jupyter.doctor.places import Mount, mounts, network_file_system


def test_a_folder_of_ones_own(tmp_path):
    tmp_path.chmod(0o700)
    finding = folders.writable(SUBJECT, tmp_path, "data")
    assert finding.message == f"The data folder {tmp_path} can be written, by you alone."
    finding = folders.writable(SUBJECT, tmp_path / "new" / "one", "data")
    assert finding.level is Level.OK
    assert "can be made" in finding.message
    assert not (tmp_path / "new").exists()


def test_a_file_in_its_place(tmp_path):
    (tmp_path / "data").touch()
    finding = folders.writable(SUBJECT, tmp_path / "data", "data")
    assert finding.level is Level.FAILURE
    assert f"{tmp_path / 'data'} is no folder" in finding.message
    assert finding.remedy
    assert finding.remedy.startswith("export AMLFLOW_HOME=")


def test_a_place_that_nobody_can_write():
    finding = folders.writable(SUBJECT, Path("/proc/amlflow"), "configuration")
    assert finding.level is Level.FAILURE
    assert "The configuration folder cannot be used: /proc cannot be written" in finding.message


def test_a_folder_that_others_can_look_into(tmp_path):
    tmp_path.chmod(0o755)
    finding = folders.writable(SUBJECT, tmp_path, "data")
    assert finding.level is Level.WARNING
    assert finding.remedy == f"chmod 700 {tmp_path}"


def test_a_disk_without_space():
    finding = folders.space(SUBJECT, Path("/proc"), "runs")
    assert finding.level is Level.FAILURE
    assert "Only 0 MB are free for runs (/proc): files will be lost" in finding.message
    assert finding.remedy == "du -xh --max-depth=1 /proc"


def test_a_disk_with_little_space(tmp_path):
    finding = folders.space(SUBJECT, tmp_path / "not" / "yet", "runs", scarce=1 << 60)
    assert finding.level is Level.WARNING
    assert finding.message.startswith("Only ")
    assert folders.space(SUBJECT, tmp_path, "runs", scarce=1, full=0).level is Level.OK


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/.local/share/amlflow", "nfs4"),
        ("/home/melissa/amlflow", None),
        ("/mnt/batch/tasks/shared/LS_root/mounts/clusters/ci/code", "cifs"),
        ("/mnt/batch/local", None),
        ("/data", "fuse.blobfuse2"),
        ("/database", None),
        ("/dbfs/amlflow", "Databricks"),
        ("//server/share/amlflow", "Windows share"),
    ],
)
def test_the_disks_of_other_computers(path, kind):
    table = [
        Mount("/", "ext4"),
        Mount("/home/me", "nfs4"),
        Mount("/mnt/batch/tasks/shared/LS_root/mounts/clusters/ci/code", "CIFS"),
        Mount("/data/", "fuse.blobfuse2"),
    ]
    assert network_file_system(Path(path), table) == kind


def test_a_local_disk_inside_of_a_shared_one_is_local():
    table = [Mount("/home", "nfs"), Mount("/home/me/scratch", "xfs")]
    assert network_file_system(Path("/home/me/scratch/amlflow"), table) is None


def test_this_computers_disks_are_known():
    assert any(mount.folder == "/" for mount in mounts())


def test_the_data_folder_of_this_test(home):
    home.chmod(0o700)
    found = list(folders.check(SUBJECT))
    assert [finding for finding in found if finding.level is Level.FAILURE] == []
    assert any(str(home) in finding.message for finding in found)


def test_a_data_folder_that_cannot_be_made(monkeypatch):
    monkeypatch.setenv("AMLFLOW_HOME", "/proc/amlflow")
    found = list(folders.check(SUBJECT))
    assert [finding.level for finding in found][:2] == [Level.FAILURE, Level.FAILURE]
