"""Addresses of pages in Azure ML's studio."""

from __future__ import annotations

from urllib.parse import quote

from amlflow_jupyter.workspaces.azure import cloud
from amlflow_jupyter.workspaces.azure.address import Address


def workspace_url(address: Address, tenant: str | None) -> str:
    """Return the address of a workspace's page."""
    return f"{cloud.current().studio}/?{_query(address, tenant)}"


def run_url(address: Address, tenant: str | None, run_id: str) -> str:
    """Return the address of a run's page, in the form that azureml-core gives, too."""
    return f"{cloud.current().studio}/runs/{quote(run_id, safe='')}?{_query(address, tenant)}"


def experiment_url(address: Address, tenant: str | None, experiment_id: str) -> str:
    """Return the address of an experiment's page."""
    page = f"experiments/id/{quote(experiment_id, safe='')}"
    return f"{cloud.current().studio}/{page}?{_query(address, tenant)}"


def _query(address: Address, tenant: str | None) -> str:
    of = f"&tid={quote(tenant, safe='')}" if tenant else ""
    return f"wsid={quote(address.arm_id, safe='/')}{of}"
