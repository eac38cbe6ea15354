"""Models that are inputs and outputs of runs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from amlflow_jupyter.tracking.mlflow2 import identity
from amlflow_jupyter.tracking.mlflow2.documents import Document
from amlflow_jupyter.tracking.mlflow2.models import Models
from amlflow_jupyter.tracking.mlflow2.page import Page
from amlflow_jupyter.tracking.mlflow2.pages import Pages, has_pages
from amlflow_jupyter.tracking.mlflow2.said import Said
from amlflow_jupyter.tracking.saying import say_once


class KeptModel(NamedTuple):
    """A model that is kept in a run, and its folder among the run's artifacts."""

    model_id: str
    folder: str


class Links:
    """Which models the runs of a server used and made."""

    def __init__(self, pages: Pages, models: Models) -> None:
        self._pages = pages
        self._models = models

    def completed(self, run: Any) -> Any:
        """Return a run with the models that are its inputs and outputs."""
        from mlflow.entities import LoggedModelInput, LoggedModelOutput, Run, RunInputs, RunOutputs
        from mlflow.exceptions import MlflowException

        if not has_pages(run):
            return run
        try:
            said = self._pages.read(run)
        except MlflowException as error:  # the run itself was read
            say_once(f"The models of the run {run.info.run_id} are left out: {error}")
            return run
        own = {
            str(identity.ModelId(run.info.run_id, mark)): kept.step
            for mark, kept in said.documents().items()
            if not kept.deleted
        }
        outputs = [LoggedModelOutput(key, step) for key, step in {**own, **said.outputs}.items()]
        datasets = run.inputs.dataset_inputs if run.inputs else []
        inputs = RunInputs(datasets, [LoggedModelInput(key) for key in said.inputs])
        return Run(run.info, run.data, inputs, RunOutputs(outputs))

    def has_model_in(self, run: Any, folder: str) -> bool:
        """Whether a folder among a run's artifacts is that of a model."""
        return any(kept.folder == folder for kept in self._documents(run).values())

    def newest(self, run: Any, name: str) -> KeptModel | None:
        """Return the newest model of a name, or in a folder, of a run."""
        found = None
        for mark, kept in self._documents(run).items():  # the first made first
            if name in (kept.name, kept.folder) and not kept.deleted:
                found = KeptModel(str(identity.ModelId(run.info.run_id, mark)), kept.folder)
        return found

    def _documents(self, run: Any) -> dict[str, Document]:
        return self._pages.read(run).documents() if has_pages(run) else {}

    def add_inputs(self, run_id: str, models: Iterable[Any]) -> None:
        """Record that a run used models; its own are its outputs already."""
        used = [model.model_id for model in models if not _is_of_run(model, run_id)]

        def edit(_: Any, said: Said) -> Page:
            inputs = tuple(dict.fromkeys([*said.own.inputs, *used]))
            return replace(said.own, inputs=inputs, written=_now())

        if used:
            self._pages.write(run_id, edit)

    def add_outputs(self, run_id: str, models: Iterable[Any]) -> None:
        """Record the steps at which a run made models."""
        foreign: dict[str, int] = {}
        for model in models:
            if _is_of_run(model, run_id):
                if model.step:
                    self._models.set_step(identity.require(model.model_id), model.step)
            else:
                foreign[model.model_id] = model.step

        def edit(_: Any, said: Said) -> Page:
            return replace(said.own, outputs={**said.own.outputs, **foreign}, written=_now())

        if foreign:
            self._pages.write(run_id, edit)


def _is_of_run(model: Any, run_id: str) -> bool:
    parts = identity.parse(model.model_id)
    return parts is not None and parts.run_id == run_id


def _now() -> int:
    return time.time_ns() // 1_000_000
