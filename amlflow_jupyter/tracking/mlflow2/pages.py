"""Read and write the pages of runs: each process its own, as a tag of the run and its segments."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.documents import MetricRow, with_metrics
from amlflow_jupyter.tracking.mlflow2.files import RunFiles, read_all
from amlflow_jupyter.tracking.mlflow2.own_pages import (
    last_page,
    lock_of,
    new_segment,
    remember_page,
)
from amlflow_jupyter.tracking.mlflow2.page import SEGMENT, Page, read_page
from amlflow_jupyter.tracking.mlflow2.refusal import is_refusal
from amlflow_jupyter.tracking.mlflow2.said import Said
from amlflow_jupyter.tracking.mlflow2.writer import writer
from amlflow_jupyter.tracking.saying import say_once

_logger = logging.getLogger(__name__)

# The tag that runs with models are searched by: a key without dots is the same in every filter.
MARKER: Final = "amlflow_models"
_PREFIX: Final = "amlflow.models."
_FOLDER: Final = "amlflow/models"
_SUFFIX: Final = ".json"
# A run has 50 tags on Azure; pages that nobody has written to for an hour are folded into one.
_MOST_PAGES: Final = 6
_LIVELY: Final = 3600 * 1000

# Gets the run and what is said of its models, and returns this process's new page.
Edit = Callable[[Any, Said], Page]


class Pages:
    """The pages of the runs of one server.

    Parameters
    ----------
    server
        What answers with MLflow 2's methods: ``get_run``, ``log_batch``, ``delete_tag``.
    tracking_uri
        The server's address; None takes MLflow's current one.
    """

    def __init__(self, server: Any, tracking_uri: str | None) -> None:
        self._server = server
        self._tracking_uri = tracking_uri

    def files(self, run: Any) -> RunFiles:
        """Return the files of a run."""
        return RunFiles(run.info.artifact_uri, self._tracking_uri)

    def read(self, run: Any) -> Said:
        """Return what the tags of a run say, and the segments that they name.

        Raises
        ------
        MlflowException
            A segment cannot be read.
        """
        pages = _tagged(run)
        names = dict.fromkeys(name for page in pages.values() for name in page.segments)
        return Said(writer(), pages, self._segments(run, names))

    def read_unlisted(self, run: Any) -> Said:
        """Return what is said in any file of the run: also in those that no tag names."""
        found = (name.removesuffix(_SUFFIX) for name in self.files(run).names(_FOLDER))
        names = [name for name in found if SEGMENT.fullmatch(name)]
        return Said(writer(), _tagged(run), self._segments(run, names))

    def write(self, run_id: str, edit: Edit) -> tuple[Any, Said]:
        """Change this process's page of a run; return the run as it was, and what is said then."""
        with lock_of(run_id):
            run = self._server.get_run(run_id)
            said = self.read(run)
            said = said.with_own(edit(run, said))
            page, folded = said.folded(_MOST_PAGES, before=_now() - _LIVELY)
            self._keep(run, page)
            self._forget(run_id, folded)
            return run, said

    def write_metrics(
        self, run_id: str, rows: Mapping[str, list[MetricRow]], send: Callable[[list[Any]], None]
    ) -> None:
        """Record metrics of models, as tags that go with the metrics themselves in one request.

        Parameters
        ----------
        rows
            By the marks of the models.
        send
            Sends the tags.
        """
        with lock_of(run_id):
            page = last_page(run_id)
            if page is None:
                page = self.read(self._server.get_run(run_id)).own
            for mark, added in rows.items():
                page = page.with_entry(mark, with_metrics(page.entries.get(mark), added))
            page = self._fitting(run_id, replace(page, written=_now()))
            if self._sent(run_id, page, send):
                remember_page(run_id, page)

    def set_tags(self, run_id: str, tags: list[Any]) -> None:
        """Set tags of a run, in one request."""
        if tags:
            self._server.log_batch(run_id, [], [], tags)

    def _sent(self, run_id: str, page: Page, send: Callable[[list[Any]], None]) -> bool:
        """Send metrics with the page, or without it to a run that takes no further tag."""
        from mlflow.exceptions import MlflowException

        try:
            send([_tag(page)])
        except MlflowException as error:
            if last_page(run_id) is not None or not is_refusal(error):
                raise
            send([])
            say_once(
                f"The run {run_id} takes no more tags ({error}): metrics that are logged for its "
                "models are in the run, but not among those of the models."
            )
            return False
        return True

    def _keep(self, run: Any, page: Page) -> None:
        from mlflow.exceptions import MlflowException

        run_id = run.info.run_id
        page = self._fitting(run_id, page, run)
        tags = [_tag(page), *([] if MARKER in run.data.tags else [_marker()])]
        try:
            self._server.log_batch(run_id, [], [], tags)
        except MlflowException as error:
            if _PREFIX + writer() in run.data.tags or not is_refusal(error):
                raise
            self._keep_unlisted(run, page, error)
        else:
            remember_page(run_id, page)

    def _keep_unlisted(self, run: Any, page: Page, error: Exception) -> None:
        """Keep a page in a file alone: the run takes no further tag."""
        self._seal(run, page)
        say_once(
            f"The run {run.info.run_id} takes no more tags ({error}): its models are kept, and "
            "found by their ids, but not by searching the experiment."
        )

    def _forget(self, run_id: str, writers: Iterable[str]) -> None:
        """Delete the pages that were folded into this process's."""
        from mlflow.exceptions import MlflowException

        for name in writers:
            try:
                self._server.delete_tag(run_id, _PREFIX + name)
            except MlflowException:  # another process was faster, or the tag stays: no harm done
                _logger.debug("The page of %s stays.", name, exc_info=True)

    def _fitting(self, run_id: str, page: Page, run: Any = None) -> Page:
        """Return the page, without what has no room in a tag: that is moved to a segment."""
        if page.tag() is not None:
            return page
        return self._seal(run or self._server.get_run(run_id), page)

    def _seal(self, run: Any, page: Page) -> Page:
        """Move the content of a page to a new segment; return what is left of it."""
        name = new_segment(run.info.run_id, page)
        self.files(run).write(_path(name), page.text())
        return page.moved_to(name)

    def _segments(self, run: Any, names: Iterable[str]) -> tuple[Page, ...]:
        files = self.files(run)
        texts = read_all((files, _path(name)) for name in names)
        return tuple(_page_of(path, text) for path, text in texts)


def has_pages(run: Any) -> bool:
    """Whether anything is said of models of this run, or of models that it used."""
    return any(key.startswith(_PREFIX) for key in run.data.tags)


def _tagged(run: Any) -> dict[str, Page]:
    """Return the pages that the tags of a run hold, by their writers."""
    found = {
        key.removeprefix(_PREFIX): read_page(value)
        for key, value in run.data.tags.items()
        if key.startswith(_PREFIX)
    }
    return {name: page for name, page in found.items() if page is not None}


def _tag(page: Page) -> Any:
    from mlflow.entities import RunTag

    return RunTag(_PREFIX + writer(), page.tag())


def _marker() -> Any:
    from mlflow.entities import RunTag

    return RunTag(MARKER, "1")


def _path(segment: str) -> str:
    return f"{_FOLDER}/{segment}{_SUFFIX}"


def _page_of(path: str, text: str | Exception) -> Page:
    from mlflow.exceptions import MlflowException

    page = None if isinstance(text, Exception) else read_page(text)
    if page is None:
        reason = text if isinstance(text, Exception) else "it is no page"
        raise MlflowException(
            f"What is kept of models in the run's {path} cannot be read: {reason}"
        )
    return page


def _now() -> int:
    return time.time_ns() // 1_000_000
