"""Blocking work off the event loop, with a deadline and one thread a tracking store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from amlflow_jupyter.errors import Unreachable

T = TypeVar("T")

_THREADS: Final = 4


class TooSlow(Unreachable):
    """The deadline passed, and the work still goes on."""


class Workers:
    """A few threads that tracking stores are asked in.

    Each store has a lane of its own, with one question in it at a time: one that hangs holds one
    thread, however often the sidebar asks again.

    Parameters
    ----------
    deadline
        Seconds that an answer may take, waiting for earlier questions included.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="amlflow")
        self._lanes: dict[str, asyncio.Lock] = {}

    async def run(self, lane: str, task: Callable[[], T]) -> T:
        """Return what ``task`` returns, called in a thread when ``lane`` is free.

        Raises
        ------
        TooSlow
            The deadline passed. A task that began goes on, and keeps its lane until it ends.
        """
        turn = self._lanes.setdefault(lane, asyncio.Lock())
        try:
            async with asyncio.timeout(self.deadline):
                await turn.acquire()
                return await asyncio.shield(self._start(turn, task))
        except TimeoutError:
            raise TooSlow(
                f"The tracking store did not answer within {self.deadline:g} s: check that it runs."
            ) from None

    def close(self) -> None:
        """Take no more work, and drop what has not begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, turn: asyncio.Lock, task: Callable[[], T]) -> asyncio.Future[T]:
        future = asyncio.get_running_loop().run_in_executor(self._pool, task)

        def ended(done: asyncio.Future[T]) -> None:
            turn.release()
            if not done.cancelled():
                done.exception()  # Seen: nobody may be waiting for it any more.

        future.add_done_callback(ended)
        return future
