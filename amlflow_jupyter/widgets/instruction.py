"""A sentence that says what to do elsewhere, with what is needed for it within easy reach."""

from __future__ import annotations

import re
from typing import Final

from amlflow_jupyter.widgets.markup import escape, link, plain
from amlflow_jupyter.widgets.palette import CURVES

_LONGEST: Final = 600
_ADDRESS: Final = re.compile(r"https://[^\s,]+")
# One click selects the whole of it.
_CODE: Final = re.compile(r"(?<=enter the code )\w+")
_STYLE: Final = "font-size:15px;font-weight:bold;letter-spacing:1px;user-select:all"


def instruction(text: str) -> dict[str, str]:
    """Return ``text`` as ``text/html``, its address a link and its code easy to copy, and plain."""
    clean = plain(text, _LONGEST)
    shown = _CODE.sub(lambda found: f'<code style="{_STYLE}">{found[0]}</code>', _linked(clean))
    style = f"border-left:3px solid {CURVES[0]};padding:2px 12px;font-size:13px;line-height:22px"
    return {
        "text/html": f'<div style="{style}">{shown}</div>',
        "text/plain": clean,
    }


def _linked(text: str) -> str:
    found = _ADDRESS.search(text)
    if found is None:
        return escape(text, _LONGEST)
    before, after = text[: found.start()], text[found.end() :]
    return escape(before, _LONGEST) + link(found[0], found[0]) + escape(after, _LONGEST)
