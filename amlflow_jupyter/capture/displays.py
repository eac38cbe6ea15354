"""What a cell displays, from any thread, as its front end gets it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from amlflow_jupyter.capture.patch import Patch


@dataclass(frozen=True)
class Shown:
    """One thing that was displayed.

    Attributes
    ----------
    data
        Its MIME bundle.
    value
        The object behind it; None where only the bundle is known.
    display_id
        Its display id, if it has one: the next thing of that id takes its place.
    """

    data: Mapping[str, Any]
    value: Any | None = None
    display_id: str | None = None


class Displays:
    """Listens to what an IPython shell shows.

    IPython's hooks are per thread, so methods of the shell's own objects are wrapped instead.
    ``%%capture`` puts other objects in their place: what it swallows is not shown, and not heard.

    Parameters
    ----------
    shell
        The IPython shell.
    shown
        Called for each thing, after it was shown. Must not raise.
    cleared
        Called when the output is cleared.
    """

    def __init__(
        self, shell: Any, shown: Callable[[Shown], None], cleared: Callable[[], None]
    ) -> None:
        self._shell = shell
        self._shown = shown
        self._cleared = cleared
        self._formatted = threading.local()
        self._patches = ExitStack()

    def start(self) -> None:
        """Begin to listen."""
        shell = self._shell
        self._wrap(shell.display_formatter, "format", self._format)
        self._wrap(shell.display_pub, "publish", self._publish)
        self._wrap(shell.display_pub, "clear_output", self._clear)
        self._wrap(shell.displayhook, "write_format_data", self._write)

    def stop(self) -> None:
        """Listen no longer."""
        self._patches.close()

    def _wrap(self, target: Any, name: str, around: Callable[..., Any]) -> None:
        self._patches.callback(Patch(target, name, around).remove)

    def _format(self, original: Callable[..., Any], obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Remember which object a bundle was made from: it is published on the same thread."""
        formatted = original(obj, *args, **kwargs)
        bundle = formatted[0] if isinstance(formatted, tuple) and formatted else None
        self._formatted.last = (bundle, obj)
        return formatted

    def _publish(self, original: Callable[..., Any], data: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(data, *args, **kwargs)
        transient = kwargs.get("transient") or {}
        self._tell(data, transient.get("display_id"))
        return result

    def _write(
        self, original: Callable[..., Any], format_dict: Any, *args: Any, **kwargs: Any
    ) -> Any:
        result = original(format_dict, *args, **kwargs)
        self._tell(format_dict, None)
        return result

    def _clear(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        self._cleared()
        return result

    def _tell(self, data: Any, display_id: str | None) -> None:
        bundle, value = getattr(self._formatted, "last", (None, None))
        self._formatted.last = (None, None)
        self._shown(Shown(data, value if bundle is data else None, display_id))
