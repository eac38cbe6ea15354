"""The private names of azureml-core that listing resources touches. No other file here does.

Read in azureml-core 1.60 to 1.62.  Its public ways are used wherever they say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def authentication(core: Any) -> Any:
    """Return what a workspace authenticates with; the public way asks the network first."""
    return core._auth  # noqa: SLF001


def computes(core: Any, name: str | None = None) -> list[dict[str, Any]]:
    """Return compute targets as the service describes them; of one name, or all.

    ``ComputeTarget.list`` fails as a whole where one target lacks what it expects, leaves out kinds
    that it does not know, and asks a directory that was shut down for who made an instance.
    """
    from azureml._compute._util import get_paginated_compute_results
    from azureml.core.compute import ComputeTarget

    if name is not None:
        found = ComputeTarget._get(core, name)  # noqa: SLF001
        return [found] if found else []
    url = ComputeTarget._get_rp_list_computes_endpoint(core)  # noqa: SLF001
    headers = authentication(core).get_authentication_header()
    return list(get_paginated_compute_results(_first_page(url, headers), headers))


def _first_page(url: str, headers: dict[str, str]) -> Any:
    import requests
    from azureml._compute._constants import MLC_WORKSPACE_API_VERSION

    version = {"api-version": MLC_WORKSPACE_API_VERSION}
    answer = requests.get(url, params=version, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer.json()


def metric_reader(
    core: Any, experiment: str, run_id: str
) -> tuple[Callable[[], list[str]], Callable[[str], Any]]:
    """Return what lists the names of a run's SDK v1 metrics, and what reads one of them.

    ``Run.get_metrics`` reads them all, a request each, and returns none where the list fails;
    making a ``Run`` asks for the run first.
    """
    from azureml._restclient.metrics_client import MetricsClient

    client = MetricsClient(core.service_context, experiment, run_id)
    return client.list_metric_names_for_run_id, client.get_metric_for_run_v2
