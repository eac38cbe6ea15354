"""Logged models, made, read and changed in the runs that they belong to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from amlflow_jupyter.tracking import internals
from amlflow_jupyter.tracking.mlflow2 import history
from amlflow_jupyter.tracking.mlflow2.documents import Document, Entry, folder_of
from amlflow_jupyter.tracking.mlflow2.entities import logged_model, new_entry
from amlflow_jupyter.tracking.mlflow2.identity import ModelId, new, not_found, require
from amlflow_jupyter.tracking.mlflow2.page import Page
from amlflow_jupyter.tracking.mlflow2.pages import Pages
from amlflow_jupyter.tracking.mlflow2.said import Said

_READY: Final = "READY"
# Folders of our own among a run's artifacts.
_RESERVED: Final = {"amlflow", "traces"}
_EXTERNAL: Final = "mlflow.model.isExternal"


class Models:
    """The logged models of one server.

    Parameters
    ----------
    server
        What answers with MLflow 2's methods.
    pages
        What is said of models in the server's runs.
    """

    def __init__(self, server: Any, pages: Pages) -> None:
        self._server = server
        self._pages = pages

    def create(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Iterable[Any] | None = None,
        params: Iterable[Any] | None = None,
        model_type: str | None = None,
    ) -> Any:
        """Return a new model; one that comes from no run gets a run of its own."""
        internals.validate_model_name(name)
        name = name or internals.random_name()
        tags = list(tags or ())
        owned = source_run_id is None
        run_id = source_run_id or self._new_run(experiment_id, name, tags)
        model_id = new(run_id)

        def edit(run: Any, said: Said) -> Page:
            entry = new_entry(run, name, model_type, tags, params or ())
            now = _now()
            entry |= {"c": now, "s": 1} | ({"o": 1} if owned else {})
            folder = folder_of(name)
            if self._is_taken(folder, run, said):
                folder = f"{folder}-{model_id.mark}"
            entry |= {"f": folder} if folder != name else {}
            return said.changed(model_id.mark, entry, now)

        self._pages.write(run_id, edit)
        return self._settled(model_id)

    def get(self, model_id: str, allow_deleted: bool = False) -> Any:
        """Return a model.

        Raises
        ------
        MlflowException
            There is none, or it was deleted.
        """
        parts = require(model_id)
        run = self._run_of(parts)
        kept = self._find(parts, run, self._pages.read(run), allow_deleted)
        return logged_model(run, parts, kept)

    def finalize(self, model_id: str, status: Any) -> Any:
        """Set the status of a model; one that is ready is listed for clients of MLflow 2."""
        parts = require(model_id)
        run, kept = self._change(parts, lambda _: {"s": status.to_int()})
        if str(status) == _READY and kept.tags.get(_EXTERNAL) != "true":
            history.record(self._server, self._pages.files(run), run, kept.folder)
        if kept.owns_run:
            self._end_run(parts.run_id, succeeded=str(status) == _READY)
        return logged_model(run, parts, kept)

    def set_tags(self, model_id: str, tags: Iterable[Any]) -> None:
        """Set tags of a model."""
        values = {tag.key: str(tag.value) for tag in tags}
        self._change(require(model_id), lambda _: {"t": values})

    def delete_tag(self, model_id: str, key: str) -> None:
        """Take a tag away.

        Raises
        ------
        MlflowException
            The model has no such tag.
        """
        from mlflow.exceptions import MlflowException
        from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

        def change(kept: Document) -> Entry:
            if key not in kept.tags:
                raise MlflowException(
                    f"No tag with key {key!r} for model with ID {model_id!r}.",
                    RESOURCE_DOES_NOT_EXIST,
                )
            return {"t": {key: None}}

        self._change(require(model_id), change)

    def log_params(self, model_id: str, params: Iterable[Any]) -> None:
        """Add params to a model."""
        values = {param.key: str(param.value) for param in params}
        self._change(require(model_id), lambda _: {"p": values})

    def set_step(self, model_id: ModelId, step: int) -> None:
        """Say at which step of its run a model was logged."""
        self._change(model_id, lambda _: {"k": step})

    def delete(self, model_id: str) -> None:
        """Mark a model as deleted; its files stay."""
        self._change(require(model_id), lambda _: {"d": 1})

    def _change(
        self, model_id: ModelId, change: Callable[[Document], Entry]
    ) -> tuple[Any, Document]:
        """Change a model; return its run and what it is then."""

        def edit(run: Any, said: Said) -> Page:
            kept = self._find(model_id, run, said)
            return said.changed(model_id.mark, change(kept), _now())

        run, said = self._pages.write(model_id.run_id, edit)
        return run, self._find(model_id, run, said, allow_deleted=True)

    def _find(
        self, model_id: ModelId, run: Any, said: Said, allow_deleted: bool = False
    ) -> Document:
        kept = said.document(model_id.mark)
        if kept is None:
            kept = self._pages.read_unlisted(run).document(model_id.mark)
        if kept is None or (kept.deleted and not allow_deleted):
            raise not_found(model_id)
        return kept

    def _run_of(self, model_id: ModelId) -> Any:
        from mlflow.exceptions import RestException

        try:
            return self._server.get_run(model_id.run_id)
        except RestException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                raise not_found(model_id) from error
            raise

    def _is_taken(self, folder: str, run: Any, said: Said) -> bool:
        """Whether a model or other files have a folder already: none can be replaced."""
        folders = {kept.folder for kept in said.documents().values()}
        if folder in folders | history.paths(run) | _RESERVED:
            return True
        return bool(self._pages.files(run).names(folder))

    def _settled(self, model_id: ModelId) -> Any:
        """Return a new model, out of a folder that another process claimed at the same moment.

        The other finds out too, and leaves it as well: each has a folder of its own then.
        """
        run = self._server.get_run(model_id.run_id)
        said = self._pages.read(run)
        mine = self._find(model_id, run, said)
        others = [kept for mark, kept in said.documents().items() if mark != model_id.mark]
        if any(kept.folder == mine.folder for kept in others):
            own = f"{folder_of(mine.name)}-{model_id.mark}"
            run, mine = self._change(model_id, lambda _: {"f": own})
        return logged_model(run, model_id, mine)

    def _new_run(self, experiment_id: str, name: str, tags: Iterable[Any]) -> str:
        from mlflow.entities import RunTag

        user = next((tag.value for tag in tags if tag.key == "mlflow.user"), "unknown")
        own = [RunTag(tag.key, tag.value) for tag in tags if tag.key.startswith("mlflow.")]
        run = self._server.create_run(
            experiment_id, user, _now(), [*own, RunTag("mlflow.runName", name)], name
        )
        return str(run.info.run_id)

    def _end_run(self, run_id: str, succeeded: bool) -> None:
        from mlflow.entities import RunStatus

        status = RunStatus.FINISHED if succeeded else RunStatus.FAILED
        self._server.update_run_info(run_id, status, _now(), None)


def _now() -> int:
    return time.time_ns() // 1_000_000
