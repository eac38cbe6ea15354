"""Everything that was said about the models of one run, read together."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from amlflow_jupyter.tracking.mlflow2.documents import (
    Document,
    Entry,
    changed,
    document,
    merged,
)
from amlflow_jupyter.tracking.mlflow2.page import Page

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """What the pages of a run say.

    Attributes
    ----------
    writer
        The name of this process.
    pages
        The pages that are tags, by their writers.
    segments
        What was moved to files.
    """

    writer: str
    pages: Mapping[str, Page] = field(default_factory=dict)
    segments: tuple[Page, ...] = ()

    @property
    def own(self) -> Page:
        """The page of this process."""
        return self.pages.get(self.writer, Page())

    def with_own(self, page: Page) -> Said:
        """Return what is said when this process says something else."""
        return replace(self, pages={**self.pages, self.writer: page})

    @cached_property
    def entries(self) -> Mapping[str, list[Entry]]:
        """All entries, by the marks of the models that they are about."""
        found: dict[str, list[Entry]] = {}
        for page in self._all():
            for mark, entry in page.entries.items():
                found.setdefault(mark, []).append(entry)
        return found

    @property
    def inputs(self) -> list[str]:
        """Ids of the models that are inputs of the run."""
        return list(dict.fromkeys(model_id for page in self._all() for model_id in page.inputs))

    @property
    def outputs(self) -> dict[str, int]:
        """Ids of models of other runs that are outputs of this one, and their steps."""
        return {key: step for page in self._all() for key, step in page.outputs.items()}

    def everything(self, mark: str) -> Entry:
        """Return what all say of one model; of a model that nobody knows, next to nothing."""
        return merged(self.entries.get(mark, ()))

    def document(self, mark: str) -> Document | None:
        """Return one model; None where it is not known, or what is said makes no sense."""
        try:
            return document(self.everything(mark))
        except (AttributeError, KeyError, TypeError, ValueError):
            _logger.debug("What is kept of the model %s cannot be read.", mark, exc_info=True)
            return None

    def documents(self) -> dict[str, Document]:
        """Return all models by their marks, the first made first."""
        known = {mark: found for mark in self.entries if (found := self.document(mark))}
        return dict(sorted(known.items(), key=lambda item: (item[1].created, item[0])))

    def changed(self, mark: str, change: Entry, now: int) -> Page:
        """Return this process's page with a change to one model."""
        entry = changed(self.own.entries.get(mark), self.everything(mark), change, now)
        return replace(self.own.with_entry(mark, entry), written=now)

    def folded(self, most: int, before: int) -> tuple[Page, tuple[str, ...]]:
        """Return this process's page with what others said long ago, and whose pages these were.

        A run that is evaluated every night would run out of tags.

        Parameters
        ----------
        most
            How many pages there may be before any is folded.
        before
            Milliseconds since 1970; a page that was written later is left alone. (One that is
            folded though its writer lives is written anew, whole, when the writer speaks again.)
        """
        others = {name: page for name, page in self.pages.items() if name != self.writer}
        old = tuple(name for name, page in others.items() if page.written < before)
        if len(self.pages) <= most or not old:
            return self.own, ()
        own = self.own
        entries = dict(own.entries)
        for mark in {mark for name in old for mark in others[name].entries}:
            theirs = (others[name].entries.get(mark) for name in old)
            both = merged(entry for entry in (entries.get(mark), *theirs) if entry)
            everything = self.everything(mark)
            entries[mark] = {
                **changed(both, everything, {}, both["u"]),
                "u": max(both["u"], everything["u"]),
            }
        pages = [own, *(others[name] for name in old)]
        page = Page(
            entries=entries,
            inputs=tuple(dict.fromkeys(key for page in pages for key in page.inputs)),
            outputs={key: step for page in pages for key, step in page.outputs.items()},
            segments=tuple(dict.fromkeys(key for page in pages for key in page.segments)),
            written=own.written,
        )
        return page, old

    def _all(self) -> tuple[Page, ...]:
        return (*self.pages.values(), *self.segments)
