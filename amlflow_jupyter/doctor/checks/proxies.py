"""The proxies that the environment names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from amlflow_jupyter.doctor.finding import Finding, failure, ok, warning
from amlflow_jupyter.doctor.network import proxies
from amlflow_jupyter.doctor.network.endpoint import Endpoint, endpoints
from amlflow_jupyter.doctor.network.probe import NotReached, open_connection
from amlflow_jupyter.doctor.subject import Subject

_OF_THIS_COMPUTER: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the variables, and at whether each proxy takes connections."""
    named = proxies.named()
    yield from differing(subject, named)
    yield from _in_the_way(subject)
    for address in sorted(set(named.values())):
        names = [name for name, value in named.items() if value == address]
        yield reachable(subject, names, address)
    if not named:
        yield ok("No proxy is named in the environment.")


def reachable(subject: Subject, names: list[str], address: str) -> Finding:
    """Judge one proxy.

    Parameters
    ----------
    subject
        Says how long to wait, and how commands are written.
    names
        The variables that name it.
    address
        What they hold; a user and password in it are not shown.
    """
    unset = subject.commands.unset_variables(*names)
    shown = " and ".join(names)
    try:
        proxy = proxies.parse(address)
    except ValueError as error:
        return failure(f"{shown} cannot be read as the address of a proxy ({error}).", unset)
    try:
        open_connection(Endpoint(proxy.host, proxy.port), None, subject.timeout).close()
    except NotReached as error:
        return failure(f"The proxy {proxy.name} of {shown} is out of reach: {error.reason}.", unset)
    return ok(f"The proxy {proxy.name} of {shown} takes connections.")


def differing(subject: Subject, named: Mapping[str, str]) -> Iterator[Finding]:
    """Yield each pair of variables that differ: some programs read one, some the other."""
    for name in proxies.VARIABLES:
        large, small = named.get(name), named.get(name.lower())
        if large and small and large != small:
            yield warning(
                f"{name} and {name.lower()} name different proxies: Python takes the latter, other "
                "programs the former.",
                subject.commands.set_variable(name, small),
            )


def _in_the_way(subject: Subject) -> Iterator[Finding]:
    """Yield that a server on this computer would be asked for through a proxy."""
    for endpoint in endpoints(subject.workspace):
        if endpoint.host in _OF_THIS_COMPUTER and _has_proxy(endpoint):
            yield warning(
                f"{endpoint.name} is on this computer, but is asked for through a proxy.",
                subject.commands.set_variable("NO_PROXY", "localhost,127.0.0.1"),
            )


def _has_proxy(endpoint: Endpoint) -> bool:
    try:
        return proxies.proxy_for(endpoint) is not None
    except ValueError:  # that it cannot be read is told of where it is named
        return False
