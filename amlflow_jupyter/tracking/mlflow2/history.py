"""The tag ``mlflow.log-model.history``, by which clients of MLflow 2 list the models of a run."""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import Any, Final

from amlflow_jupyter.tracking.mlflow2.files import RunFiles
from amlflow_jupyter.tracking.mlflow2.page import ROOM
from amlflow_jupyter.tracking.mlflow2.refusal import is_refusal
from amlflow_jupyter.tracking.saying import say_once

_logger = logging.getLogger(__name__)
_TAG: Final = "mlflow.log-model.history"
_MLMODEL: Final = "MLmodel"


def paths(run: Any) -> set[str]:
    """Return where models of a run are that are listed already."""
    return {str(model.get("artifact_path", "")) for model in _listed(run)}


def record(server: Any, files: RunFiles, run: Any, folder: str) -> None:
    """List the model in ``folder``; one that cannot be listed is logged all the same.

    Where the list outgrows what the server takes, the newest models stay on it.
    """
    from mlflow.exceptions import MlflowException

    if folder in paths(run):
        return
    run_id = run.info.run_id
    try:
        model = _model(files, run_id, folder)
    except Exception:  # clients of artifacts raise what they like
        # A model may be no more than a name with params: there is nothing to load then.
        _logger.debug("The model in %s has no readable MLmodel file.", folder, exc_info=True)
        return
    if not _has_room(server, [*_listed(run), model.get_tags_dict()]):
        _list_newest(server, run_id, model.get_tags_dict(), "the list is too long")
        return
    try:
        server.record_logged_model(run_id, model)
    except MlflowException as error:
        if not is_refusal(error):
            raise
        _list_newest(server, run_id, model.get_tags_dict(), str(error))


def newest_that_fit(models: list[dict[str, Any]], room: int = ROOM) -> list[dict[str, Any]]:
    """Return the last models of a list, as many as ``room`` characters of JSON hold.

    Of the flavors of all but the last one the names are kept; of a model that is alone too long,
    too.
    """
    kept: list[dict[str, Any]] = []
    for model in reversed(models):
        shortest = _with_flavors_named(model)
        for form in (shortest,) if kept else (model, shortest):
            if len(_dump([form, *kept])) <= room:
                kept.insert(0, form)
                break
        else:
            break
    return kept


def _with_flavors_named(model: dict[str, Any]) -> dict[str, Any]:
    return {**model, "flavors": {flavor: {} for flavor in model.get("flavors", {})}}


def _dump(models: list[dict[str, Any]]) -> str:
    return json.dumps(models, separators=(",", ":"))


def _has_room(server: Any, models: list[dict[str, Any]]) -> bool:
    """Whether a service whose limits are known takes a list, as it would write it."""
    limits = getattr(server, "limits", None)
    return limits is None or len(json.dumps(models)) <= limits.tag_value


def _list_newest(server: Any, run_id: str, model: dict[str, Any], refusal: str) -> None:
    from mlflow.entities import RunTag
    from mlflow.exceptions import MlflowException

    models = [*_listed(server.get_run(run_id)), model]
    kept = newest_that_fit(models)
    try:
        server.set_tag(run_id, RunTag(_TAG, _dump(kept)))
    except MlflowException as error:
        if not is_refusal(error):
            raise
        say_once(
            f"The models of the run {run_id} are not listed for clients of MLflow 2 ({refusal}); "
            "they are among its artifacts."
        )
        return
    if len(kept) < len(models):
        say_once(
            f"The run {run_id} has more models than its tag {_TAG} holds: clients of MLflow 2 list "
            "the newest, and load the others by their paths."
        )


def _model(files: RunFiles, run_id: str, folder: str) -> Any:
    from mlflow.models import Model

    text = files.read(f"{folder}/{_MLMODEL}")
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary, _MLMODEL).write_text(text, encoding="utf-8")
        model = Model.load(temporary)
    model.run_id, model.artifact_path = run_id, folder
    return model


def _listed(run: Any) -> list[dict[str, Any]]:
    try:
        models = json.loads(run.data.tags.get(_TAG, "[]"))
    except ValueError:
        return []
    return (
        [model for model in models if isinstance(model, dict)] if isinstance(models, list) else []
    )
