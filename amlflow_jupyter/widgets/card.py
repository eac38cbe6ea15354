"""A small card: a title, a few facts, perhaps a link."""

from __future__ import annotations

from collections.abc import Sequence

from amlflow_jupyter.widgets.markup import LINE, MUTED, escape, link, note_lines, plain, web_address


def card(
    title: str,
    rows: Sequence[tuple[str, str]],
    link_to: tuple[str, str] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, str]:
    """Return a card as ``text/html`` and ``text/plain``.

    Parameters
    ----------
    title
        What the card is about.
    rows
        Labels and their values; rows with an empty value are left out.
    link_to
        A label and its address; shown only if it is a plain http(s) address.
    notes
        One-line messages below.
    """
    shown = [(label, value) for label, value in rows if value]
    return {
        "text/html": _html(title, shown, link_to, notes),
        "text/plain": _text(title, shown, link_to, notes),
    }


def _html(
    title: str,
    rows: Sequence[tuple[str, str]],
    link_to: tuple[str, str] | None,
    notes: Sequence[str],
) -> str:
    facts = "".join(
        '<tr style="background-color:transparent">'
        f'<td style="{MUTED};padding:1px 16px 1px 0px;border:none;text-align:left;'
        f'vertical-align:top;white-space:nowrap">{escape(label)}</td>'
        '<td style="padding:1px 0px;border:none;text-align:left;overflow-wrap:anywhere">'
        f"{escape(value, 300)}</td></tr>"
        for label, value in rows
    )
    table = (
        '<table style="border-collapse:collapse;border:none;font-size:12px;margin:4px 0px 0px 0px">'
        f"<tbody>{facts}</tbody></table>"
    )
    anchor = link(*link_to) if link_to else ""
    return (
        f'<div style="display:inline-block;border:{LINE};border-radius:4px;padding:8px 14px">'
        f'<b style="font-size:14px">{escape(title)}</b>{table if rows else ""}'
        + (f'<div style="font-size:12px;margin-top:4px">{anchor}</div>' if anchor else "")
        + note_lines(notes)
        + "</div>"
    )


def _text(
    title: str,
    rows: Sequence[tuple[str, str]],
    link_to: tuple[str, str] | None,
    notes: Sequence[str],
) -> str:
    width = max((len(plain(label)) for label, _ in rows), default=0)
    facts = [f"  {plain(label).ljust(width)}  {plain(value, 300)}" for label, value in rows]
    address = web_address(link_to[1]) if link_to else None
    anchor = [f"  {address}"] if address else []
    return "\n".join([plain(title), *facts, *anchor, *(f"  {plain(note, 400)}" for note in notes)])
