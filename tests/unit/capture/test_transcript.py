"""Output is kept within its bound, from any thread."""

from __future__ import annotations

import threading

from amlflow_jupyter.capture.excerpt import Excerpt
from amlflow_jupyter.capture.transcript import Transcript


def test_everything_is_kept_within_the_bound() -> None:
    transcript = Transcript(1000)
    transcript.add("a\n")
    transcript.add("b\n")
    assert transcript.finish() == ("a\nb\n", 0)
    assert transcript.cut() is None


def test_the_beginning_and_the_end_are_kept() -> None:
    transcript = Transcript(10_000)
    for number in range(200_000):
        transcript.add(f"line {number}\n")
    text, _ = transcript.finish()
    lines = text.splitlines()
    assert lines[:2] == ["line 0", "line 1"]
    assert lines[-1] == "line 199999"
    assert "[… 2.3 MB left out …]" in lines
    assert len(text.encode()) <= 10_100
    assert transcript.cut() == "was cut: 10 kB of 2.3 MB kept"


def test_the_bound_counts_bytes() -> None:
    excerpt = Excerpt(100)
    for _ in range(100):
        excerpt.add("ä€😀\n")
    assert excerpt.total == 1000
    assert excerpt.total - excerpt.dropped <= 100


def test_text_that_no_file_can_hold_is_kept_as_well_as_can_be() -> None:
    transcript = Transcript(1000)
    transcript.add("a\ud800b\n")
    text, _ = transcript.finish()
    assert text.encode(errors="replace") == b"a?b\n"


def test_threads_lose_nothing() -> None:
    transcript = Transcript(100_000_000)
    line = "x" * 99 + "\n"

    def write() -> None:
        for _ in range(2000):
            transcript.add(line)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text, _ = transcript.finish()
    assert text == line * 16_000
