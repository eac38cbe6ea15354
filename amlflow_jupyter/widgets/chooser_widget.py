"""The widget behind the chooser. Importing this needs its built front end: see `front_end`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from amlflow_jupyter.widgets.front_end import CHOOSER_SCRIPT, CHOOSER_STYLE


class ChooserWidget(anywidget.AnyWidget):
    """A list that is filtered and walked through in the browser; the choice comes as a message.

    Parameters
    ----------
    chosen
        Called with the index of the line that was chosen.
    """

    _esm = CHOOSER_SCRIPT
    _css = CHOOSER_STYLE

    title = traitlets.Unicode().tag(sync=True)
    """What is chosen."""

    button = traitlets.Unicode().tag(sync=True)
    """What stands on the button."""

    lines: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    """A dictionary for each line, with the texts ``label`` and ``detail``."""

    said = traitlets.Unicode().tag(sync=True)
    """A sentence beside the button."""

    busy = traitlets.Bool().tag(sync=True)
    """Whether a choice is being carried out: the button waits."""

    def __init__(self, chosen: Callable[[int], None], **state: Any) -> None:
        self._chosen = chosen
        super().__init__(**state)
        self.on_msg(self._told)

    def _told(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        index = content.get("choose")
        if isinstance(index, int) and 0 <= index < len(self.lines):
            self.choose(index)

    def choose(self, index: int) -> None:
        """Choose a line, as its user does."""
        if not self.busy:
            self._chosen(index)
