"""The studio's pages that links lead to: they are there when what they show is there."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from starlette.responses import HTMLResponse

from loopback import mlflow_rest, run_ids
from loopback.calls import Call

ADDRESS = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"(?:/providers/Microsoft\.MachineLearningServices)?/workspaces/(?P<workspace>[^/?]+)",
    re.IGNORECASE,
)


async def run(call: Call) -> HTMLResponse:
    """Return a run's page, if the workspace of ``wsid`` has that run."""
    if not names_a_workspace(call):
        return page("Workspace not found", 404)
    wanted = {"run_id": run_ids.to_mlflow(call.emulator, call["run"])}
    status, _ = await mlflow_rest.ask(call, "GET", "runs/get", wanted, raises=False)
    return page(f"Run {call['run']}") if status == 200 else page("Run not found", 404)


def workspace(call: Call) -> HTMLResponse:
    """Return a workspace's page."""
    return page("Workspace") if names_a_workspace(call) else page("Workspace not found", 404)


def names_a_workspace(call: Call) -> bool:
    """Say whether ``wsid`` is the address of a workspace that there is, and keep its parts."""
    match = ADDRESS.fullmatch(unquote(call.query.get("wsid", "")))
    if match is None:
        return False
    call.parameters |= match.groupdict()
    return any(
        each.arm_id.lower().endswith(f"/workspaces/{match['workspace']}".lower())
        for each in call.emulator.workspaces()
        if each.subscription == match["subscription"] and each.group == match["group"]
    )


def page(title: str, status: int = 200) -> HTMLResponse:
    """Return a page that says what it is."""
    return HTMLResponse(f"<title>{html.escape(title)} - Azure AI studio</title>", status)
