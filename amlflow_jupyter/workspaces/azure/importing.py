"""Change a module when it is imported: importing it for that alone would take seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

#: Changes a module; returns what undoes it.
Change = Callable[[ModuleType], Callable[[], None]]


def change_when_imported(name: str, change: Change) -> Callable[[], None]:
    """Change the module ``name`` now, if it is imported, or else when it is; return the undoing."""
    finder = _Finder(name, change)
    if name in sys.modules:
        finder.changed(sys.modules[name])
    else:
        sys.meta_path.insert(0, finder)
    return finder.undo


class _Finder(MetaPathFinder):
    """Finds one module as Python would, with a loader that tells when it is loaded."""

    def __init__(self, name: str, change: Change) -> None:
        self._name = name
        self._change = change
        self._undo: Callable[[], None] | None = None

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return Python's own spec of the module, and stand in the way no longer."""
        if name != self._name or self not in sys.meta_path:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Telling(spec.loader, self.changed)
        return spec

    def changed(self, module: ModuleType) -> None:
        """Change the module."""
        self._undo = self._change(module)

    def undo(self) -> None:
        """Leave the module as it is by itself."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        if self._undo is not None:
            self._undo()
            self._undo = None


class _Telling(Loader):
    """Loads a module by another loader, and tells when that is done."""

    def __init__(self, loader: Any, tell: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._tell = tell

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as its own loader does."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module, and tell."""
        self._loader.exec_module(module)
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._tell(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
