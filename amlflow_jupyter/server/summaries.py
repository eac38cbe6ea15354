"""From connections and MLflow's entities to the JSON that the sidebar reads (``rest-api.yml``)."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from amlflow_jupyter.resources.moments import iso
from amlflow_jupyter.server.connections import Connection
from amlflow_jupyter.workspaces.azure import studio
from amlflow_jupyter.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from mlflow.entities import Experiment, FileInfo, Run

_SHOWN_METRICS: Final = 3
DESCRIPTION_TAG: Final = "mlflow.note.content"
# Tags that MLflow and amlflow keep their own books in: what they say is shown elsewhere.
_INTERNAL_TAGS: Final = ("mlflow.", "amlflow.models.", "amlflow_models")


def connection(found: Connection) -> dict[str, Any]:
    """Return a connection without its URI."""
    workspace, profile, kernels = found.workspace, found.profile, found.kernels
    named = profile.experiment if profile else None
    return {
        "name": found.name,
        "title": found.title,
        "kind": workspace.kind,
        "location": workspace.location,
        "experiment": named or (kernels[0].experiment if kernels else None),
        "default": bool(profile and profile.default),
        "saved": profile is not None,
        "kernels": [
            {"pid": kernel.pid, "notebook": kernel.notebook, "since": iso(kernel.since * 1000)}
            for kernel in kernels
        ],
        "ui_url": workspace.ui_url,
    }


def experiment(found: Experiment) -> dict[str, Any]:
    """Return an experiment's id, name and last change."""
    return {
        "id": found.experiment_id,
        "name": found.name,
        "last_update": iso(found.last_update_time),
    }


def run(found: Run) -> dict[str, Any]:
    """Return what one line of the sidebar shows of a run."""
    names = sorted(found.data.metrics, key=_user_metrics_first)[:_SHOWN_METRICS]
    return _head(found) | {"metrics": [_metric(name, found.data.metrics[name]) for name in names]}


def detail(found: Run, experiment_name: str, workspace: Workspace) -> dict[str, Any]:
    """Return what a run's own tab shows of it."""
    info, data = found.info, found.data
    metrics = sorted(data.to_proto().metrics, key=lambda metric: _user_metrics_first(metric.key))
    tags = {name: text for name, text in data.tags.items() if not name.startswith(_INTERNAL_TAGS)}
    return _head(found) | {
        "experiment": {"id": info.experiment_id, "name": experiment_name},
        "params": _pairs(data.params),
        "tags": _pairs(tags),
        "metrics": [
            _metric(metric.key, metric.value) | {"step": metric.step} for metric in metrics
        ],
        "description": data.tags.get(DESCRIPTION_TAG),
        "ui_url": _run_url(workspace, info.experiment_id, info.run_id),
    }


def artifacts(found: Iterable[FileInfo]) -> list[dict[str, Any]]:
    """Return the entries of a folder: folders first, by name."""
    entries = [
        {"path": entry.path, "is_dir": entry.is_dir, "size": _size(entry)} for entry in found
    ]
    return sorted(entries, key=lambda entry: (not entry["is_dir"], entry["path"]))


def source(found: Run) -> str | None:
    """Return the name of the notebook or script a run came from, without its folders."""
    name: str | None = found.data.tags.get("mlflow.source.name")
    return re.split(r"[/\\]", name)[-1] if name else None


def user(found: Run) -> str | None:
    """Return who made a run."""
    name: str | None = found.data.tags.get("mlflow.user") or found.info.user_id
    return name or None


def _head(found: Run) -> dict[str, Any]:
    info = found.info
    return {
        "id": info.run_id,
        "name": info.run_name or info.run_id,
        "status": info.status,
        "start": iso(info.start_time),
        "duration": _duration(info.start_time, info.end_time),
        "parent": found.data.tags.get("mlflow.parentRunId"),
        "user": user(found),
        "source": source(found),
    }


def _metric(name: str, value: float) -> dict[str, Any]:
    """JSON has no NaN and no infinity: those are null, and named in ``text``."""
    # MLflow's SQL store keeps an infinite value as the largest double (SqlAlchemyStore.log_metric).
    if abs(value) >= sys.float_info.max:
        value = math.copysign(math.inf, value)
    if math.isfinite(value):
        return {"name": name, "value": value, "text": f"{value:.6g}"}
    text = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return {"name": name, "value": None, "text": text}


def _user_metrics_first(name: str) -> tuple[bool, str]:
    return name.startswith("system/"), name


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": str(values[name])} for name in sorted(values)]


def _duration(start: int | None, end: int | None) -> float | None:
    """Return seconds; clocks of two computers may disagree, but no run ends before it starts."""
    return max(0.0, (end - start) / 1000) if start is not None and end else None


def _size(entry: FileInfo) -> int | None:
    """Return bytes; a store that does not know says nothing or, as Azure ML's, -1."""
    size = entry.file_size
    return None if entry.is_dir or size is None or size < 0 else int(size)


def _run_url(workspace: Workspace, experiment_id: str, run_id: str) -> str | None:
    """Return a run's page in the studio, or in the web interface of an MLflow server."""
    if workspace.azure is not None:
        return studio.run_url(workspace.azure.address, workspace.azure.tenant, run_id)
    if workspace.kind != "server" or not workspace.ui_url:
        return None
    return f"{workspace.ui_url}/#/experiments/{experiment_id}/runs/{run_id}"
