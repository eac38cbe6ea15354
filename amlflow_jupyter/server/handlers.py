"""HTTP: arguments in, JSON out.  What is asked and answered stands in ``rest-api.yml``."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from amlflow_jupyter.errors import AmlflowError, BadConfiguration
from amlflow_jupyter.server import stores
from amlflow_jupyter.server.connections import Connection
from amlflow_jupyter.server.service import NotHere, Service
from amlflow_jupyter.server.workers import TooSlow, Workers

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,255}")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_LONGEST_SEARCH: Final = 200
_LONGEST_PATH: Final = 1000
_MOST_RUNS: Final = 500
_USUAL_RUNS: Final = 100


class BadArgument(AmlflowError):
    """The request says something it must not."""


_STATUS: Final[dict[type[AmlflowError], int]] = {
    BadArgument: 400,
    NotHere: 404,
    BadConfiguration: 500,
    TooSlow: 504,
    AmlflowError: 502,
}


class AmlflowHandler(APIHandler):
    """What the handlers have in common."""

    auth_resource = "amlflow"
    # The sidebar asks every few seconds: that must not keep an idle server from being culled.
    _track_activity = False

    @property
    def service(self) -> Service:
        """What knows the answers."""
        service: Service = self.settings["amlflow_service"]
        return service

    async def ask(self, name: str, question: Callable[[Connection], Any]) -> Any:
        """Return the answer of the connection ``name``'s store."""
        workers: Workers = self.settings["amlflow_workers"]
        connection = await asyncio.to_thread(self.service.find, name)
        # The import takes seconds by itself: no reason to call the store slow.
        await asyncio.to_thread(stores.prepare)
        return await workers.run(connection.workspace.uri, partial(question, connection))

    async def reply(self, key: str | None, answer: Awaitable[Any]) -> None:
        """Finish with the answer as JSON, under ``key`` if there is one, or with what is wrong."""
        try:
            document = await answer
        except AmlflowError as error:
            self.set_status(next(code for kind, code in _STATUS.items() if isinstance(error, kind)))
            key, document = "message", str(error)
        text = json.dumps(document if key is None else {key: document}, allow_nan=False)
        self.finish(text)


class ConnectionsHandler(AmlflowHandler):
    """The connections."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer with every connection."""
        await self.reply("connections", asyncio.to_thread(self.service.connections))


class ExperimentsHandler(AmlflowHandler):
    """A connection's experiments."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """Answer with the experiments."""
        await self.reply("experiments", self.ask(name, self.service.experiments))


class RunsHandler(AmlflowHandler):
    """An experiment's runs."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """Answer with the newest runs, or those that a text finds."""
        await self.reply(None, self._runs(name))

    async def _runs(self, name: str) -> Any:
        experiment = _checked_id(self.get_query_argument("experiment", ""), "experiment")
        search = _checked_search(self.get_query_argument("search", ""))
        limit = _checked_limit(self.get_query_argument("limit", str(_USUAL_RUNS)))
        question = partial(self.service.runs, experiment=experiment, search=search, limit=limit)
        return await self.ask(name, question)


class RunHandler(AmlflowHandler):
    """One run."""

    @web.authenticated
    @authorized
    async def get(self, name: str, run_id: str) -> None:
        """Answer with the run."""
        await self.reply("run", self._run(name, run_id))

    async def _run(self, name: str, run_id: str) -> Any:
        question = partial(self.service.run, run_id=_checked_id(run_id, "run"))
        return await self.ask(name, question)


class ArtifactsHandler(AmlflowHandler):
    """A run's artifacts."""

    @web.authenticated
    @authorized
    async def get(self, name: str, run_id: str) -> None:
        """Answer with what lies in one folder of them."""
        await self.reply("artifacts", self._artifacts(name, run_id))

    async def _artifacts(self, name: str, run_id: str) -> Any:
        path = _checked_path(self.get_query_argument("path", ""))
        run_id = _checked_id(run_id, "run")
        return await self.ask(name, partial(self.service.artifacts, run_id=run_id, path=path))


ROUTES: Final[list[tuple[str, type[AmlflowHandler]]]] = [
    (r"/amlflow/api/connections", ConnectionsHandler),
    (r"/amlflow/api/connections/([^/]+)/experiments", ExperimentsHandler),
    (r"/amlflow/api/connections/([^/]+)/runs", RunsHandler),
    (r"/amlflow/api/connections/([^/]+)/runs/([^/]+)", RunHandler),
    (r"/amlflow/api/connections/([^/]+)/runs/([^/]+)/artifacts", ArtifactsHandler),
]


def _checked_id(text: str, what: str) -> str:
    if not _ID.fullmatch(text):
        raise BadArgument(f"The {what}'s id must be letters, digits, dashes and underscores.")
    return text


def _checked_search(text: str) -> str:
    if len(text) > _LONGEST_SEARCH:
        raise BadArgument(f"search must have at most {_LONGEST_SEARCH} characters.")
    return text.strip()


def _checked_limit(text: str) -> int:
    limit = int(text) if text.isascii() and text.isdecimal() and len(text) < len("10000") else 0
    if not 1 <= limit <= _MOST_RUNS:
        raise BadArgument(f"limit must be a whole number from 1 to {_MOST_RUNS}.")
    return limit


def _checked_path(text: str) -> str:
    """Refuse a path that could lead out of the run's own folder, on any system."""
    path = text.removesuffix("/")
    wrong = path.startswith("/") or "\\" in path or "\0" in path or _DRIVE.match(path)
    if wrong or ".." in path.split("/") or len(path) > _LONGEST_PATH:
        raise BadArgument("path must be a folder within the run's artifacts, such as figures.")
    return path
