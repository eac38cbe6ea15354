"""Small text files among a run's artifacts, written once.

Azure Machine Learning refuses to write a path a second time: whoever has something new to say
writes a new file. What was read therefore never changes, and is remembered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2.memory import Memory

_MOST_REMEMBERED: Final = 2048
# Downloads at a time.
_WORKERS: Final = 8


@dataclass(frozen=True)
class RunFiles:
    """The files of one run.

    Attributes
    ----------
    uri
        The run's artifact URI.
    tracking_uri
        The server that the run is on; None takes MLflow's current one.
    """

    uri: str
    tracking_uri: str | None

    def repository(self, path: str = "") -> Any:
        """Return MLflow's repository of a folder."""
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
        from mlflow.utils.uri import append_to_uri_path

        uri = append_to_uri_path(self.uri, path) if path else self.uri
        return get_artifact_repository(uri, tracking_uri=self.tracking_uri)

    def names(self, folder: str) -> list[str]:
        """Return the names of what is directly in a folder; none where there is no folder."""
        listed = self.repository().list_artifacts(folder)
        return sorted(file.path.rpartition("/")[2] for file in listed)

    def write(self, path: str, text: str) -> None:
        """Write a file that is not there yet."""
        folder, _, name = path.rpartition("/")
        with tempfile.TemporaryDirectory() as temporary:
            local = Path(temporary, name)
            local.write_text(text, encoding="utf-8")
            self.repository().log_artifact(str(local), folder or None)
        remember(self.uri, path, text)

    def read(self, path: str) -> str:
        """Return the text of a file.

        Raises
        ------
        Exception
            What the artifact's client raises where it cannot be read.
        """
        text = _remembered.get(_place(self.uri, path))
        if text is None:
            with tempfile.TemporaryDirectory() as temporary:
                local = Path(temporary, "file")
                internals.download_file(self.repository(), path, local)
                text = local.read_text(encoding="utf-8")
            remember(self.uri, path, text)
        return text


def remember(uri: str, path: str, text: str) -> None:
    """Remember what a file beneath a URI holds: it was written just now, and will not change."""
    _remembered.put(_place(uri, path), text)


def _place(uri: str, path: str) -> str:
    return f"{uri.rstrip('/')}/{path}"


def read_all(places: Iterable[tuple[RunFiles, str]]) -> Iterator[tuple[str, str | Exception]]:
    """Read many files at a time; yield the path of each with its text, or with what went wrong."""

    def read(place: tuple[RunFiles, str]) -> tuple[str, str | Exception]:
        files, path = place
        try:
            return path, files.read(path)
        except Exception as error:  # clients of artifacts raise what they like
            return path, error

    places = list(places)
    if len(places) == 1:
        yield read(places[0])
    elif places:
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="amlflow-files") as pool:
            yield from pool.map(read, places)


_remembered: Final[Memory[str, str]] = Memory(_MOST_REMEMBERED)
