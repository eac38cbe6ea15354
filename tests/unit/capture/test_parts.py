"""Which parts are captured, as users say it."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from amlflow_jupyter.capture import Parts
from amlflow_jupyter.errors import BadTarget

ALL = set(asdict(Parts()))


def _on(parts: Parts) -> set[str]:
    return {name for name, on in asdict(parts).items() if on}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ALL),
        ("all", ALL),
        ("none", set()),
        ("figures, streams", {"figures", "streams"}),
        ("Figures", {"figures"}),
        ("no-git", ALL - {"git"}),
        ("no-git,no-environment", ALL - {"git", "environment"}),
    ],
)
def test_parse(text: str, expected: set[str]) -> None:
    assert _on(Parts.parse(text)) == expected


def test_of() -> None:
    assert _on(Parts.of(True)) == ALL
    assert _on(Parts.of(False)) == set()
    assert _on(Parts.of(["git", "source"])) == {"git", "source"}
    assert _on(Parts.of("no-git")) == ALL - {"git"}


def test_without() -> None:
    assert _on(Parts.parse("git,source").without("git")) == {"source"}
    assert _on(Parts().without("all")) == set()


@pytest.mark.parametrize("text", ["pictures", "no-pictures", "git,no-source"])
def test_a_wrong_name_is_said(text: str) -> None:
    with pytest.raises(BadTarget) as raised:
        Parts.parse(text)
    assert "pictures" in str(raised.value) or "do one or the other" in str(raised.value)
