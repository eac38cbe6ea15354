"""Give an object behaviour in front of its class, in place, and take it away again.

The object stays the same object with the same state, its type keeps its name, and ``isinstance``
holds for its own class: what looks at a store of MLflow finds what it expects.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

_OWN: Final = "_amlflow_own_class"
_MIXINS: Final = "_amlflow_mixins"


def add(thing: Any, *mixins: type) -> None:
    """Put ``mixins`` in front of the class of ``thing``; those that are there already stay put."""
    present = mixins_of(thing)
    new = tuple(mixin for mixin in mixins if mixin not in present)
    if new:
        thing.__class__ = _composed(own_class(thing), (*new, *present))


def remove(thing: Any, *mixins: type) -> None:
    """Take ``mixins`` away; without any left, ``thing`` has its own class again."""
    present = mixins_of(thing)
    left = tuple(mixin for mixin in present if mixin not in mixins)
    if left != present:
        thing.__class__ = _composed(own_class(thing), left) if left else own_class(thing)


def mixins_of(thing: Any) -> tuple[type, ...]:
    """Return what stands in front of the class of ``thing``."""
    mixins: tuple[type, ...] = getattr(type(thing), _MIXINS, ())
    return mixins


def own_class(thing: Any) -> type:
    """Return the class that ``thing`` was made with."""
    own: type = getattr(type(thing), _OWN, type(thing))
    return own


@cache
def _composed(own: Any, mixins: tuple[Any, ...]) -> type:
    names = {"__module__": own.__module__, "__doc__": own.__doc__, "__qualname__": own.__qualname__}
    return type(own.__name__, (*mixins, own), {**names, _OWN: own, _MIXINS: mixins})
