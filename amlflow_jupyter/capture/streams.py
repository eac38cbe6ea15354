"""stdout and stderr of a cell, while they are shown as ever."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
from contextlib import ExitStack
from typing import Any, Final

from amlflow_jupyter.capture.forks import Forks
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.patch import Patch
from amlflow_jupyter.capture.recorder import Findings
from amlflow_jupyter.capture.secrets import KnownSecrets
from amlflow_jupyter.capture.transcript import Transcript

_DRAIN_SECONDS: Final = 0.5


class Streams:
    """Writes ``amlflow/stdout.txt`` and ``amlflow/stderr.txt``; a stream left silent has no file.

    The ``write`` of the very stream objects is wrapped, not ``sys.stdout`` replaced: so logging
    handlers and threads that hold on to them are heard, and what ``%%capture`` or
    ``redirect_stdout`` swallow, which is not shown, is not. In a notebook this covers what
    subprocesses write, too: ipykernel reads the file descriptors and passes it to ``write``. In a
    terminal their output, and what is written to ``sys.stdout.buffer``, goes past it.
    """

    title = "Output"

    def __init__(self, limits: Limits, known: KnownSecrets | None = None) -> None:
        self._heard = [_Heard(name, limits, known) for name in ("stdout", "stderr")]

    def start(self) -> None:
        """Begin to listen."""
        _settle()
        for heard in self._heard:
            heard.start()

    def stop(self, error: BaseException | None) -> Findings:  # noqa: ARG002 - the protocol's
        """Listen no longer, and return the texts."""
        with ExitStack() as hooks:
            for heard in self._heard:
                hooks.callback(heard.stop)
            _settle()
        files: dict[str, str] = {}
        notes: list[str] = []
        redacted = 0
        for heard in self._heard:
            text, count = heard.transcript.finish()
            redacted += count
            if text:
                files[f"amlflow/{heard.name}.txt"] = text
            if cut := heard.transcript.cut():
                notes.append(f"{heard.name} {cut}")
            if heard.failed:
                notes.append(f"{heard.name} is not complete ({heard.failed})")
        return Findings(files, notes=tuple(notes), redacted=redacted)


class _Heard:
    """One stream and what is heard of it."""

    def __init__(self, name: str, limits: Limits, known: KnownSecrets | None) -> None:
        self.name = name
        self.transcript = Transcript(limits.stream_bytes, known)
        self.failed: str | None = None
        self._limit = limits.stream_bytes
        self._hooks = ExitStack()

    def start(self) -> None:
        stream = getattr(sys, self.name)
        if stream is None:  # a windowed Python
            return
        hooks = self._hooks
        forks = hooks.enter_context(Forks(self._limit))
        process = os.getpid()

        def write(original: Any, text: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(text, *args, **kwargs)
            if isinstance(text, str):
                self._take(text, forks if os.getpid() != process else None)
            return result

        hooks.callback(lambda: self.transcript.add(forks.read()))
        hooks.callback(Patch(stream, "write", write).remove)

    def stop(self) -> None:
        self._hooks.close()

    def _take(self, text: str, forks: Forks | None) -> None:
        try:
            if forks is None:
                self.transcript.add(text)
            else:
                forks.write(text)
        except Exception as error:  # the user's print() must not fail for it
            self.failed = type(error).__name__


def _settle() -> None:
    """Wait until ipykernel has read what subprocesses wrote to the file descriptors.

    There is no public way to know: the descriptors of its pipes are looked at, where there are
    any. Nothing else tells apart what was written before this moment and after it.
    """
    pipes = [getattr(stream, "_fid", None) for stream in (sys.stdout, sys.stderr)]
    watched = [pipe for pipe in pipes if isinstance(pipe, int)]
    if not watched or sys.platform == "win32":
        return
    end = time.monotonic() + _DRAIN_SECONDS
    with contextlib.suppress(OSError, ValueError):
        while select.select(watched, [], [], 0)[0] and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(0.001)  # from the pipe to write()
