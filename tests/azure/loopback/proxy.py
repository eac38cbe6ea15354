"""A CONNECT proxy: Azure's names lead to the application, every other one is refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from fnmatch import fnmatchcase

from loopback.certificates import NAMES
from loopback.journal import Journal

Writers = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class Proxy:
    """Tunnels to one port, by the name that a client asks for.

    Parameters
    ----------
    target
        The port of the application on loopback, which speaks TLS.
    journal
        Takes what was refused.
    names
        The names to connect, ``*`` stands for one label or more.
    """

    def __init__(self, target: int, journal: Journal, names: Iterable[str] = NAMES) -> None:
        self._journal = journal
        self._target = target
        self._names = tuple(names)
        self._tunnels: dict[int, Writers] = {}
        self._server: asyncio.Server

    async def start(self, port: int = 0) -> int:
        """Listen on loopback, and return the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, and close every tunnel."""
        self._server.close()
        for port in list(self._tunnels):
            self.cut(port)

    def cut(self, port: int) -> None:
        """Cut the tunnel whose connection to the application comes from this port."""
        for writer in self._tunnels.get(port, ()):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, address, *_ = head.decode("latin-1").split(" ")
            host = address.rpartition(":")[0].strip("[]").lower()
            if method != "CONNECT" or not any(fnmatchcase(host, name) for name in self._names):
                await self._refuse(client, method, address)
            else:
                await self._tunnel(reader, client)
        client.close()

    async def _refuse(self, client: asyncio.StreamWriter, method: str, address: str) -> None:
        self._journal.refuse(address.partition(":")[0], method)
        text = f"The loopback workspace has no way to {address}\n".encode()
        head = f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        client.write(head.encode() + text)
        await client.drain()

    async def _tunnel(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        back, server = await asyncio.open_connection("127.0.0.1", self._target)
        port = server.get_extra_info("sockname")[1]
        self._tunnels[port] = client, server
        try:
            client.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(copy(reader, server), copy(back, client))
        finally:
            server.close()
            del self._tunnels[port]


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end, then say so on the other side."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(ConnectionError, RuntimeError, OSError):
        writer.write_eof()
