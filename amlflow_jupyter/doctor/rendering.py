"""A report as lines for a terminal, and as a table for a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

from amlflow_jupyter.doctor.finding import Finding, Level
from amlflow_jupyter.doctor.report import Report
from amlflow_jupyter.widgets.markup import LINE, MUTED, escape, plain

_LONGEST: Final = 2_000
_INDENT: Final = "         "
# Words tell the level where neither colours nor other characters can be shown.
_WORDS: Final = {
    Level.OK: "ok",
    Level.WARNING: "warning",
    Level.FAILURE: "FAILURE",
    Level.SKIPPED: "skipped",
}
_BADGES: Final = {
    Level.OK: ("✓", "#009E73"),
    Level.WARNING: ("!", "#C17F00"),
    Level.FAILURE: ("✕", "#D55E00"),
    Level.SKIPPED: ("·", "#7F7F7F"),
}


def heading(target: str) -> str:
    """Return the first line."""
    return f"amlflow doctor: {plain(target, _LONGEST)}"


def lines(title: str, findings: Sequence[Finding], width: int = 100) -> list[str]:
    """Return what one check found, as lines for a terminal that is ``width`` characters wide.

    A command is never broken, so that it can be copied whole.
    """
    written = []
    for finding in findings:
        text = (
            f"{_WORDS[finding.level].ljust(7)}  {plain(title)}: {plain(finding.message, _LONGEST)}"
        )
        written += textwrap.wrap(
            text,
            max(width, 40),
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if finding.remedy:
            written.append(f"{_INDENT}> {plain(finding.remedy, _LONGEST)}")
    return written


def text(report: Report, titles: Mapping[str, str], width: int = 100) -> str:
    """Return the whole report as text that ends with the summary."""
    written = [heading(report.target)]
    for finding in report.findings:
        written += lines(titles.get(finding.check, finding.check), [finding], width)
    return "\n".join([*written, report.summary])


def bundle(report: Report, titles: Mapping[str, str], note: str = "") -> dict[str, str]:
    """Return the report as ``text/html`` and ``text/plain``.

    Parameters
    ----------
    report
        What was found, perhaps so far.
    titles
        The title of each check by its name.
    note
        One line below, instead of the summary.
    """
    below = note or report.summary
    body = "".join(_row(titles, finding) for finding in report.findings)
    html = (
        f'<div style="font-size:13px"><b style="font-size:14px">{escape(heading(report.target))}'
        '</b><table style="border-collapse:collapse;border:none;font-size:12px;margin:4px 0px">'
        f"<tbody>{body}</tbody></table><b>{escape(below, _LONGEST)}</b></div>"
    )
    plain_text = text(report, titles)
    if note:
        plain_text = "\n".join([*plain_text.splitlines()[:-1], plain(note, _LONGEST)])
    return {"text/html": html, "text/plain": plain_text}


def _row(titles: Mapping[str, str], finding: Finding) -> str:
    shape, colour = _BADGES[finding.level]
    cell = 'style="padding:2px 14px 2px 0px;text-align:left;vertical-align:top;white-space:nowrap"'
    quiet = MUTED if finding.level in (Level.OK, Level.SKIPPED) else ""
    remedy = (
        f'<br><code style="white-space:pre-wrap">{escape(finding.remedy, _LONGEST)}</code>'
        if finding.remedy
        else ""
    )
    return (
        f'<tr style="border-top:{LINE};background-color:transparent"><td {cell}>'
        f'<span style="color:{colour}">{shape}</span> {escape(_WORDS[finding.level].lower())}</td>'
        f"<td {cell}>{escape(titles.get(finding.check, finding.check))}</td>"
        f'<td style="padding:2px 0px;text-align:left;overflow-wrap:anywhere;{quiet}">'
        f"{escape(finding.message, _LONGEST)}{remedy}</td></tr>"
    )
