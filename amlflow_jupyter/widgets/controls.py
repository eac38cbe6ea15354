"""What a live view can ask of its kernel while a cell is running, and how it is answered.

A question is ``{"ask": "part" | "stop", "id": int, …}``, an answer ``{"answer": id, …}``.
Smoothing, axes, zoom and the rest need no kernel: who gets no answer loses the finer detail of a
zoom, and is told to stop the cell with the front end's own button.
"""

from __future__ import annotations

import _thread
import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from amlflow_jupyter.widgets.detail import Request
from amlflow_jupyter.widgets.feed import Feed
from amlflow_jupyter.widgets.run_state import RunState

_logger = logging.getLogger(__name__)


class Controls:
    """Answers a live view's questions; from whichever thread they arrive on."""

    def __init__(self, feed: Feed, state: Callable[[], RunState]) -> None:
        self._feed = feed
        self._state = state

    def answer(self, asked: Any) -> tuple[dict[str, Any], bytes] | None:
        """Return the answer and its buffer; None for what is no question of a live view."""
        if not isinstance(asked, dict) or not isinstance(asked.get("id"), int):
            return None
        try:
            content, points = self._do(asked)
        except Exception as error:  # a browser may send anything: the cell goes on
            _logger.debug("a live view asked what cannot be answered", exc_info=error)
            content, points = {"failed": True}, b""
        return content | {"answer": asked["id"]}, points

    def _do(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if asked.get("ask") == "part":
            return self._feed.part(Request.read(asked))
        if asked.get("ask") == "stop":
            return {"stopped": self._stop()}, b""
        raise ValueError("there is no such question")

    def _stop(self) -> bool:
        """Interrupt the cell; a run that has ended is none of the cell's that may run by now."""
        if self._state().ended is not None:
            return False
        interrupt()
        return True


def interrupt() -> None:
    """Interrupt what the main thread runs, as the front end's own button does."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        # Sent to the process, the signal might reach another thread and leave a sleep asleep.
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def answer_beside_cells(comm: Any) -> None:
    """Let messages to ``comm`` be handled on the subshell that they were sent to.

    ipykernel hands them to the loop that last used the comm: of one that the cell made, to the
    loop that is busy with the cell (``BaseComm._reply_subshell_for``, ipykernel 7.3 and later).
    Earlier ones go by the message alone.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, sent_to: sent_to  # noqa: SLF001
