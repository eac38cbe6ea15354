"""What Azure's roles allow: wildcards, what is left out again, several roles, letters' case."""

from __future__ import annotations

import pytest

from amlflow_jupyter.doctor.permissions import NEEDS, is_allowed, missing

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
READ = f"{WORKSPACES}/read"
WRITE_RUNS = f"{WORKSPACES}/experiments/runs/write"

OWNER = {"actions": ["*"], "notActions": []}
READER = {"actions": ["*/read"], "notActions": []}
# The role's definition, as Azure publishes it.
DATA_SCIENTIST = {
    "actions": [
        f"{WORKSPACES}/*/read",
        f"{WORKSPACES}/*/action",
        f"{WORKSPACES}/*/delete",
        f"{WORKSPACES}/*/write",
    ],
    "notActions": [
        f"{WORKSPACES}/delete",
        f"{WORKSPACES}/write",
        f"{WORKSPACES}/computes/*/write",
        f"{WORKSPACES}/computes/*/delete",
        f"{WORKSPACES}/computes/listKeys/action",
        f"{WORKSPACES}/listKeys/action",
        f"{WORKSPACES}/hubs/write",
    ],
    "dataActions": [],
    "notDataActions": [],
}


@pytest.mark.parametrize(
    ("action", "roles", "allowed"),
    [
        (WRITE_RUNS, [], False),
        (WRITE_RUNS, [OWNER], True),
        (WRITE_RUNS, [READER], False),
        (READ, [READER], True),
        (WRITE_RUNS, [{"actions": [WRITE_RUNS.upper()]}], True),
        (WRITE_RUNS.lower(), [{"actions": [WRITE_RUNS]}], True),
        (WRITE_RUNS, [{"actions": [f"{WORKSPACES}/experiments/*"]}], True),
        (WRITE_RUNS, [{"actions": [f"{WORKSPACES}/*/write"]}], True),
        # A role takes away only from itself.
        (WRITE_RUNS, [{"actions": ["*"], "notActions": [f"{WORKSPACES}/experiments/*"]}], False),
        (WRITE_RUNS, [{"actions": ["*"], "notActions": ["*/WRITE"]}, OWNER], True),
        (WRITE_RUNS, [{"actions": ["*"], "notActions": ["*/write"]}, READER], False),
        # A pattern is no regular expression, and fits as a whole.
        (READ, [{"actions": ["MicrosoftxMachineLearningServices/workspaces/read"]}], False),
        (READ, [{"actions": [f"{WORKSPACES}/rea"]}], False),
        (READ, [{"actions": [f"{WORKSPACES}/re.d"]}], False),
        # What is not as it should be allows nothing.
        (READ, [{}], False),
        (READ, [{"actions": None, "notActions": None}], False),
        (READ, [{"actions": [7, None]}], False),
        # Data actions are other rights.
        (READ, [{"actions": [], "dataActions": ["*"]}], False),
    ],
)
def test_is_allowed(action, roles, allowed):
    assert is_allowed(action, roles) is allowed


def test_the_owner_lacks_nothing():
    assert missing([OWNER]) == []


def test_a_data_scientist_and_reader_lacks_nothing():
    assert missing([DATA_SCIENTIST, READER]) == []


def test_a_reader_may_not_write():
    purposes = [need.purpose for need in missing([READER])]
    assert purposes == ["write runs", "make experiments", "write artifacts", "register models"]


def test_nobody_lacks_everything():
    assert missing([]) == list(NEEDS)


def test_the_newer_actions_do_as_well():
    role = {"actions": [READ, f"{WORKSPACES}/jobs/*"]}
    assert [need.purpose for need in missing([role])] == [
        "write artifacts",
        "register models",
        "read datastores",
    ]
