"""stdout and stderr of a script, where no kernel reads the file descriptors."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from collections.abc import Iterator

import pytest

from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.streams import Streams


@contextlib.contextmanager
def on_terminal() -> Iterator[io.TextIOWrapper]:
    """A real text stream in place of pytest's."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", line_buffering=True)
    with contextlib.redirect_stdout(stream):
        yield stream


def test_output_is_shown_and_kept() -> None:
    with on_terminal() as terminal:
        streams = Streams(Limits())
        streams.start()
        print("shown")
        sys.stdout.writelines(["a\n", "b\n"])
        findings = streams.stop(None)
        print("after")
        assert findings.files == {"amlflow/stdout.txt": "shown\na\nb\n"}
        assert terminal.buffer.getvalue() == b"shown\na\nb\nafter\n"


def test_the_stream_is_the_one_it_was() -> None:
    with on_terminal() as terminal:
        streams = Streams(Limits())
        before = (terminal.encoding, terminal.isatty(), terminal.buffer)
        streams.start()
        assert sys.stdout is terminal
        assert (terminal.encoding, terminal.isatty(), terminal.buffer) == before
        streams.stop(None)
        assert "write" not in vars(terminal)


def test_a_handler_that_was_made_earlier_is_heard() -> None:
    with on_terminal() as terminal:
        handler = logging.StreamHandler(terminal)
        logger = logging.getLogger("amlflow-test")
        logger.addHandler(handler)
        streams = Streams(Limits())
        streams.start()
        logger.error("heard")
        findings = streams.stop(None)
        logger.removeHandler(handler)
        assert findings.files["amlflow/stdout.txt"] == "heard\n"


def test_an_error_of_the_stream_is_its_users() -> None:
    with on_terminal():
        streams = Streams(Limits())
        streams.start()
        with pytest.raises(UnicodeEncodeError):
            sys.stdout.write("€")
        with pytest.raises(TypeError):
            sys.stdout.write(b"bytes")
        assert streams.stop(None).files == {}


def test_somebody_else_who_wraps_the_stream_keeps_it() -> None:
    with on_terminal() as terminal:
        streams = Streams(Limits())
        streams.start()
        ours, seen = terminal.write, []

        def theirs(text: str) -> int:
            seen.append(text)
            return ours(text)

        terminal.write = theirs
        streams.stop(None)
        print("later")
        assert seen == ["later", "\n"]
        assert terminal.buffer.getvalue() == b"later\n"


def test_captures_can_be_nested() -> None:
    with on_terminal():
        outer, inner = Streams(Limits()), Streams(Limits())
        outer.start()
        print("1")
        inner.start()
        print("2")
        assert inner.stop(None).files["amlflow/stdout.txt"] == "2\n"
        print("3")
        assert outer.stop(None).files["amlflow/stdout.txt"] == "1\n2\n3\n"


def test_what_is_cut_is_said() -> None:
    with on_terminal():
        streams = Streams(Limits(stream_bytes=1000))
        streams.start()
        for number in range(1000):
            print(number)
        assert streams.stop(None).notes == ("stdout was cut: 1 kB of 4 kB kept",)
