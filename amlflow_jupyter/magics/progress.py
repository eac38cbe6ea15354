"""One line that says how far something is, in the place where its result will stand."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

from IPython.core.error import UsageError

from amlflow_jupyter.magics.output import Bundle, in_notebook
from amlflow_jupyter.widgets.bar import bar

# Seconds between two updates: a front end redraws each.
_PAUSE: Final = 0.25


class Progress:
    """Shows how far something is while the block runs.

    In a notebook it is one output, whose last content is what a reader finds: so it is told the
    result with :meth:`done`. In a terminal it is one line, written over and over.

    Parameters
    ----------
    shell
        The IPython shell.
    text
        What begins.
    """

    def __init__(self, shell: Any, text: str) -> None:
        self._notebook = in_notebook(shell)
        self._text = text
        self._handle: Any = None
        self._shown = 0.0
        self._width = 0
        self._ended = False

    def __enter__(self) -> Self:
        if self._notebook:
            from IPython.display import display

            self._handle = display(bar(self._text), raw=True, display_id=True)
        else:
            self._write(bar(self._text)["text/plain"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and not self._ended:
            self._clear()  # the error says what there is to say

    def tell(self, text: str, part: float | None = None) -> None:
        """Say how far it is, unless that was said just now."""
        now = time.monotonic()
        if now - self._shown < _PAUSE:
            return
        self._shown = now
        bundle = bar(text, part)
        if self._handle is not None:
            self._handle.update(bundle, raw=True)
        else:
            self._write(bundle["text/plain"])

    def done(self, bundle: Bundle) -> None:
        """Put the result in its place."""
        self._ended = True
        if self._handle is not None:
            self._handle.update(bundle, raw=True)
        elif not self._notebook:
            self._clear()
            print(bundle["text/plain"])  # noqa: T201 - for the user

    def _clear(self) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)
        else:
            self._write("")

    def _write(self, text: str) -> None:
        """Write over the last line; what is no terminal keeps every line, and gets none."""
        if sys.stderr.isatty():
            text = text[: shutil.get_terminal_size().columns - 1]  # a second line would stay
            sys.stderr.write(f"\r{text.ljust(self._width)}\r{text}")
            sys.stderr.flush()
            self._width = len(text)


@contextmanager
def interruptible(sentence: str) -> Iterator[None]:
    """Let an interrupt end the block with ``sentence`` in place of a traceback.

    The cell still counts as failed, so that what stands below it is not run.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise UsageError(sentence) from None
