"""Azure Storage: the blob hosts lead to the real Azurite; addresses with real signatures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from loopback.world import STORAGE_ACCOUNT, STORAGE_KEY

if TYPE_CHECKING:
    from loopback.calls import Call

HOST = f"{STORAGE_ACCOUNT}.blob.core.windows.net"
# Headers of one connection, which a proxy does not pass on.
OF_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection"}
DAY = timedelta(hours=24)
# Clocks of two machines differ: Azure too signs from a while ago.
SLACK = timedelta(minutes=10)


class Blobs:
    """The blobs of the storage account, by container and path."""

    def __init__(self, azurite: httpx.AsyncClient) -> None:
        self._azurite = azurite
        self._made: set[str] = set()

    def url(
        self, container: str, path: str, permission: str = "r", lifetime: timedelta = DAY
    ) -> str:
        """Return a blob's address, signed for a permission (``r``, ``rcw``, …) and a time."""
        from azure.storage.blob import generate_blob_sas

        signed = generate_blob_sas(
            STORAGE_ACCOUNT,
            container,
            path,
            account_key=STORAGE_KEY,
            permission=permission,
            **_times(lifetime),
        )
        return f"https://{HOST}/{container}/{quote(path)}?{signed}"

    def container_url(
        self, container: str, permission: str = "racwdl", lifetime: timedelta = DAY
    ) -> str:
        """Return a container's address, signed for what is in it."""
        return f"https://{HOST}/{container}?{self.container_sas(container, permission, lifetime)}"

    def container_sas(
        self, container: str, permission: str = "racwdl", lifetime: timedelta = DAY
    ) -> str:
        """Return the signature alone, for what is in a container."""
        from azure.storage.blob import generate_container_sas

        return str(
            generate_container_sas(
                STORAGE_ACCOUNT,
                container,
                account_key=STORAGE_KEY,
                permission=permission,
                **_times(lifetime),
            )
        )

    async def make(self, container: str) -> None:
        """Make a container, if it is not there yet."""
        if container in self._made:
            return
        from azure.storage.blob import generate_account_sas

        signed = generate_account_sas(
            STORAGE_ACCOUNT, STORAGE_KEY, resource_types="sco", permission="rwc", **_times(DAY)
        )
        answer = await self._ask("PUT", f"/{container}?restype=container&{signed}")
        if answer.status_code not in (201, 409):
            raise RuntimeError(f"Azurite made no container {container}: {answer.text}")
        self._made.add(container)

    async def put(self, container: str, path: str, data: bytes) -> None:
        """Write a blob, in place of what was there."""
        await self.make(container)
        answer = await self._ask(
            "PUT",
            self._local(container, path, "cw"),
            content=data,
            headers={"x-ms-blob-type": "BlockBlob"},
        )
        answer.raise_for_status()

    async def get(self, container: str, path: str) -> bytes | None:
        """Return a blob's bytes, or nothing when there is none."""
        answer = await self._ask("GET", self._local(container, path, "r"))
        return answer.content if answer.status_code == 200 else None

    async def size(self, container: str, path: str) -> int | None:
        """Return a blob's size in bytes, or nothing when there is none."""
        answer = await self._ask("HEAD", self._local(container, path, "r"))
        return int(answer.headers["content-length"]) if answer.status_code == 200 else None

    async def delete(self, container: str, path: str) -> None:
        """Drop a blob."""
        await self._ask("DELETE", self._local(container, path, "d"))

    async def paths(self, container: str, prefix: str = "") -> list[str]:
        """Return the paths of all blobs of a container that begin with a prefix."""
        await self.make(container)
        found: list[str] = []
        marker = ""
        signed = self.container_sas(container, "l")
        while True:
            query = f"restype=container&comp=list&prefix={quote(prefix)}&marker={quote(marker)}"
            answer = await self._ask("GET", f"/{container}?{query}&{signed}")
            answer.raise_for_status()
            found += _unescaped(re.findall(r"<Name>(.*?)</Name>", answer.text, re.DOTALL))
            marker = "".join(re.findall(r"<NextMarker>(.*?)</NextMarker>", answer.text))
            if not marker:
                return found

    def _local(self, container: str, path: str, permission: str) -> str:
        return self.url(container, path, permission).removeprefix(f"https://{HOST}")

    async def _ask(self, method: str, url: str, **options: Any) -> httpx.Response:
        options["headers"] = {"Host": HOST, **options.get("headers", {})}
        return await self._azurite.request(method, url, **options)


def _times(lifetime: timedelta) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"start": now - SLACK, "expiry": now + lifetime}


def _unescaped(names: list[str]) -> list[str]:
    from html import unescape

    return [unescape(name) for name in names]


async def passed_on(call: Call) -> Response:
    """Pass a request of a blob host on to Azurite as it is, and its answer back."""
    request, azurite = call.request, call.emulator.azurite
    headers = [
        (name, value)
        for name, value in request.headers.items()
        if name.lower() not in OF_CONNECTION | {"expect"}
    ]
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    query = request.scope["query_string"]
    url = httpx.URL(
        str(azurite.base_url), raw_path=request.scope["raw_path"] + (b"?" + query if query else b"")
    )
    asked = azurite.build_request(
        request.method, url, headers=headers, content=request.stream() if has_body else None
    )
    answer = await azurite.send(asked, stream=True)
    response = StreamingResponse(
        answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
    )
    response.raw_headers = [
        (name.lower(), value)
        for name, value in answer.headers.raw
        if name.decode("latin-1").lower() not in OF_CONNECTION
    ]
    return response
