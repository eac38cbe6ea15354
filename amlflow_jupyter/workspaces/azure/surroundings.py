"""The workspace that this computer belongs to: a job's, a compute instance's, a cluster's."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from amlflow_jupyter.errors import BadTarget
from amlflow_jupyter.workspaces.azure import cloud
from amlflow_jupyter.workspaces.azure.address import Address

# The init script that links a Databricks cluster to a workspace sets MLFLOW_TRACKING_URI to this.
_OLD_SCHEME: Final = "adbazureml"
# What Azure ML sets in its jobs, and on its compute instances under other names.
_JOB: Final = (
    "AZUREML_ARM_SUBSCRIPTION",
    "AZUREML_ARM_RESOURCEGROUP",
    "AZUREML_ARM_WORKSPACE_NAME",
)
_INSTANCE: Final = ("CI_SUBSCRIPTION_ID", "CI_RESOURCE_GROUP", "CI_WORKSPACE")
_HOST: Final = re.compile(r"(?P<region>[a-z0-9-]+)\.")


@dataclass(frozen=True)
class JobRun:
    """The run of the Azure ML job that this process belongs to.

    Attributes
    ----------
    address, host
        The job's workspace, and the host of its services.
    run_id, experiment_id, experiment
        As Azure knows them; a job knows the id or the name of its experiment, or both.
    token
        What the job may write to its run with.
    """

    address: Address
    host: str
    run_id: str
    experiment_id: str | None
    experiment: str | None
    token: str = field(repr=False)


def workspace_here() -> Address | None:
    """Return the workspace that the environment names, if it names one."""
    for names in (_JOB, _INSTANCE):
        found = [os.environ.get(name, "") for name in names]
        if all(found):
            return Address(*found)
    return None


def job_run() -> JobRun | None:
    """Return the run of this job; None where this is none, or it may not write by itself."""
    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    run_id = os.environ.get("MLFLOW_RUN_ID") or os.environ.get("AZUREML_RUN_ID")
    experiment_id = os.environ.get("MLFLOW_EXPERIMENT_ID") or os.environ.get(
        "AZUREML_EXPERIMENT_ID"
    )
    experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME")
    if not (uri.startswith("azureml:") and token and run_id and (experiment_id or experiment)):
        return None
    try:
        host, address = urlsplit(uri).hostname or "", Address.from_uri(uri)
    except (ValueError, BadTarget):  # a registry's, or what is no workspace at all
        return None
    if not cloud.is_service(host):
        return None  # whoever it is would get the token
    return JobRun(address, host, run_id, experiment_id, experiment, token)


def is_old_uri(uri: str) -> bool:
    """Whether ``uri`` is of the scheme that current clients know no more."""
    return uri.lower().startswith(f"{_OLD_SCHEME}:")


def modern_uri(uri: str) -> str:
    """Return the ``azureml://`` form of an ``adbazureml://`` URI.

    The old one names the region's history service, as in
    ``adbazureml://eastus.experiments.azureml.net/history/v1.0/subscriptions/…``.
    """
    address = Address.from_uri(uri)
    region = _HOST.match(urlsplit(uri).hostname or "")
    host = f"{region['region']}.{cloud.current().services}" if region else ""
    return tracking_uri(address, host)


def tracking_uri(address: Address, host: str) -> str:
    """Return MLflow's tracking URI of a workspace."""
    return f"azureml://{host}/mlflow/v2.0{address.arm_id}"
