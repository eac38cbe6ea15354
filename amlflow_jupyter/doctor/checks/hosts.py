"""Whether the hosts that the target needs can be reached: name, connection, proxy, certificate."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import Final

from amlflow_jupyter.doctor.finding import Finding, failure, ok, skipped
from amlflow_jupyter.doctor.network.authorities import OF_MLFLOW, others, trusted_by_requests
from amlflow_jupyter.doctor.network.endpoint import Endpoint, endpoints
from amlflow_jupyter.doctor.network.probe import (
    NotReached,
    Step,
    open_connection,
    shake_hands,
)
from amlflow_jupyter.doctor.network.proxies import Proxy, proxy_for
from amlflow_jupyter.doctor.simultaneously import each
from amlflow_jupyter.doctor.subject import Subject

# Who vouches for Microsoft's hosts, where nobody stands in between.
_OF_MICROSOFT: Final = (".microsoftonline.com", ".azure.com", ".azureml.ms", ".windows.net")
_PUBLIC: Final = frozenset({"Microsoft Corporation", "DigiCert Inc"})
# OpenSSL's codes for certificates (x509_vfy.h).
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_OTHER_NAME: Final = frozenset({62, 63, 64})
_WANTS_CREDENTIALS: Final = 407


def check(subject: Subject) -> Iterator[Finding]:
    """Reach each host that the target needs."""
    wanted = endpoints(subject.workspace)
    if not wanted:
        yield skipped("The target needs no host that is known beforehand.")
    yield from each(partial(reached, subject), wanted)


def reached(subject: Subject, endpoint: Endpoint) -> Finding:
    """Reach one host, as ``requests`` would, and judge how that went."""
    purpose = f"{endpoint.name} ({endpoint.purpose})"
    try:
        proxy = proxy_for(endpoint)
    except ValueError as error:
        return skipped(f"{purpose} is not asked, because its proxy cannot be read: {error}.")
    through = f" through {proxy.name}" if proxy else ""
    bundle = _bundle(endpoint)
    try:
        if not endpoint.tls:
            open_connection(endpoint, proxy, subject.timeout).close()
            return ok(f"{purpose} takes connections{through}.")
        issuer = shake_hands(endpoint, proxy, bundle, subject.timeout)
    except NotReached as error:
        return _problem(subject, endpoint, proxy, error)
    between = ""
    if endpoint.host.endswith(_OF_MICROSOFT) and issuer not in _PUBLIC:
        between = ", not Microsoft's: somebody in between, who is trusted here, reads what is sent"
    return ok(f"{purpose} is reached{through}; its certificate is {issuer}'s{between}.")


def _bundle(endpoint: Endpoint) -> str:
    """Return the authorities by which the client of this host judges it."""
    own = os.environ.get(OF_MLFLOW) if endpoint.purpose == "MLflow" else None
    return own or trusted_by_requests()


def _problem(
    subject: Subject, endpoint: Endpoint, proxy: Proxy | None, error: NotReached
) -> Finding:
    if error.step is Step.TLS:
        return _untrusted(subject, endpoint, proxy, error)
    commands, name = subject.commands, endpoint.name
    if error.step is Step.PROXY and error.code == _WANTS_CREDENTIALS and proxy:
        return failure(
            f"The proxy {proxy.name} wants a user and password for {name}.",
            commands.set_variable(
                "HTTPS_PROXY", f"{proxy.scheme}://USER:PASSWORD@{proxy.host}:{proxy.port}"
            ),
        )
    if error.step is Step.PROXY and proxy:
        return failure(
            f"The proxy {proxy.name} does not lead to {name}: {error.reason}. Ask who runs it to "
            "allow that host, or reach it directly.",
            commands.set_variable("NO_PROXY", _with(endpoint.host)),
        )
    if proxy:
        return skipped(f"{name} is not asked, because its proxy {proxy.name} is out of reach.")
    look = ("nslookup", endpoint.host) if error.step is Step.NAME else ("curl", "-v", endpoint.url)
    return failure(f"{name} cannot be reached: {error.reason}.", commands.shell(*look))


def _untrusted(
    subject: Subject, endpoint: Endpoint, proxy: Proxy | None, error: NotReached
) -> Finding:
    name, commands = endpoint.name, subject.commands
    if not error.code:
        return failure(
            f"{name} does not speak TLS as it should: {error.reason}.",
            commands.shell("curl", "-v", endpoint.url),
        )
    if error.code in {_NOT_YET_VALID, _EXPIRED}:
        when = "is not valid yet" if error.code == _NOT_YET_VALID else "has expired"
        return failure(
            f"The certificate of {name} {when}, by the clock of this computer.",
            commands.shell("date"),
        )
    issuer = _issuer(subject, endpoint, proxy)
    if error.code in _OTHER_NAME:
        return failure(
            f"{name} shows a certificate for another name, vouched for by {issuer}.",
            commands.shell("curl", "-v", endpoint.url),
        )
    variable = OF_MLFLOW if endpoint.purpose == "MLflow" else "REQUESTS_CA_BUNDLE"
    known = _knowing(subject, endpoint, proxy)
    return failure(
        f"{name} is vouched for by {issuer}, whom Python's clients do not trust here"
        + ("" if known else ": ask who runs your network for that authority's certificate")
        + ".",
        commands.set_variable(variable, known or "/path/to/authority.pem"),
    )


def _issuer(subject: Subject, endpoint: Endpoint, proxy: Proxy | None) -> str:
    """Return who vouches for a host that is not trusted."""
    try:
        return shake_hands(endpoint, proxy, None, subject.timeout)
    except (NotReached, ImportError):
        return "somebody"


def _knowing(subject: Subject, endpoint: Endpoint, proxy: Proxy | None) -> str | None:
    """Return a file on this computer whose authorities vouch for a host, if there is one."""
    for path in others(_bundle(endpoint)):
        try:
            shake_hands(endpoint, proxy, path, subject.timeout)
        except (NotReached, OSError):
            continue
        return path
    return None


def _with(host: str) -> str:
    """Return the hosts that are reached without a proxy, with one more."""
    return ",".join(filter(None, [os.environ.get("NO_PROXY"), host]))
