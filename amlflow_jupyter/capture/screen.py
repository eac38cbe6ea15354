r"""What a terminal would have in its scrollback after some output.

A progress bar that was redrawn 5,000 times with ``\r`` is one line there. Only what moves and
erases within the last lines is followed; colours and all other control sequences are dropped, so
that the text is readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_LINES: Final = 64  # that can still be changed by moving up
_CONTROL: Final = re.compile(r"[\r\x08\x1b]")
_TOKEN: Final = re.compile(
    r"(?P<text>[^\n\r\x08\x1b]+)"
    r"|\x1b\[(?P<arguments>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\^-~]"
    r"|(?P<control>[\n\r\x08])"
    r"|\x1b"
)
_UNFINISHED: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,4096}\x1b?|[ -/]*)?\Z")


class Screen:
    """Turns output into lines.

    Parameters
    ----------
    commit
        Gets each line, with its newline, once it can change no more.
    widest
        Characters of a line without a newline, beyond which it is committed in pieces.
    """

    def __init__(self, commit: Callable[[str], None], widest: int = 16_384) -> None:
        self._commit = commit
        self._widest = widest
        self._lines = [""]
        self._row = 0
        self._column = 0
        self._unfinished = ""

    def feed(self, text: str) -> None:
        """Show more output."""
        text = self._unfinished + text
        self._unfinished = ""
        at_end = self._row == len(self._lines) - 1 and self._column == len(self._lines[-1])
        if at_end and not _CONTROL.search(text):
            self._append(text)
        else:
            self._interpret(text)
        self._scroll()

    def close(self) -> None:
        """Commit all that is left."""
        if self._lines[-1]:
            self._lines.append("")
        for line in self._lines[:-1]:
            self._commit(line + "\n")
        self._lines = [""]

    def _append(self, text: str) -> None:
        first, *rest = text.split("\n")
        self._lines[-1] += first
        self._lines += rest
        self._row = len(self._lines) - 1
        self._column = len(self._lines[-1])

    def _interpret(self, text: str) -> None:
        unfinished = _UNFINISHED.search(text)
        if unfinished:
            self._unfinished = text[unfinished.start() :]
            text = text[: unfinished.start()]
        for token in _TOKEN.finditer(text):
            if token["text"]:
                self._overwrite(token["text"])
            elif token["control"]:
                self._move(token["control"])
            elif token["final"]:
                self._obey(token["final"], token["arguments"])

    def _overwrite(self, text: str) -> None:
        line = self._lines[self._row].ljust(self._column)
        end = self._column + len(text)
        self._lines[self._row] = line[: self._column] + text + line[end:]
        self._column = end

    def _move(self, control: str) -> None:
        if control == "\n":
            self._row += 1
            if self._row == len(self._lines):
                self._lines.append("")
        self._column = max(0, self._column - 1) if control == "\x08" else 0

    def _obey(self, final: str, arguments: str) -> None:
        first = arguments.partition(";")[0][:6]
        count = int(first) if first.isdecimal() else 0
        steps = min(max(1, count), self._widest)
        line = self._lines[self._row]
        match final:
            case "A":
                self._row = max(0, self._row - steps)
            case "B":
                self._row = min(len(self._lines) - 1, self._row + steps)
            case "C":
                self._column = min(self._widest, self._column + steps)
            case "D":
                self._column = max(0, self._column - steps)
            case "G":
                self._column = steps - 1
            case "K":
                self._lines[self._row] = _erased(line, self._column, count)
            case "J" if count == 0:
                self._lines[self._row :] = [line[: self._column]]

    def _scroll(self) -> None:
        """Commit the lines that moved out of reach, and what is too wide to wait for its end."""
        surplus = max(0, len(self._lines) - _LINES)
        for line in self._lines[:surplus]:
            self._commit(line + "\n")
        del self._lines[:surplus]
        self._row = max(0, self._row - surplus)
        if len(self._lines[-1]) > self._widest:
            self._commit_piece()

    def _commit_piece(self) -> None:
        for line in self._lines[:-1]:
            self._commit(line + "\n")
        text = self._lines[-1]
        for at in range(0, len(text), self._widest):
            self._commit(text[at : at + self._widest])
        self._lines, self._row, self._column = [""], 0, 0


def _erased(line: str, column: int, what: int) -> str:
    match what:
        case 0:
            return line[:column]
        case 1:
            return " " * min(column, len(line)) + line[column:]
        case 2:
            return ""
    return line
