"""Reach a host step by step, and tell at which step it fails."""

from __future__ import annotations

import base64
import socket
import ssl
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote

from amlflow_jupyter.doctor.network.authorities import context
from amlflow_jupyter.doctor.network.endpoint import Endpoint
from amlflow_jupyter.doctor.network.proxies import Proxy

_LONGEST_ANSWER: Final = 65_536
_ESTABLISHED: Final = 200


class Step(StrEnum):
    """What must be done to reach a host."""

    NAME = "name"
    CONNECTION = "connection"
    PROXY = "proxy"
    TLS = "tls"


class NotReached(Exception):
    """A host was not reached.

    Attributes
    ----------
    step
        What failed.
    reason
        Why, in a few words.
    code
        The status that a proxy answered, or OpenSSL's code for a certificate; else 0.
    """

    def __init__(self, step: Step, reason: str, code: int = 0) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason
        self.code = code


def resolve(host: str, port: int) -> None:
    """Look a name up.

    Raises
    ------
    NotReached
        It is not known.
    """
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(Step.NAME, _reason(error)) from error


def open_connection(endpoint: Endpoint, proxy: Proxy | None, timeout: float) -> socket.socket:
    """Open a connection to a host, through a proxy where one leads there.

    Parameters
    ----------
    endpoint
        The host.
    proxy
        What leads there; some are not asked for more than a connection to themselves.
    timeout
        Seconds that each step may take.

    Raises
    ------
    NotReached
        It cannot be.
    """
    if proxy is None:
        return _connect(endpoint.host, endpoint.port, timeout)
    connection = _connect(proxy.host, proxy.port, timeout)
    if proxy.tunnels and endpoint.tls:
        try:
            _tunnel(connection, endpoint, proxy)
        except BaseException:
            connection.close()
            raise
    return connection


def shake_hands(endpoint: Endpoint, proxy: Proxy | None, bundle: str | None, timeout: float) -> str:
    """Reach a host that speaks TLS, and return who vouches for it: the authority's organisation.

    Parameters
    ----------
    endpoint, proxy, timeout
        As for :func:`open_connection`.
    bundle
        File or folder of the authorities to trust; None trusts everyone.

    Raises
    ------
    NotReached
        It cannot be reached, or is not vouched for by one of them.
    """
    with (
        open_connection(endpoint, proxy, timeout) as connection,
        _within_tls(connection, endpoint.host, bundle) as protected,
    ):
        return _issuer(protected)


def _connect(host: str, port: int, timeout: float) -> socket.socket:
    resolve(host, port)
    try:
        return socket.create_connection((host, port), timeout)
    except OSError as error:
        raise NotReached(Step.CONNECTION, _reason(error)) from error


def _tunnel(connection: socket.socket, endpoint: Endpoint, proxy: Proxy) -> None:
    target = f"{endpoint.host}:{endpoint.port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.credentials:
        given = base64.b64encode(unquote(proxy.credentials).encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {given}")
    try:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        answer = _read_head(connection)
    except OSError as error:
        raise NotReached(Step.PROXY, _reason(error)) from error
    words = answer.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    if status != _ESTABLISHED:
        raise NotReached(Step.PROXY, f"it answers with status {status or 'none'}", status)


def _read_head(connection: socket.socket) -> str:
    answer = b""
    while b"\r\n\r\n" not in answer and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(4096)
        if not piece:
            break
        answer += piece
    return answer.decode("latin-1").split("\r\n", 1)[0]


def _within_tls(connection: socket.socket, host: str, bundle: str | None) -> ssl.SSLSocket:
    try:
        return context(bundle).wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise NotReached(Step.TLS, error.verify_message, error.verify_code) from error
    except OSError as error:
        raise NotReached(Step.TLS, _reason(error)) from error


def _issuer(protected: ssl.SSLSocket) -> str:
    """Return who vouches, read from the certificate itself: unverified ones are not taken apart."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    encoded = protected.getpeercert(binary_form=True)
    if encoded is None:
        return "nobody"
    issuer = x509.load_der_x509_certificate(encoded).issuer
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := issuer.get_attributes_for_oid(kind):
            return _text(found[0].value)
    return issuer.rfc4514_string() or "somebody without a name"


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, socket.gaierror):
        return "its name is not known here"
    if isinstance(error, UnicodeError):
        return "its name cannot be one"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
