"""Pages of runs in the workspace's web interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amlflow_jupyter.errors import TrackingError
from amlflow_jupyter.tracking import links

if TYPE_CHECKING:
    from amlflow_jupyter.session.session import Session


def portal_url(session: Session, run: Any) -> str:
    """Return the address of a run's page; see :func:`amlflow_jupyter.portal_url`."""
    own = getattr(run, "get_portal_url", None)
    if own is not None:  # azureml-core's, which may be another workspace's
        return str(own())
    workspace = session.connected()
    run_id = _run_id(session, run)
    experiment = links.experiment_of(run_id) if workspace.kind != "azure" else ""
    url = links.run_url(workspace, experiment, run_id)
    if url is None:
        raise TrackingError(
            f"{workspace.title} has no web interface: see its runs in the sidebar, or with "
            f"`mlflow ui --backend-store-uri {workspace.uri}`."
        )
    return url


def _run_id(session: Session, run: Any) -> str:
    if isinstance(run, str) and run.strip():
        return run.strip()
    info = getattr(run, "info", None)
    found = getattr(info, "run_id", None) or (links.latest_run_id() if run is None else None)
    found = found or (session.last_run_id if run is None else None)
    if not found:
        raise TrackingError(
            "There is no run yet: track a cell first, or give a run or its id."
            if run is None
            else f"{type(run).__name__} is no run: give a run or its id."
        )
    return str(found)
