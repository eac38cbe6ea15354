"""What azureml-mlflow needs around it while it builds a store or a repository of artifacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from amlflow_jupyter.tracking import links
from amlflow_jupyter.tracking.internals import Kind


@contextmanager
def prepared(kind: Kind, given: Sequence[Any], options: Mapping[str, Any]) -> Iterator[None]:
    """Prepare what is built in the block.

    A store gets the renewing token of an Azure ML job, where this is one; links to its runs lead
    to the studio. A repository of artifacts asks as the store of its own tracking URI does, which
    need not be the one that MLflow logs to.

    Parameters
    ----------
    given, options
        The arguments of the builder.
    """
    from amlflow_jupyter.workspaces.azure import internals, sharing

    if kind == "artifacts":
        with internals.artifacts_of(options.get("tracking_uri")):
            yield
        return
    uri = options.get("store_uri") or (given[0] if given else None)
    if uri:
        sharing.adopt_job(str(uri))
        links.install()
    yield
