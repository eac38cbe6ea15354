"""What MLflow asks for the tags of every new run; an entry point names this class."""

from __future__ import annotations

from mlflow.tracking.context.abstract_context import RunContextProvider

from amlflow_jupyter.tracking.source import source_tags


class NotebookContext(RunContextProvider):
    """Gives runs their notebook as source: MLflow itself takes the kernel's launcher for it."""

    def in_context(self) -> bool:
        """Whether the source is known."""
        return bool(source_tags())

    def tags(self) -> dict[str, str]:
        """Return the tags of the source."""
        return source_tags()
