"""The filters, orders and pages that clients ask lists for, in run history's OData dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from loopback import clock
from loopback.errors import AzureError
from loopback.state import Document

Test = Callable[[Document], bool]
PAGE = 500


def page(documents: list[Document], wanted: Document) -> Document:
    """Return the documents that a query's ``filter``, ``orderby`` and ``top`` leave, a page each.

    The continuation token is the number of documents that were shown before.
    """
    test = parse(wanted.get("filter") or "")
    found = [document for document in documents if test(document)]
    field, _, direction = (wanted.get("orderby") or "").partition(" ")
    if field:
        found.sort(key=lambda document: str(_value(document, field)), reverse=direction == "desc")
    begin = int(wanted.get("continuationToken") or 0)
    end = begin + int(wanted.get("top") or PAGE)
    token = str(end) if end < len(found) else None
    return {"value": found[begin:end], "continuationToken": token}


def parse(text: str) -> Test:
    """Return the test that a filter states; an empty one lets everything pass."""
    text = _bare(text.strip())
    if not text:
        return lambda _: True
    for word, every in (("or", any), ("and", all)):
        parts = list(_split(text, f" {word} "))
        if len(parts) > 1:
            return _joined([parse(part) for part in parts], every)
    return _comparison(text)


def _joined(tests: list[Test], every: Callable[[Iterator[bool]], bool]) -> Test:
    return lambda document: every(test(document) for test in tests)


def _comparison(text: str) -> Test:
    match = re.fullmatch(r"(.+?) (eq|ne|gt|ge|lt|le) (.*)", text)
    if match is None:
        raise AzureError(400, "UserError", f"Invalid filter expression: {text}")
    field, operator, literal = match.groups()
    wanted = None if literal == "null" else literal.strip('"')

    def test(document: Document) -> bool:
        # Of a tag that is not there every comparison is false, "eq null" too.
        if "/" in field and not _has(document, field):
            return False
        return _compare(_value(document, field), operator, wanted)

    return test


def _compare(value: Any, operator: str, wanted: str | None) -> bool:
    if operator in ("eq", "ne"):
        return (_text(value) == wanted) == (operator == "eq")
    if value is None or wanted is None:
        return False
    left, right = _comparable(str(value)), _comparable(wanted)
    order = (left > right) - (left < right)
    return order in {"gt": (1,), "ge": (0, 1), "lt": (-1,), "le": (-1, 0)}[operator]


def _comparable(text: str) -> tuple[float, str]:
    """Return what orders times as times, and other texts as texts."""
    try:
        return clock.parse(text).timestamp(), ""
    except ValueError:
        return 0.0, text


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _has(document: Document, field: str) -> bool:
    table, _, key = _path(field)
    return key in (_walk(document, table) or ())


def _value(document: Document, field: str) -> Any:
    table, slash, key = _path(field)
    if not slash:
        return document.get(key)
    kept = _walk(document, table)
    return kept.get(key) if isinstance(kept, dict) else key if kept and key in kept else None


def _walk(document: Document, table: str) -> Any:
    found: Any = document
    for part in table.split("/"):
        found = (found or {}).get(part)
    return found


def _path(field: str) -> tuple[str, str, str]:
    """Split ``Tags/key`` into the JSON's name of the table, the slash and the key."""
    head, slash, rest = field.partition("/")
    head = head[:1].lower() + head[1:]
    if not slash:
        return "", "", head
    if head == "runTypeV2":
        name, more, key = rest.partition("/")
        name = name[:1].lower() + name[1:]
        return (f"{head}/{name}", "/", key) if more else (head, "/", name)
    return head, "/", rest


def _bare(text: str) -> str:
    """Return an expression without parentheses that enclose all of it."""
    while text.startswith("(") and _end_of_group(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _end_of_group(text: str) -> int:
    depth = 0
    for place, character in _outside_quotes(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return place
    return -1


def _split(text: str, separator: str) -> Iterator[str]:
    begin = depth = 0
    for place, character in _outside_quotes(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0 and text.startswith(separator, place):
            yield text[begin:place]
            begin = place + len(separator)
    yield text[begin:]


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    quoted = False
    for place, character in enumerate(text):
        quoted ^= character == '"'
        if not quoted:
            yield place, character
