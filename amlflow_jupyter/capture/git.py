"""The commit that the code belongs to, and how it differs from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amlflow_jupyter.capture.addresses import without_credentials
from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.size import megabytes

_SECONDS: Final = 4.0
# A repository's own configuration can name programs to run: none is run for us.
_PASSIVE: Final = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_DIFF: Final = ("diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv", "--submodule=short")
_NOT_NOTEBOOKS: Final = ("--", ":(top)", ":(top,exclude)*.ipynb")
# MLflow's names for them: mlflow.utils.mlflow_tags.
_COMMIT: Final = "mlflow.source.git.commit"
_BRANCH: Final = "mlflow.source.git.branch"
_DIRTY: Final = "mlflow.source.git.dirty"
_REMOTE: Final = "mlflow.source.git.repoURL"


@dataclass(frozen=True)
class _State:
    commit: str | None
    branch: str | None
    dirty: bool


def collect(folder: Path, limit: int, known: KnownSecrets | None = None) -> Findings:
    """Return the tags of the commit, and ``amlflow/git.diff`` of what is tracked and changed.

    Where there is no repository, no git, or no commit, there is nothing to say.

    Parameters
    ----------
    folder
        Of the notebook or script.
    limit
        Bytes of the diff to keep; beyond it, first the notebooks in it are left out, because their
        outputs make them long.
    known
        Takes out the secrets. They are not counted: the diff is of more than one cell.
    """
    state = _state(folder)
    if state is None or state.commit is None:
        return Findings()
    tags = {_COMMIT: state.commit, _DIRTY: str(state.dirty)}
    if state.branch:
        tags[_BRANCH] = state.branch
    if remote := _remote(folder):
        tags[_REMOTE] = remote
    if not state.dirty:
        return Findings(tags=tags)
    diff, notes = _diff(folder, limit)
    text, _ = (known or KnownSecrets()).redact(diff)
    return Findings({"amlflow/git.diff": text} if text else {}, tags, notes)


def _state(folder: Path) -> _State | None:
    """Read ``git status --porcelain=v2``; None where there is nothing to read."""
    status = _git(folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no")
    if status is None:
        return None
    headers: dict[str, str] = {}
    changed = False
    for line in _text(status).splitlines():
        if line.startswith("# "):
            name, _, value = line[2:].partition(" ")
            headers[name] = value
        else:
            changed = True
    commit = headers.get("branch.oid")
    branch = headers.get("branch.head")
    return _State(
        commit=None if commit == "(initial)" else commit,
        branch=None if branch == "(detached)" else branch,
        dirty=changed,
    )


def _remote(folder: Path) -> str | None:
    address = _text(_git(folder, "config", "--get", "remote.origin.url") or b"").strip()
    return without_credentials(address) or None


def _diff(folder: Path, limit: int) -> tuple[str, tuple[str, ...]]:
    diff = _git(folder, *_DIFF, limit=limit)
    if diff is None:
        return "", ("The changes since the last commit could not be read, and are left out",)
    if len(diff) <= limit:
        return _text(diff), ()
    shorter = _git(folder, *_DIFF, *_NOT_NOTEBOOKS, limit=limit) or b""
    if len(shorter) <= limit:
        return _text(shorter), ("git.diff leaves out notebooks: with their outputs it is too long",)
    most = megabytes(limit)
    note = f"git.diff leaves out notebooks and was cut to its first {most}"
    return _text(shorter[:limit]), (note,)


def _text(output: bytes) -> str:
    return output.decode(errors="replace")


def _git(folder: Path, *arguments: str, limit: int | None = None) -> bytes | None:
    """Return what git prints, of which one byte more than ``limit``; None where it failed."""
    program = shutil.which("git")
    if program is None:
        return None
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        [program, "-C", str(folder), "--no-pager", *_PASSIVE, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | quiet,
    ) as process:
        return _read(process, limit)


def _read(process: subprocess.Popen[bytes], limit: int | None) -> bytes | None:
    timer = threading.Timer(_SECONDS, process.kill)
    timer.start()
    try:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        output = process.stdout.read(-1 if limit is None else limit + 1)
        if limit is not None and len(output) > limit:
            process.kill()
            return output
        return output if process.wait() == 0 else None
    finally:
        timer.cancel()
