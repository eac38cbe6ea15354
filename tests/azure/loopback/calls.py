"""One request to a service, and what its handler may answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from loopback.errors import AzureError
from loopback.state import Documents
from loopback.tokens import Claims, wrong_tenant
from loopback.world import TENANT, Workspace

if TYPE_CHECKING:
    from loopback.emulator import Emulator

Answer = Response | dict[str, Any] | list[Any] | None


class Call:
    """A request with the parameters of its path, its workspace and the emulator's parts.

    Attributes
    ----------
    emulator
        The parts: state, tokens, faults, blob store, MLflow server.
    request
        Starlette's request: method, headers, query, stream.
    parameters
        What stood in the path's braces, not percent-encoded.
    claims
        Who asks: the claims of the bearer token; empty on a route that is open.
    """

    def __init__(
        self,
        emulator: Emulator,
        request: Request,
        parameters: dict[str, str],
        claims: Claims,
    ) -> None:
        self.emulator = emulator
        self.request = request
        self.parameters = parameters
        self.claims = claims

    def __getitem__(self, name: str) -> str:
        """Return a parameter of the path."""
        return self.parameters[name]

    @property
    def query(self) -> dict[str, str]:
        """The parameters behind the question mark, the last of each name."""
        return dict(self.request.query_params)

    @property
    def workspace(self) -> Workspace:
        """The workspace that the path names, else Azure's 404."""
        wanted = self["subscription"], self["group"], self["workspace"]
        for workspace in self.emulator.workspaces():
            address = workspace.subscription, workspace.group, workspace.name
            if [part.lower() for part in address] == [part.lower() for part in wanted]:
                if self.claims.get("tid", TENANT) != TENANT:
                    raise wrong_tenant(self.claims)
                return workspace
        _subscription, group, name = wanted
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource 'Microsoft.MachineLearningServices/workspaces/{name}' under resource "
            f"group '{group}' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
        )

    def documents(self, kind: str) -> Documents:
        """Return the workspace's documents of a kind."""
        return self.emulator.state.documents(kind, self.workspace.arm_id)

    async def json(self) -> Any:
        """Return the body read as JSON; an empty one is an empty object."""
        body = await self.request.body()
        try:
            return json.loads(body) if body else {}
        except ValueError as error:
            raise AzureError(400, "BadRequest", f"The request is no JSON: {error}") from error

    async def form(self) -> dict[str, str]:
        """Return the body read as a form."""
        from urllib.parse import parse_qsl

        return dict(parse_qsl((await self.request.body()).decode(), keep_blank_values=True))
