"""Who may ask, and how."""

import json

import pytest
from jupyter_server.auth import Authorizer

ROUTES = [
    ("connections",),
    ("connections", "mine", "experiments"),
    ("connections", "mine", "runs"),
    ("connections", "mine", "runs", "1"),
    ("connections", "mine", "runs", "1", "artifacts"),
]


class Denying(Authorizer):
    """Lets nobody read what amlflow shows."""

    def is_authorized(self, *question):
        return question[-1] != "amlflow"


@pytest.fixture
def denied(jp_server_config):
    jp_server_config["ServerApp"]["authorizer_class"] = Denying


@pytest.mark.parametrize("route", ROUTES)
async def test_without_a_token_nothing_is_answered(jp_fetch, route):
    answer = await jp_fetch(
        "amlflow", "api", *route, headers={"Authorization": ""}, raise_error=False
    )
    assert answer.code == 403
    assert json.loads(answer.body)["message"] == "Forbidden"  # before any authorizer is asked


@pytest.mark.usefixtures("denied")
@pytest.mark.parametrize("route", ROUTES)
async def test_denying_authorizer_is_honoured(ask, route):
    assert "not authorized" in (await ask(*route, expect=403))["message"]


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("route", ROUTES)
async def test_nothing_can_be_changed(jp_fetch, route, verb):
    body = None if verb == "DELETE" else "{}"
    answer = await jp_fetch("amlflow", "api", *route, method=verb, body=body, raise_error=False)
    assert answer.code == 405


async def test_other_sites_cannot_read(jp_fetch):
    answer = await jp_fetch(
        "amlflow",
        "api",
        "connections",
        headers={"Origin": "https://elsewhere.example", "Authorization": ""},
        raise_error=False,
    )
    assert answer.code in (403, 404)
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_polling_does_not_keep_an_idle_server_alive(jp_fetch, jp_serverapp):
    before = jp_serverapp.web_app.last_activity()
    await jp_fetch("amlflow", "api", "connections")
    assert jp_serverapp.web_app.last_activity() == before
