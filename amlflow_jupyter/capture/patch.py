"""Replace a method of one object, and put it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

_ABSENT: Final = object()


class Patch:
    """A method of one object (not of its class) that is replaced until :meth:`remove`.

    The object stays what it is, so that everything else about it (``isatty``, ``fileno``,
    identity) goes on as before, and references to it that were taken earlier are covered.

    Parameters
    ----------
    target, name
        The object and its method.
    around
        Called as ``around(original, *args, **kwargs)`` instead of the method.

    Raises
    ------
    AttributeError
        The object has no such method, or allows none to be replaced.
    """

    def __init__(self, target: Any, name: str, around: Callable[..., Any]) -> None:
        original = getattr(target, name)

        def replacement(*args: Any, **kwargs: Any) -> Any:
            if self._active:
                return around(original, *args, **kwargs)
            return original(*args, **kwargs)

        self._active = True
        self._target = target
        self._name = name
        self._replacement = replacement
        self._before = vars(target).get(name, _ABSENT) if hasattr(target, "__dict__") else _ABSENT
        setattr(target, name, replacement)

    def remove(self) -> None:
        """Put the method back; where somebody replaced it since, only pass calls on."""
        self._active = False
        if vars(self._target).get(self._name) is not self._replacement:
            return
        if self._before is _ABSENT:
            delattr(self._target, self._name)
        else:
            setattr(self._target, self._name, self._before)
