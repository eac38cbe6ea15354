"""The packages that are installed, and the environment around them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from amlflow_jupyter.capture import environment
from amlflow_jupyter.capture.addresses import without_credentials
from amlflow_jupyter.capture.packages import Package, installed

ORIGINS = [
    (None, "a==1.0"),
    (
        {"url": "file:///home/me/a", "dir_info": {"editable": True}},
        "a==1.0  # editable, from file:///home/me/a",
    ),
    ({"url": "file:///home/me/a", "dir_info": {}}, "a==1.0  # from file:///home/me/a"),
    (
        {
            "url": "https://me:hunter22@example.com/a.git",
            "vcs_info": {"vcs": "git", "commit_id": "1234"},
        },
        "a @ git+https://example.com/a.git@1234",
    ),
    (
        {"url": "https://example.com/a.whl?sig=abc", "archive_info": {}},
        "a @ https://example.com/a.whl",
    ),
]


@pytest.mark.parametrize(("origin", "expected"), ORIGINS)
def test_requirement(origin: dict | None, expected: str) -> None:
    assert Package("a", "1.0", origin).requirement() == expected


def install(folder: Path, name: str, version: str) -> None:
    metadata = folder / f"{name}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_what_is_installed_later_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "first", "1.0")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert [package.requirement() for package in installed()] == ["first==1.0"]
    install(tmp_path, "Second", "2.0")
    assert [package.requirement() for package in installed()] == ["first==1.0", "Second==2.0"]


def test_the_one_that_is_imported_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "near", "one", "2.0")
    install(tmp_path / "far", "one", "1.0")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "near"), str(tmp_path / "far")])
    assert [package.version for package in installed()] == ["2.0"]


def test_what_is_broken_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "whole", "1.0")
    (tmp_path / "broken-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert [package.name for package in installed()] == ["whole"]


def test_environment() -> None:
    found = environment.collect()
    described = json.loads(found.files["amlflow/environment.json"])
    assert described["python"] == ".".join(map(str, sys.version_info[:3]))
    assert described["memory_mb"] > 100
    assert described["cpu"]
    lines = found.files["amlflow/requirements.txt"].splitlines()
    assert described["packages"] == len(lines)
    assert lines == sorted(lines, key=lambda line: line.split("==")[0].lower().replace("_", "-"))


def test_graphics_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from amlflow_jupyter.capture import hardware

    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'Tesla T4, 15360, 535.1'\necho 'broken line'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    hardware.gpus.cache_clear()
    assert hardware.gpus() == ({"name": "Tesla T4", "memory_mib": "15360", "driver": "535.1"},)
    program.write_text("#!/bin/sh\nexit 9\n")
    hardware.gpus.cache_clear()
    assert hardware.gpus() == ()
    hardware.gpus.cache_clear()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://me:pw@example.com:8443/a?sig=x#y", "https://example.com:8443/a"),
        ("https://token@dev.azure.com/o/p", "https://dev.azure.com/o/p"),
        ("ssh://git@example.com/a.git", "ssh://git@example.com/a.git"),
        ("ssh://git:pw@example.com/a.git", "ssh://git@example.com/a.git"),
        ("git@example.com:a/b.git", "git@example.com:a/b.git"),
        ("/home/me/a.git", "/home/me/a.git"),
    ],
)
def test_addresses_lose_their_credentials(address: str, expected: str) -> None:
    assert without_credentials(address) == expected
