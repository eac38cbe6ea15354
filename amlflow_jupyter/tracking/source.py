"""Where the code of a new run comes from, for the ``mlflow.source.*`` tags."""

from __future__ import annotations

_tags: dict[str, str] = {}


def set_source(name: str | None, kind: str) -> None:
    """Say what new runs of this process come from.

    Parameters
    ----------
    name
        Path of the notebook or script; None leaves it to MLflow.
    kind
        MLflow's source type, such as ``"NOTEBOOK"`` or ``"LOCAL"``.
    """
    _tags.clear()
    if name is not None:
        _tags.update({"mlflow.source.name": name, "mlflow.source.type": kind})


def source_tags() -> dict[str, str]:
    """Return the tags for a new run; none where MLflow's own guess stands."""
    return dict(_tags)
