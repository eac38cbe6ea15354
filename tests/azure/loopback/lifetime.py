"""Start and stop: the application, the proxy, the MLflow server and the Azurite."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from loopback import az, browser, jobs, world
from loopback.app import App
from loopback.azurite import azurite
from loopback.blob import Blobs
from loopback.certificates import certificates
from loopback.control import VARIABLE, Control
from loopback.emulator import Emulator
from loopback.mlflow_server import mlflow_server
from loopback.processes import Server, free_port, listening
from loopback.proxy import Proxy

T = TypeVar("T")
# What would lead clients elsewhere, or sign them in otherwise.
DROPPED = (
    "ALL_PROXY",
    "all_proxy",
    "AZURE",
    "BROWSER",
    "DATABRICKS_",
    "IDENTITY_",
    "MLFLOW_",
    "MSI_",
)


class Loopback:
    """A running loopback workspace.

    Started again on the same folder it knows what it knew, at the same addresses.

    Parameters
    ----------
    folder
        Where its state lies; made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder).absolute()
        self.workspace = world.WORKSPACES[0]
        self.subscription_id = self.workspace.subscription
        self.resource_group = self.workspace.group
        self.workspace_name = self.workspace.name
        self.region = self.workspace.region
        self.arm_id = self.workspace.arm_id
        self.tracking_uri = self.workspace.tracking_uri
        self.tenant_id = world.TENANT
        self.control: Control
        self.emulator: Emulator
        self._ports: dict[str, int] = {}
        self.servers: list[Server] = []
        self._thread: threading.Thread | None = None
        self._end: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything, and return when all of it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.folder / "ports.json"
        self._ports = json.loads(kept.read_text()) if kept.exists() else {}
        ports = free_port(), free_port()
        self.servers = [azurite(self.folder, ports[0]), mlflow_server(self.folder, ports[1])]
        try:
            self._serve(*ports)
            kept.write_text(json.dumps(self._ports))
            for server in self.servers:
                server.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything; the folder keeps the state."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(30)
            self._thread = None
        for server in self.servers:
            server.stop()
        self.servers = []

    def _serve(self, blobs: int, mlflow: int) -> None:
        """Run the application in a thread of its own, and return when it listens."""
        ready = threading.Event()
        self.emulator = Emulator(self.folder)

        def run() -> None:
            try:
                asyncio.run(self._run(blobs, mlflow, ready))
            except BaseException as error:
                self._failure = error
            finally:
                self.emulator.close()
                ready.set()

        self._thread = threading.Thread(target=run, name="loopback", daemon=True)
        self._thread.start()
        ready.wait()
        if self._failure is not None:
            raise self._failure

    async def _run(self, blobs: int, mlflow: int, ready: threading.Event) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        certificate = certificates(self.folder)
        secure, plain = listening(), listening(self._ports.get("plain", 0))
        proxy = Proxy(secure.getsockname()[1], self.emulator.journal)
        self._ports["proxy"] = await proxy.start(self._ports.get("proxy", 0))
        self._ports["plain"] = plain.getsockname()[1]
        self.control = Control(f"http://127.0.0.1:{self._ports['plain']}/control")
        az.write(self.folder / "bin", f"http://127.0.0.1:{self._ports['plain']}/az")
        browser.write(self.folder / "bin")
        emulator = self.emulator
        emulator.child_env = self.env(self.folder / "home")
        jobs.recover(emulator)
        # Both servers drop a connection that was idle for 5 seconds: it is not used so late.
        limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
        async with (
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{mlflow}", timeout=300, trust_env=False, limits=limits
            ) as emulator.mlflow,
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{blobs}", timeout=300, trust_env=False, limits=limits
            ) as emulator.azurite,
        ):
            emulator.blobs = Blobs(emulator.azurite)
            app = App(emulator, proxy.cut)
            servers = [
                serving(app, secure, ssl_certfile=str(certificate.server)),
                serving(app, plain),
            ]
            ready.set()
            await self._end.wait()
            await jobs.end(emulator)
            await proxy.stop()
            for server, _ in servers:
                server.should_exit = server.force_exit = True
            await asyncio.gather(*(task for _, task in servers))

    def in_app(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the application's event loop, such as with ``emulator.blobs``."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def env(self, home: Path, *, az: bool = True) -> dict[str, str]:
        """Return the environment that leads unmodified clients here, without credentials.

        Parameters
        ----------
        home
            The home folder of the clients, which cache there what discovery says; made when it is
            not there.
        az
            Whether the stand-in for ``az`` is on the PATH.
        """
        home.mkdir(parents=True, exist_ok=True)
        env = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
        path = os.environ.get("PATH", os.defpath)
        proxy = f"http://127.0.0.1:{self._ports['proxy']}"
        authority = str(self.folder / "authority.pem")
        return {
            **env,
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": authority,
            "SSL_CERT_FILE": authority,
            "CURL_CA_BUNDLE": authority,
            "HOME": str(home),
            "USERPROFILE": str(home),
            "AZURE_CONFIG_DIR": str(home / ".azure"),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{path}" if az else path,
            VARIABLE: self.control.url,
        }

    def service_principal_env(self) -> dict[str, str]:
        """Return the variables of a service principal, as azure-identity and azureml read them."""
        principal = world.SERVICE_PRINCIPAL
        return {
            "AZURE_TENANT_ID": self.tenant_id,
            "AZURE_CLIENT_ID": principal.client_id,
            "AZURE_CLIENT_SECRET": principal.secret,
            "AZUREML_SERVICE_PRINCIPAL_TENANT_ID": self.tenant_id,
            "AZUREML_SERVICE_PRINCIPAL_ID": principal.client_id,
            "AZUREML_SERVICE_PRINCIPAL_PASSWORD": principal.secret,
        }

    def managed_identity_env(self, style: str = "app") -> dict[str, str]:
        """Return the variables of a managed identity.

        Parameters
        ----------
        style
            ``app``: App Service's ``IDENTITY_ENDPOINT``. ``compute``: a compute instance's
            ``MSI_ENDPOINT`` and ``MSI_SECRET``.
        """
        base = f"http://127.0.0.1:{self._ports['plain']}"
        if style == "compute":
            return {"MSI_ENDPOINT": f"{base}/MSI/auth", "MSI_SECRET": world.MSI_SECRET}
        return {"IDENTITY_ENDPOINT": f"{base}/msi/token", "IDENTITY_HEADER": world.MSI_SECRET}

    def browser_env(self) -> dict[str, str]:
        """Return the variable that names a web browser, which signs its user in at once."""
        return {"BROWSER": str(self.folder / "bin" / "browser")}

    def az_login(self) -> None:
        """Sign a user in to the ``az`` on the PATH."""
        self.control.az_signed_in = True

    def az_logout(self) -> None:
        """Sign the user out of the ``az`` on the PATH."""
        self.control.az_signed_in = False

    def write_config(self, folder: Path, workspace: world.Workspace | None = None) -> Path:
        """Write a workspace's ``config.json`` into a folder, and return its path."""
        chosen = workspace or self.workspace
        path = Path(folder) / "config.json"
        body = {
            "subscription_id": chosen.subscription,
            "resource_group": chosen.group,
            "workspace_name": chosen.name,
        }
        path.write_text(json.dumps(body, indent=4))
        return path


def serving(app: App, listener: socket.socket, **options: Any) -> tuple[Any, asyncio.Task[None]]:
    """Serve an application on a socket; return the server and its task."""
    import uvicorn

    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off", timeout_keep_alive=75, **options
    )
    server = uvicorn.Server(config)
    return server, asyncio.create_task(server.serve(sockets=[listener]))
