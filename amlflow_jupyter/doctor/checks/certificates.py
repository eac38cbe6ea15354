"""The variables that name authorities' certificates, which clients read differently."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from amlflow_jupyter.doctor.finding import Finding, failure, ok, warning
from amlflow_jupyter.doctor.network.authorities import OF_MLFLOW, OF_REQUESTS, OF_SSL, context
from amlflow_jupyter.doctor.subject import Subject

_TRUSTING: Final = ("MLFLOW_TRACKING_INSECURE_TLS", "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at what the variables name, and whether all clients trust the same authorities."""
    names = (*OF_REQUESTS, *OF_SSL, OF_MLFLOW)
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    found = [
        *(one for name, path in given.items() if (one := readable(subject, name, path))),
        *differing(subject, given),
        *_without_verification(subject),
    ]
    yield from found
    if not found:
        shown = ", ".join(f"{name}={path}" for name, path in given.items())
        usual = "Certificates are judged by the authorities that come with Python's packages."
        yield ok(f"Certificates are judged by {shown}." if given else usual)


def readable(subject: Subject, name: str, path: str) -> Finding | None:
    """Judge whether what a variable names is a file or folder of certificates."""
    try:
        context(path)
    except OSError as error:
        reason = "it is not there" if not Path(path).exists() else str(error)
        return failure(
            f"{name} names {path}, which cannot be used ({reason}): no connection can be made.",
            subject.commands.unset_variables(name),
        )
    return None


def differing(subject: Subject, given: dict[str, str]) -> Iterator[Finding]:
    """Yield that clients trust different authorities.

    Parameters
    ----------
    subject
        Says how commands are written.
    given
        The variables that are set, and what they hold.
    """
    of_requests = next(((name, given[name]) for name in OF_REQUESTS if name in given), None)
    of_ssl = next(((name, given[name]) for name in OF_SSL if name in given), None)
    if of_requests and not (of_ssl and _is_same(of_requests[1], of_ssl[1])):
        other = f"{of_ssl[0]}={of_ssl[1]}" if of_ssl else "SSL_CERT_FILE is not set"
        yield warning(
            f"MLflow and azureml-core trust {of_requests[0]}={of_requests[1]}, but clients made "
            f"with httpx or aiohttp do not: {other}.",
            subject.commands.set_variable(_variable(of_requests[1]), of_requests[1]),
        )
    elif of_ssl and not of_requests:
        yield warning(
            f"Clients made with httpx or aiohttp trust {of_ssl[0]}={of_ssl[1]}, but MLflow and "
            "azureml-core do not: REQUESTS_CA_BUNDLE is not set.",
            subject.commands.set_variable("REQUESTS_CA_BUNDLE", of_ssl[1]),
        )


def _without_verification(subject: Subject) -> Iterator[Finding]:
    for name in _TRUSTING:
        if os.environ.get(name, "").lower() in {"1", "true", "yes"}:
            yield warning(
                f"{name} is set: whoever stands in between can read and change what is sent.",
                subject.commands.unset_variables(name),
            )


def _variable(path: str) -> str:
    return "SSL_CERT_DIR" if Path(path).is_dir() else "SSL_CERT_FILE"


def _is_same(one: str, other: str) -> bool:
    """Whether two files hold the same certificates."""
    if one == other:
        return True
    try:
        return Path(one).read_bytes() == Path(other).read_bytes()
    except OSError:
        return False
