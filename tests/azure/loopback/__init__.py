"""A loopback Azure Machine Learning workspace, which unmodified clients take for Azure's.

``Loopback`` starts it: ``with Loopback(folder) as loopback: …``. By hand,
``python tests/azure/loopback --folder DIR`` starts one and prints the environment to export.

Clients keep Azure's host names. ``HTTPS_PROXY`` leads them to a CONNECT proxy on loopback
(``proxy``), which connects every name of Azure to one application over TLS (``app``) with a
certificate of a test authority (``certificates``), and refuses every other name. The application
is one table of routes (``routes``), one module a service. Behind it stand real parts: an
``mlflow server`` (``mlflow_server``) and an Azurite (``azurite``). Everything it knows lies in the
folder and survives a restart.

What no route answers gets 501, is written to ``unknown.log`` in the folder and listed by
``control.unknown()``: a client that asks for more than the emulator knows must not go unnoticed.

A service module holds handlers, ``async def handler(call: Call) -> Answer`` (``calls``), where an
answer is a dict or list (sent as JSON), ``None`` (an empty 200) or a Starlette response. A handler
raises ``AzureError`` (``errors``) for Azure's error bodies, keeps its documents with
``call.documents(kind)`` (``state``: put, get, all, delete), and stands in the table of ``routes``.
"""

from loopback.control import Control
from loopback.lifetime import Loopback

__all__ = ["Control", "Loopback"]
