"""The application: from a request over the faults, the token and the table to a handler."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import re
import time
import traceback
from collections.abc import Callable
from fnmatch import fnmatchcase

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from loopback.calls import Answer, Call
from loopback.emulator import Emulator
from loopback.errors import AzureError
from loopback.faults import CODES, Fault
from loopback.routes import TABLE
from loopback.table import Line

# Clients spell these parts of a resource's id in different cases, and double its first slash.
SPELLINGS = (
    (re.compile("^//+"), "/"),
    (re.compile("/resourcegroups/", re.IGNORECASE), "/resourceGroups/"),
    (
        re.compile("/microsoft.machinelearningservices/", re.IGNORECASE),
        "/Microsoft.MachineLearningServices/",
    ),
)

STORAGE_ERROR = (
    '<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code>'
    "<Message>{message}</Message></Error>"
)


class App:
    """An ASGI application of the table's lines.

    Parameters
    ----------
    emulator
        The parts that handlers use.
    cut
        Cuts the connection of a request, by the port it came from.
    """

    def __init__(self, emulator: Emulator, cut: Callable[[int], None]) -> None:
        self._emulator = emulator
        self._cut = cut
        self._lines = [(line, compile_path(line.path)[0]) for line in TABLE]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        began = time.monotonic()
        host = request.headers.get("host", "").partition(":")[0].lower()
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        fault = self._emulator.faults.of(f"{request.method} {host}{asked}")
        response = await self._under(fault, request, host)
        status = response.status_code if response is not None else 0
        if not asked.startswith("/control/"):
            self._emulator.journal.record(host, request.method, asked, status, began)
        if response is None:
            self._cut(scope["client"][1])
            return
        await response(scope, receive, send)

    async def _under(self, fault: Fault | None, request: Request, host: str) -> Response | None:
        """Answer under a fault; ``None`` stands for no answer at all."""
        if fault is None:
            return await self._answer(request, host)
        await asyncio.sleep(fault.delay)
        if fault.status is None and not fault.lost:
            return await self._answer(request, host)
        if fault.after:
            unsent = await self._answer(request, host)
            if unsent.background is not None:
                await unsent.background()
        await drained(request)
        return None if fault.lost else broken(fault, host)

    async def _answer(self, request: Request, host: str) -> Response:
        try:
            line, parameters = self._find(host, request.method, request.url.path)
            if line is None:
                return await self._unknown(request, host)
            header = request.headers.get("authorization", "")
            audiences = line.audiences
            claims = self._emulator.tokens.check(header, audiences) if audiences else {}
            call = Call(self._emulator, request, parameters, claims)
            answer = line.handler(call)
            return as_response(await answer if inspect.isawaitable(answer) else answer)
        except AzureError as error:
            await drained(request)
            return error.response()
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            # A hole in the emulator, which must be seen like a path that it does not know.
            said = traceback.format_exc()
            self._emulator.journal.miss(host, request.method, request.url.path, said.encode())
            return PlainTextResponse(said, 500)

    def _find(self, host: str, method: str, path: str) -> tuple[Line | None, dict[str, str]]:
        for pattern, spelling in SPELLINGS:
            path = pattern.sub(spelling, path)
        for line, pattern in self._lines:
            if method in line.methods and any(fnmatchcase(host, name) for name in line.hosts):
                match = pattern.fullmatch(path)
                if match is not None:
                    return line, match.groupdict()
        return None, {}

    async def _unknown(self, request: Request, host: str) -> Response:
        asked = f"{request.url.path}?{request.url.query}"
        self._emulator.journal.miss(host, request.method, asked, await request.body())
        return PlainTextResponse(
            f"The loopback workspace does not know {request.method} {host}{asked}", 501
        )


async def drained(request: Request) -> None:
    """Read what is left of a request, so that its connection can be used again."""
    with contextlib.suppress(RuntimeError, ClientDisconnect):
        await request.body()


def broken(fault: Fault, host: str) -> Response:
    """Return the answer of a fault, in the shape of the host's services."""
    assert fault.status is not None
    if fault.body is None:
        code, message = CODES.get(fault.status, ("Error", "The request failed."))
        if ".blob." in host:
            text = STORAGE_ERROR.format(code=code, message=message)
            return Response(text, fault.status, fault.headers, "application/xml")
        return AzureError(fault.status, code, message, fault.headers).response()
    if isinstance(fault.body, str):
        return Response(fault.body, fault.status, fault.headers)
    return JSONResponse(fault.body, fault.status, fault.headers)


def as_response(answer: Answer) -> Response:
    """Return what a handler answered as a response."""
    if isinstance(answer, Response):
        return answer
    return Response() if answer is None else JSONResponse(answer)
