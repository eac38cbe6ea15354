"""What the service says of compute targets, and what is made of it."""

from __future__ import annotations

import pytest

from amlflow_jupyter.resources.compute import Compute
from amlflow_jupyter.resources.compute_changes import has_stopped, is_gone, is_made, is_running


def cluster(**inner):
    return {
        "name": "cpu",
        "location": "westeurope",
        "properties": {
            "computeType": "AmlCompute",
            "provisioningState": "Succeeded",
            "provisioningErrors": None,
            "createdOn": "2026-01-05T09:30:00Z",
            "properties": {
                "vmSize": "Standard_DS3_v2",
                "vmPriority": "Dedicated",
                "allocationState": "Steady",
                "currentNodeCount": 0,
                "nodeStateCounts": {"runningNodeCount": 0},
                "scaleSettings": {
                    "minNodeCount": 0,
                    "maxNodeCount": 4,
                    "nodeIdleTimeBeforeScaleDown": "PT2M",
                },
                # azureml-core's own reading of it fails on this.
                "userAccountCredentials": None,
                **inner,
            },
        },
    }


def instance(state: str, **inner):
    return {
        "name": "mine",
        "properties": {
            "computeType": "ComputeInstance",
            "computeLocation": "eastus",
            "provisioningState": "Succeeded",
            "properties": {
                "vmSize": "Standard_DS11_v2",
                "state": state,
                "createdBy": {"userName": "Ada"},
                **inner,
            },
        },
    }


def test_a_cluster():
    one = Compute.of(cluster())
    assert (one.name, one.kind, one.state, one.region) == ("cpu", "cluster", "Steady", "westeurope")
    assert (one.nodes, one.min_nodes, one.max_nodes, one.idle_seconds) == (0, 0, 4, 120)
    assert (one.priority, one.costs, one.problem) == ("dedicated", "", "")


def test_a_cluster_that_keeps_nodes_costs_money_while_idle():
    scale = {"minNodeCount": 2, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "P1DT1H30S"}
    one = Compute.of(cluster(scaleSettings=scale, currentNodeCount=3, vmPriority="LowPriority"))
    assert one.costs == "keeps 2 nodes also while idle"
    assert (one.nodes, one.priority) == (3, "low priority")
    assert one.idle_seconds == 24 * 3600 + 3600 + 30


def test_a_cluster_that_is_being_made_or_failed():
    making = cluster()
    making["properties"]["provisioningState"] = "Creating"
    assert Compute.of(making).state == "Creating"
    failed = cluster()
    failed["properties"]["provisioningState"] = "Failed"
    failed["properties"]["provisioningErrors"] = [{"error": {"code": "Q", "message": "No quota."}}]
    assert (Compute.of(failed).state, Compute.of(failed).problem) == ("Failed", "No quota.")


@pytest.mark.parametrize(
    ("state", "costs"),
    [
        ("Running", True),
        ("JobRunning", True),
        ("Starting", True),
        ("Stopped", False),
        ("Creating", False),
    ],
)
def test_an_instance_costs_money_until_it_is_stopped(state: str, costs: bool):
    one = Compute.of(instance(state))
    assert (one.kind, one.state, one.created_by) == ("instance", state, "Ada")
    assert bool(one.costs) is costs


def test_an_instance_that_stops_by_itself():
    assert Compute.of(instance("Running", idleTimeBeforeShutdown="PT30M")).idle_seconds == 1800


def test_a_kind_that_is_not_known_is_listed_all_the_same():
    one = Compute.of(
        {"name": "k", "properties": {"computeType": "Kubernetes", "isAttachedCompute": True}}
    )
    assert (one.kind, one.attached, one.size) == ("Kubernetes", True, None)
    assert Compute.of({"name": "bare"}).kind == "unknown"


@pytest.mark.parametrize("nonsense", ["PT", "soon", "P", None, {}, ""])
def test_durations_that_are_none(nonsense: object):
    scale = {"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": nonsense}
    assert Compute.of(cluster(scaleSettings=scale)).idle_seconds is None


def test_what_is_waited_for():
    made, running, stopped = (
        Compute.of(cluster()),
        Compute.of(instance("JobRunning")),
        Compute.of(instance("Stopped")),
    )
    assert is_made(made)
    assert is_made(Compute.of(instance("Running")))
    assert not is_made(stopped)
    assert not is_made(None)
    assert is_running(running)
    assert not is_running(stopped)
    assert has_stopped(stopped)
    assert not has_stopped(None)
    assert is_gone(None)
    assert not is_gone(made)
