"""Which parts of a cell are captured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from amlflow_jupyter.errors import BadTarget


@dataclass(frozen=True)
class Parts:
    """Which parts are captured: all of them, unless said otherwise.

    Attributes
    ----------
    source, notebook, git, streams, figures, tables, failure, environment
        The cell's text; the notebook's file; commit and diff; stdout and stderr; images and
        plots; data frames; the traceback; Python, packages and hardware.
    """

    source: bool = True
    notebook: bool = True
    git: bool = True
    streams: bool = True
    figures: bool = True
    tables: bool = True
    failure: bool = True
    environment: bool = True

    @classmethod
    def parse(cls, text: str) -> Parts:
        """Read ``"figures,streams"`` (only these), ``"no-git"`` (all but these), all or none.

        Raises
        ------
        BadTarget
            There is no such part, or names of both kinds are mixed.
        """
        names = _split(text)
        if not names or names == ["all"]:
            return cls()
        without = [name.removeprefix("no-") for name in names if name.startswith("no-")]
        if len(without) == len(names):
            return cls().without(",".join(without))
        if without:
            raise BadTarget(f"{text!r} both adds and leaves out parts: do one or the other.")
        return cls.of([] if names == ["none"] else names)

    @classmethod
    def of(cls, parts: bool | Iterable[str]) -> Parts:
        """Return all parts, none, or those of these names.

        Raises
        ------
        BadTarget
            There is no such part.
        """
        if isinstance(parts, str):
            return cls.parse(parts)
        if isinstance(parts, bool):
            return cls(**dict.fromkeys(_NAMES, parts))
        wanted = set(_known(parts))
        return cls(**{name: name in wanted for name in _NAMES})

    def without(self, text: str) -> Parts:
        """Return these parts but for the ones named in ``text``; ``"all"`` leaves none.

        Raises
        ------
        BadTarget
            There is no such part.
        """
        names = _split(text)
        left_out = _NAMES if names == ["all"] else _known(names)
        return replace(self, **dict.fromkeys(left_out, False))


_NAMES = tuple(entry.name for entry in fields(Parts))


def _split(text: str) -> list[str]:
    return [name for name in (part.strip().lower() for part in text.split(",")) if name]


def _known(names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(names)
    for name in found:
        if name not in _NAMES:
            raise BadTarget(f"{name!r} is not a part to capture: choose from {', '.join(_NAMES)}.")
    return found
