"""The token of a job: it speaks for a run, and is renewed by run history."""

from __future__ import annotations

from loopback.calls import Call
from loopback.world import Identity

AUDIENCE = "azureml"


def issue(call: Call, run: str) -> tuple[str, int]:
    """Return a token of a run's job and the time at which it ends (seconds since 1970)."""
    identity = Identity(call.claims["oid"], f"run {run}", call.claims.get("appid", "azureml-run"))
    scope = f"{call.workspace.arm_id}/runs/{run}"
    return call.emulator.tokens.issue(identity, AUDIENCE, role="Contributor", scope=scope)
