"""Keep azureml-core's chatter out of the notebook: its prints, its warnings, its log lines."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from amlflow_jupyter.workspaces.quiet import quiet as quiet_loggers

# azureml-core and what it talks through; what matters of theirs is said by our own sentences.
_LOGGERS: Final = ("azureml", "azure", "msrest", "msal", "urllib3", "cli")


@contextmanager
def quiet(heard: Callable[[str], None] | None = None) -> Iterator[None]:
    """Swallow what Azure's clients print, log and warn while the block runs.

    Only this thread's prints are swallowed: a thread of the user's goes on printing.

    Parameters
    ----------
    heard
        Is given each printed line instead.
    """
    unlogged = quiet_loggers(logging.CRITICAL + 1, *_LOGGERS)
    with unlogged, _unwarned(), _unprinted(heard or (lambda _: None)):
        yield


@contextmanager
def _unwarned() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _unprinted(heard: Callable[[str], None]) -> Iterator[None]:
    outer = sys.stdout
    sys.stdout = _Listening(outer, threading.get_ident(), heard)
    try:
        yield
    finally:
        # Someone else may have replaced it meanwhile: theirs stays.
        if isinstance(sys.stdout, _Listening):
            sys.stdout = outer


class _Listening(io.TextIOBase):
    """A stream that keeps one thread's lines to itself and hands the others' on."""

    def __init__(self, outer: Any, thread: int, heard: Callable[[str], None]) -> None:
        self._outer = outer
        self._thread = thread
        self._heard = heard

    def write(self, text: str) -> int:
        if threading.get_ident() != self._thread:
            return int(self._outer.write(text) or 0)
        for line in text.splitlines():
            if line.strip():
                self._heard(line.strip())
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(ValueError):  # closed meanwhile
            self._outer.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outer, name)
