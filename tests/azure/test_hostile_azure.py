"""Answers that are not Azure's, or not what Azure says: nobody else is given a token."""

from __future__ import annotations

import json
from typing import Any

import pytest
from child_python import RunPython
from loopback import Loopback, world

LOOPBACK = world.WORKSPACES[0]

SEEN = """
import json
from amlflow_jupyter.errors import AmlflowError
from amlflow_jupyter.workspaces.azure import management
from amlflow_jupyter.workspaces.azure.address import Address
from amlflow_jupyter.workspaces.azure.credentials import sign_in
who = sign_in()
try:
    found = {expression}
except AmlflowError as error:
    found = f"{{type(error).__name__}}: {{error}}"
print(json.dumps(found))
"""


@pytest.fixture
def seen(run_python: RunPython):
    """What an expression on ``management`` and ``who`` comes to."""

    def see(expression: str) -> Any:
        return json.loads(run_python(SEEN.format(expression=expression)).out)

    return see


NAMES = "[[one.address.name, one.region, one.subscription] for one in management.visible(who, 10)]"
HOST = f"management.facts(Address.from_arm_id({LOOPBACK.arm_id!r}), who, 10).host"
NAME = f"management.facts(Address.from_arm_id({LOOPBACK.arm_id!r}), who, 10).address.name"


@pytest.mark.parametrize("link", ["@evil.example/next", ".evil.example/", "https://evil.example/"])
def test_a_next_page_elsewhere_is_not_asked_for(loopback: Loopback, seen, link: str):
    loopback.control.fail(r"GET management.*/subscriptions\?", 200, body={"nextLink": link})
    assert "goes on elsewhere" in seen(NAMES)
    assert loopback.control.refused() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"location": "evil.example/", "properties": {}},
        {"properties": {"mlFlowTrackingUri": "azureml://evil.example/mlflow"}},
        {"properties": {"mlFlowTrackingUri": "azureml://evil.example\\.azureml.ms/mlflow"}},
        {"properties": {"discoveryUrl": "https://evil.example/discovery"}},
        {"properties": {"discoveryUrl": "https://evil.example\\.azureml.ms/discovery"}},
    ],
)
def test_a_host_that_is_none_of_azures_gets_no_token(loopback: Loopback, seen, answer):
    whole = {"id": LOOPBACK.arm_id, "location": LOOPBACK.region, **answer}
    loopback.control.fail(r"GET management.*/workspaces/loopback\?", 200, body=whole)
    assert "evil" not in seen(HOST)
    assert loopback.control.refused() == []


def test_another_workspace_than_was_asked_for_is_not_taken(loopback: Loopback, seen):
    other = {"id": world.WORKSPACES[1].arm_id, "location": LOOPBACK.region}
    loopback.control.fail(r"GET management.*/workspaces/loopback\?", 200, body=other)
    assert seen(NAME) == LOOPBACK.name


@pytest.mark.parametrize("body", [{"value": None}, {"value": "text"}, {"value": [1, None, "x"]}])
def test_lists_that_are_none_hold_nothing(loopback: Loopback, seen, body):
    loopback.control.fail(r"GET management.*/subscriptions\?", 200, body=body)
    assert seen(NAMES) == []


def test_names_hold_nothing_that_moves_a_terminals_cursor(loopback: Loopback, seen):
    one = {"subscriptionId": world.FIRST, "displayName": "Pay\x1b[2J\r\nas you\u202e go"}
    loopback.control.fail(r"GET management.*/subscriptions\?", 200, body={"value": [one]})
    assert {name for *_, name in seen(NAMES)} == {"Pay [2J as you go"}


def test_azures_words_hold_nothing_that_moves_a_terminals_cursor(loopback: Loopback, seen):
    error = {"error": {"code": "X", "message": "No\x1b[2Jthing\rhere", "details": []}}
    loopback.control.fail(r"GET management.*/subscriptions\?", 400, body=error)
    assert "(No [2Jthing here)" in seen(NAMES)
