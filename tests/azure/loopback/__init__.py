"""A loopback Azure Machine Learning workspace, which unmodified clients take for Azure's.

::

    with Loopback(folder) as loopback:
        env = loopback.env(home) | loopback.service_principal_env()
        loopback.write_config(project)          # the workspace's config.json
        subprocess.run([sys.executable, "train.py"], cwd=project, env=env)
        loopback.control.fail("runs/log-batch", 429, times=3, retry_after=1)
        loopback.control.token_lifetime = 30    # seconds
        loopback.control.limits = True          # Azure's documented limits hold
        loopback.control.requests("runs/create")

By hand, ``python tests/azure/loopback --folder DIR`` starts one and prints the environment to
export. It needs the packages ``azure-storage-blob``, ``filelock``, ``httpx``, ``mlflow``,
``pyjwt``, ``starlette``, ``trustme`` and ``uvicorn``, and Node.js, with which it installs Azurite
once.

How it works
------------
Clients keep Azure's host names. ``HTTPS_PROXY`` leads them to a CONNECT proxy on loopback
(``proxy``), which connects every name of Azure to one application over TLS (``app``) with a
certificate of a test authority (``certificates``), and refuses every other name. The application
is one table of routes (``routes``), one module a service. Behind it stand real servers: an
``mlflow server`` (``mlflow_server``) and an Azurite (``azurite``). Everything it knows lies in the
folder and survives a restart, at the same addresses.

What no route answers gets 501, is written to ``unknown.log`` in the folder and listed by
``control.unknown()``, and so is a handler that failed: a client that asks for more than the
emulator knows must not go unnoticed.

Signing in works as a service principal, as a managed identity of either kind, through the ``az``
and the ``BROWSER`` that the environment names, and with device codes, which
``control.approve_device_code()`` answers as their user would. There are two tenants, two
subscriptions in the first, and several workspaces in these (``world``).

A further service
-----------------
A service's module holds handlers, ``def handler(call: Call) -> Answer`` or ``async def``
(``calls``), where an answer is a dict or list (sent as JSON), ``None`` (an empty 200) or a
Starlette response. A handler raises ``AzureError`` (``errors``) for Azure's error bodies, keeps
its documents with ``call.documents(kind)`` (``state``: put, get, all, delete), its files in
``call.emulator.blobs`` (``blob``), asks the MLflow server with ``mlflow_rest.ask``, and stands in
the table of ``routes``.
"""

from loopback.control import Control
from loopback.lifetime import Loopback

__all__ = ["Control", "Loopback"]
