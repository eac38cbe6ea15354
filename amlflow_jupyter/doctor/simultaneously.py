"""Do several slow things at once, in threads that hold nothing up when the program ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def each(task: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Yield what ``task`` returns for each item, in their order, all having begun at once.

    Threads of a pool would be waited for when the program ends, however long they hang.
    """
    futures = [_begin(task, item) for item in items]
    return (future.result() for future in futures)


def _begin(task: Callable[[T], R], item: T) -> Future[R]:
    future: Future[R] = Future()

    def run() -> None:
        try:
            future.set_result(task(item))
        except BaseException as error:  # raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="amlflow-doctor").start()
    return future
