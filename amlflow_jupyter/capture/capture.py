"""Capture a cell: all parts together, from before its body runs until after."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from amlflow_jupyter.capture import environment, git, notebook
from amlflow_jupyter.capture.background import Background, Job, merged
from amlflow_jupyter.capture.failure import Failure
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.parts import Parts
from amlflow_jupyter.capture.recorder import Findings, Recorder
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.source import Source
from amlflow_jupyter.capture.sources import SourceInfo
from amlflow_jupyter.capture.streams import Streams
from amlflow_jupyter.capture.visible import Visible


@dataclass(frozen=True)
class Captured:
    """What was captured.

    Attributes
    ----------
    folder
        The tree of artifacts: ``amlflow/``, ``figures/``, ``tables/``.
    tags
        For the run: git commit, branch, whether it differs from the commit, remote.
    notes
        A line each, for the user: what was redacted, cut, or not captured.
    """

    folder: Path
    tags: dict[str, str]
    notes: tuple[str, ...]


class Capture:
    """Captures one cell. Nothing that fails here touches the cell, or the other parts.

    Parameters
    ----------
    folder
        Where to write; made if it is not there, for its owner alone.
    shell
        The IPython shell; without one, nothing that is displayed is captured.
    parts
        What to capture.
    limits
        How much of it.
    """

    def __init__(
        self, folder: Path, shell: Any | None, parts: Parts, limits: Limits | None = None
    ) -> None:
        self._folder = folder
        self._shell = shell
        self._parts = parts
        self._limits = limits or Limits()
        self._known = KnownSecrets()
        self._recorders: list[Recorder] = []
        self._notes: list[str] = []

    def start(self, source: str | None, notebook: SourceInfo | None) -> None:
        """Begin: call it on the main thread, right before the body runs.

        Parameters
        ----------
        source
            The cell's text, where it is known.
        notebook
            Where it comes from; see :func:`~amlflow_jupyter.capture.find`.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._known = KnownSecrets(source)
        for recorder in self._wanted(source, notebook):
            try:
                recorder.start()
            except Exception as error:  # the cell runs, with whatever can be captured
                self._notes.append(_failed(recorder, error))
                with contextlib.suppress(Exception):
                    recorder.stop(None)  # what it hooked before it failed
            else:
                self._recorders.append(recorder)

    def stop(self, error: BaseException | None) -> Captured:
        """End, unhook everything, and write the files.

        Parameters
        ----------
        error
            What the body raised.
        """
        findings: list[Findings] = []
        try:
            while self._recorders:  # the last to hook is the first to unhook
                findings.append(self._stop(self._recorders.pop(), error))
        finally:
            self._unhook()
        found = merged(findings[::-1])
        self._write(found)
        return Captured(self._folder, dict(found.tags), self._all_notes(found))

    def _wanted(self, source: str | None, origin: SourceInfo | None) -> Iterator[Recorder]:
        parts, limits, shell, known = self._parts, self._limits, self._shell, self._known
        yield Background(self._jobs(origin), limits.patience)
        if parts.source and source is not None:
            yield Source(source, known)
        if parts.failure:
            yield Failure(shell, limits, known)
        if shell is not None and (parts.figures or parts.tables):
            yield Visible(self._folder, shell, parts, limits, known)
        if parts.streams:
            yield Streams(limits, known)

    def _jobs(self, origin: SourceInfo | None) -> list[Job]:
        parts, limits, known = self._parts, self._limits, self._known
        path = origin.path if origin else None
        jobs: list[Job] = []
        if parts.notebook and path is not None:
            copy = partial(notebook.collect, path, limits.notebook_bytes, known)
            jobs.append(Job("The notebook", copy))
        if parts.git:
            folder = path.parent if path else Path.cwd()
            commit = partial(git.collect, folder, limits.diff_bytes, known)
            jobs.append(Job("The git commit", commit))
        if parts.environment:
            jobs.append(Job("The environment", environment.collect))
        return jobs

    def _stop(self, recorder: Recorder, error: BaseException | None) -> Findings:
        try:
            return recorder.stop(error)
        except Exception as failure:  # the cell has run: its result stands
            return Findings(notes=(_failed(recorder, failure),))

    def _unhook(self) -> None:
        """Unhook what an interrupt kept from being stopped."""
        while self._recorders:
            self._stop(self._recorders.pop(), None)

    def _write(self, found: Findings) -> None:
        for name, text in found.files.items():
            path = self._folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                path.write_text(text, encoding="utf-8", errors="replace")
            except OSError as error:
                self._notes.append(f"{name} could not be written: {error.strerror}")

    def _all_notes(self, found: Findings) -> tuple[str, ...]:
        redacted: tuple[str, ...] = ()
        if found.redacted:
            secrets = "1 secret was" if found.redacted == 1 else f"{found.redacted} secrets were"
            redacted = (f"{secrets} redacted",)
        return (*redacted, *found.notes, *self._notes)


def _failed(recorder: Recorder, error: Exception) -> str:
    """Say what a recorder could not do, without text of the error that may hold a secret."""
    return f"{recorder.title} could not be captured ({type(error).__name__})"
