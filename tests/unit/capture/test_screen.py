"""What a terminal would have left on its screen."""

from __future__ import annotations

import pytest

from amlflow_jupyter.capture.screen import Screen

CASES = {
    "lines": ("a\nb\n", "a\nb\n"),
    "no last newline": ("a\nb", "a\nb\n"),
    "empty lines": ("a\n\n\nb\n", "a\n\n\nb\n"),
    "nothing": ("", ""),
    "progress": ("\r10%\r20%\r100%\n", "100%\n"),
    "shorter over longer": ("long line\rshort\n", "shortline\n"),
    "erase to the end": ("long line\rshort\x1b[K\n", "short\n"),
    "erase the line": ("long line\x1b[2K\rshort\n", "short\n"),
    "windows": ("a\r\nb\r\n", "a\nb\n"),
    "backspace": ("abc\b\bX\n", "aXc\n"),
    "colours": ("\x1b[1;31mred\x1b[0m plain\n", "red plain\n"),
    "title": ("\x1b]0;a title\x07text\n", "text\n"),
    "link": ("\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\\n", "text\n"),
    "two bars": ("a 1\nb 1\n\x1b[2Aa 2\nb 2\n", "a 2\nb 2\n"),
    "tqdm's inner bar": ("outer\n\rinner 1\r\x1b[A\rOUTER\n\rinner 2\n", "OUTER\ninner 2\n"),
    "up beyond the top": ("a\x1b[99A\rb\n", "b\n"),
    "erase what is below": ("a\nb\nc\x1b[2A\r\x1b[Jd\n", "d\n"),
    "absurd numbers": ("a\x1b[99999999999Ab\x1b[99999999999K\n", "ab\n"),
    "lone escape": ("a\x1bb\x1b", "a\n"),
}


def _shown(pieces: list[str], widest: int = 100) -> str:
    lines: list[str] = []
    screen = Screen(lines.append, widest)
    for piece in pieces:
        screen.feed(piece)
    screen.close()
    return "".join(lines)


@pytest.mark.parametrize(("output", "expected"), CASES.values(), ids=CASES)
def test_as_a_terminal_shows_it(output: str, expected: str) -> None:
    assert _shown([output]) == expected


@pytest.mark.parametrize(("output", "expected"), CASES.values(), ids=CASES)
def test_it_does_not_matter_how_it_arrives(output: str, expected: str) -> None:
    assert _shown(list(output)) == expected


def test_many_lines_arrive_whole() -> None:
    text = "".join(f"line {number}\n" for number in range(1000))
    assert _shown([text]) == _shown(list(text)) == text


def test_a_line_without_end_is_kept_whole() -> None:
    text = "x" * 12_345
    assert _shown([text[i : i + 37] for i in range(0, len(text), 37)]) == text + "\n"
