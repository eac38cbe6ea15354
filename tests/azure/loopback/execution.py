"""The execution service: a run configuration and a snapshot become a job."""

from __future__ import annotations

from typing import Any

from loopback import compute_states, environments, experiments, jobs, runs
from loopback.calls import Answer, Call
from loopback.errors import AzureError
from loopback.roles import may_write
from loopback.state import Document

SUBMIT = "Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action"


async def submit(call: Call) -> Answer:
    """Submit a job under the run id that the client chose."""
    may_write(call, SUBMIT)
    # One client capitalises the names, another does not.
    sent = {name[:1].lower() + name[1:]: value for name, value in (await call.json()).items()}
    configuration, run = sent["configuration"], call.query["runId"]
    target = configuration.get("target") or ""
    _check(call, configuration, target)
    _register(call, configuration)
    experiment = await experiments.made(call, call["experiment_name"])
    await runs.create(call, run, experiment["experiment_id"], {"status": "Queued"})
    await runs.patch(call, run, _described(call, run, sent))
    document = {
        "configuration": configuration,
        "snapshot": sent["snapshotId"],
        "target": target,
    }
    jobs.begin(call, run, experiment, document)
    return {"runId": run}


async def cancel(call: Call) -> None:
    """Cancel a job."""
    may_write(call, SUBMIT)
    await runs.find(call, call["run"])
    jobs.cancel(call, call["run"])


def _described(call: Call, run: str, sent: Document) -> Document:
    configuration, workspace = sent["configuration"], call.workspace
    name = call["experiment_name"]
    return {
        "runType": "azureml.scriptrun",
        "runTypeV2": {"orchestrator": "AmlCompute", "traits": []},
        "target": configuration["target"],
        "scriptName": configuration.get("script"),
        "runDefinition": configuration,
        "parentRunId": sent.get("parentRunId"),
        "cancelUri": (
            f"https://{workspace.api}/execution/v1.0{workspace.arm_id}"
            f"/experiments/{name}/runId/{run}/cancel"
        ),
        "properties": {
            "_azureml.ComputeTargetType": "amlctrain",
            "_azureml.ClusterName": configuration["target"],
            "ContentSnapshotId": sent["snapshotId"],
            "ProcessInfoFile": "azureml-logs/process_info.json",
            "ProcessStatusFile": "azureml-logs/process_status.json",
        },
    }


def _check(call: Call, configuration: dict[str, Any], target: str) -> None:
    if not compute_states.exists(call.emulator, call.workspace, target):
        raise AzureError(
            400,
            "UserError",
            f"Unknown compute target '{target}' in workspace '{call.workspace.name}'.",
        )
    if not configuration.get("script") and not configuration.get("command"):
        raise AzureError(400, "UserError", "The run configuration names no script and no command.")


def _register(call: Call, configuration: dict[str, Any]) -> None:
    """Keep the environment of a job under a version, which the run then names."""
    environment = configuration.get("environment")
    if isinstance(environment, dict) and environment.get("name"):
        kept = environments.keep(call, environment["name"], environment, environment.get("version"))
        environment["version"] = kept["version"]
