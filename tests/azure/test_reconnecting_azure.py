"""One workspace after another in one process, and what is left when the session ends."""

from __future__ import annotations

import json

import pytest
from child_python import RunPython
from loopback import Loopback, world

LOOPBACK, VISION = world.WORKSPACES[:2]

BEGIN = f"""
import json, os, sys
import amlflow
from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.session.session import current, end
first, second = {LOOPBACK.arm_id!r}, {VISION.arm_id!r}
"""


@pytest.fixture
def printed(run_python: RunPython):
    """What a script prints, as JSON."""

    def run(code: str, **options):
        return json.loads(run_python(BEGIN + code, **options).out.splitlines()[-1])

    return run


def test_the_session_leaves_nothing_of_several_workspaces(printed):
    assert printed(
        """
if True:
    from azureml.core.authentication import InteractiveLoginAuthentication as default
    own = default._get_ambient
for target in (first, second, first):
    amlflow.connect(target)
end()
from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader as loader
print(json.dumps([default._get_ambient is own, list(loader._tracking_uri_to_service_context)]))
"""
    ) == [True, []]


def test_the_session_leaves_nothing_where_azureml_core_comes_later(printed):
    assert printed(
        """
for target in (first, second):
    amlflow.connect(target)
from azureml.core.authentication import InteractiveLoginAuthentication as default
names = [default._get_ambient.__module__]
end()
finders = [f for f in sys.meta_path if type(f).__module__.startswith("amlflow")]
print(json.dumps([*names, default._get_ambient.__module__, finders]))
"""
    ) == ["amlflow_jupyter.workspaces.azure.internals", "azureml.core.authentication", []]


def test_a_workspace_that_cannot_be_used_leaves_the_one_before(printed, loopback: Loopback):
    loopback.control.fail(r"workspaces/vision/.*experiments/get-by-name", 403)
    before, after, connected, refused = printed(
        """
import mlflow
amlflow.connect(first, experiment="before")
before = mlflow.get_tracking_uri(), os.environ["MLFLOW_EXPERIMENT_ID"]
refused = False
try:
    amlflow.connect(second, experiment="refused")
except AmlflowError:
    refused = True
after = mlflow.get_tracking_uri(), os.environ.get("MLFLOW_EXPERIMENT_ID")
with mlflow.start_run():
    mlflow.log_metric("m", 1)
print(json.dumps([before, after, current().workspace.uri, refused]))
"""
    )
    assert refused
    assert before == after
    assert connected == before[0] == LOOPBACK.tracking_uri


JOB = {
    "MLFLOW_TRACKING_URI": LOOPBACK.tracking_uri,
    "MLFLOW_TRACKING_TOKEN": "a-jobs-token",
    "MLFLOW_RUN_ID": "run-1",
    "MLFLOW_EXPERIMENT_ID": "1",
}


def test_a_jobs_token_is_for_its_own_workspace(printed):
    other = LOOPBACK.tracking_uri.replace(f"/{LOOPBACK.name}", "/other")
    assert other != LOOPBACK.tracking_uri
    assert printed(
        f"""
from amlflow_jupyter.workspaces.azure import internals, sharing
uris = [{LOOPBACK.tracking_uri!r}, {other!r}]
for uri in uris:
    sharing.adopt_job(uri)
print(json.dumps([internals.is_shared(uri) for uri in uris]))
""",
        env=JOB,
        signed_in=False,
    ) == [True, False]
