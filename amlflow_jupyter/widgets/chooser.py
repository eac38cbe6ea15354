"""A list to choose one thing from: filtered as one types, worked by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from amlflow_jupyter.widgets.markup import escape, plain

# Lines of the list that are seen without scrolling.
_ROWS: Final = 10


@dataclass(frozen=True)
class Choice:
    """One line of the list.

    Attributes
    ----------
    label
        What is shown, and what the filter looks in.
    line
        What to run instead, where nobody can click.
    """

    label: str
    line: str


class Chooser:
    """The list, a filter above it and a button below.

    Parameters
    ----------
    title
        What is chosen.
    choices
        The lines.
    choose
        Called with the index of the choice. What it raises is shown below the button.
    """

    def __init__(
        self, title: str, choices: Sequence[Choice], choose: Callable[[int], None]
    ) -> None:
        import ipywidgets

        self._title = title
        self._choices = choices
        self._choose = choose
        self._filter = ipywidgets.Text(placeholder="Type to filter", continuous_update=True)
        self._list = ipywidgets.Select(
            options=self._options(""), rows=min(_ROWS, len(choices)), layout={"width": "100%"}
        )
        self._button = ipywidgets.Button(description="Connect", button_style="primary")
        self._said = ipywidgets.HTML()
        self._filter.observe(self._narrow, "value")
        self._button.on_click(self._chosen)
        parts = [self._filter, self._list, ipywidgets.HBox([self._button, self._said])]
        self._box = ipywidgets.VBox(
            [ipywidgets.HTML(f"<b>{escape(title)}</b>"), *parts], layout={"max_width": "720px"}
        )

    def bundle(self) -> dict[str, Any]:
        """Return what shows it; where there are no widgets, that is the lines to run instead."""
        view = dict(self._box._repr_mimebundle_())
        return {**view, "text/plain": self.text()}

    def text(self) -> str:
        """Return the choices with the lines to run, as plain text."""
        lines = [f"  {plain(one.label)}\n    {plain(one.line, 400)}" for one in self._choices]
        return "\n".join([f"{plain(self._title)}: run one of these lines.", *lines])

    def close(self) -> None:
        """Take the list away: something was chosen."""
        for widget in (self._filter, self._list, self._button, self._said, self._box):
            widget.close()

    def _options(self, text: str) -> list[tuple[str, int]]:
        words = text.casefold().split()
        return [
            (plain(one.label), index)
            for index, one in enumerate(self._choices)
            if all(word in one.label.casefold() for word in words)
        ]

    def _narrow(self, change: Any) -> None:
        self._list.options = self._options(change["new"])
        self._button.disabled = not self._list.options

    def _chosen(self, _button: object) -> None:
        if self._list.value is None:
            self._say("Choose a line first.")
            return
        self._button.disabled = True
        self._say("Connecting …")
        try:
            self._choose(self._list.value)
        except Exception as error:
            self._say(str(error))
            self._button.disabled = False

    def _say(self, text: str) -> None:
        self._said.value = escape(text, 400)
