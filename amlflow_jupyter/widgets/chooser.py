"""A list to choose one thing from: filtered as one types, worked by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.widgets import front_end
from amlflow_jupyter.widgets.markup import MUTED, escape, plain

if TYPE_CHECKING:
    from amlflow_jupyter.widgets.chooser_widget import ChooserWidget


# Lines that are written out for where the list does not show.
_WRITTEN: Final = 100


@dataclass(frozen=True)
class Choice:
    """One line of the list.

    Attributes
    ----------
    label
        What it is called.
    detail
        What tells it from others of its name; the filter looks in both.
    line
        What to run instead, where nobody can click.
    """

    label: str
    detail: str
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
        Called with the index of the choice. What it raises is shown beside the button.
    """

    def __init__(
        self, title: str, choices: Sequence[Choice], choose: Callable[[int], None]
    ) -> None:
        self._title = title
        self._choices = choices
        self._choose = choose
        self._widget = self._view() if front_end.is_built() else None

    def bundle(self) -> dict[str, Any]:
        """Return what shows the list; where there are no widgets, that is the lines to run."""
        if self._widget is None:
            return {"text/plain": self.text()}
        model = {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}
        return {
            "application/vnd.jupyter.widget-view+json": model,
            "text/plain": f"{plain(self._title)}: choose one.",
        }

    def instead(self) -> dict[str, str]:
        """Return what stands below the list, for the day when its kernel is gone."""
        if self._widget is None:
            return {}
        lines = "".join(
            f'<div style="margin-top:4px">{escape(_named(one))}<br>'
            f"<code>{escape(one.line, 400)}</code></div>"
            for one in self._choices[:_WRITTEN]
        )
        rest = f'<div style="margin-top:4px">{escape(self._rest())}</div>' if self._rest() else ""
        summary = (
            '<summary style="cursor:pointer">No list here? Run the cell again, or one of these '
            "lines.</summary>"
        )
        style = f"{MUTED};font-size:12px;line-height:18px"
        return {
            "text/html": f'<details style="{style}">{summary}{lines}{rest}</details>',
            "text/plain": self.text(),
        }

    def text(self) -> str:
        """Return the choices with the lines to run, as plain text."""
        lines = [
            f"  {plain(_named(one))}\n    {plain(one.line, 400)}"
            for one in self._choices[:_WRITTEN]
        ]
        rest = [f"  {self._rest()}"] if self._rest() else []
        return "\n".join([f"{plain(self._title)}: run one of these lines.", *lines, *rest])

    def close(self) -> None:
        """Take the list away: something was chosen."""
        if self._widget:
            self._widget.close()

    def _rest(self) -> str:
        left = len(self._choices) - _WRITTEN
        return f"… and {left} more: run the cell again." if left > 0 else ""

    def _view(self) -> ChooserWidget:
        from amlflow_jupyter.widgets.chooser_widget import ChooserWidget

        return ChooserWidget(
            self._chosen,
            title=plain(self._title),
            button="Connect",
            lines=[
                {"label": plain(one.label), "detail": plain(one.detail)} for one in self._choices
            ],
        )

    def _chosen(self, index: int) -> None:
        self._tell("Connecting …", busy=True)
        try:
            self._choose(index)
        except Exception as error:
            self._tell(plain(str(error), 400), busy=False)

    def _tell(self, text: str, *, busy: bool) -> None:
        if self._widget:
            self._widget.said = text
            self._widget.busy = busy


def _named(one: Choice) -> str:
    return f"{one.label} — {one.detail}"
