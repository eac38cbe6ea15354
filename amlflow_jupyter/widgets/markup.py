"""HTML that is safe whatever the names are, and survives what front ends do to it.

Notebooks that are not trusted are sanitised: JupyterLab drops scripts, inline SVG and styles that
it does not know, others drop classes or all styles.  So only plain elements and inline styles are
used, colours are inherited or legible on light and dark, and what matters is text.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from amlflow_jupyter.widgets.palette import badge

MUTED: Final = "opacity:.7"
LINE: Final = "1px solid rgba(128,128,128,.35)"
# A text in a flex line that gives way to what stands beside it.
ELLIPSIS: Final = "min-width:0px;overflow:hidden;text-overflow:ellipsis"
_LONGEST: Final = 120
_LONGEST_TITLE: Final = 400


def plain(text: str, longest: int = _LONGEST) -> str:
    """Return ``text`` as one short line that cannot steer a terminal or turn the writing around."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    if len(clean) <= longest:
        return clean
    half = (longest - 1) // 2
    return f"{clean[:half]}…{clean[-half:]}"


def escape(text: str, longest: int = _LONGEST) -> str:
    """Return ``text`` made :func:`plain` and safe in HTML, also inside a quoted attribute."""
    return html.escape(plain(text, longest), quote=True)


def whole(text: str) -> str:
    """Return ``text`` for the ``title`` of where it is shortened, safe like :func:`escape`."""
    return escape(text, _LONGEST_TITLE)


def web_address(url: str | None) -> str | None:
    """Return ``url`` if it is an http(s) address without credentials, else None."""
    if not url or not url.isprintable() or any(c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if usable else None


def link(label: str, url: str | None) -> str:
    """Return a link that opens in a new tab, or nothing where ``url`` is not to be trusted."""
    address = web_address(url)
    if address is None:
        return ""
    href = html.escape(address, quote=True)
    return f'<a href="{href}" target="_blank" rel="noopener noreferrer">{escape(label)}</a>'


def pill(status: str) -> str:
    """Return a run's state as shape, word and colour."""
    shape, word, colour = badge(status)
    return (
        f'<span style="border:1px solid {colour};border-radius:10px;padding:0px 8px;'
        f'flex:none;font-size:12px;line-height:18px;white-space:nowrap">'
        f'<span style="color:{colour}">{shape}</span> {escape(word)}</span>'
    )


def muted(parts: Iterable[str]) -> str:
    """Return pieces of HTML on one quiet line, parted by dots; nothing where all are empty."""
    shown = " · ".join(part for part in parts if part)
    return f'<div style="{MUTED};font-size:12px;line-height:18px">{shown}</div>' if shown else ""


def note_lines(notes: Iterable[str]) -> str:
    """Return one-line messages to the user, each on its own line."""
    return "".join(
        f'<div style="font-size:12px;line-height:18px">{escape(note, 400)}</div>' for note in notes
    )
