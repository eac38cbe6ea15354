"""Which authorities' certificates are trusted here: not all clients read the same variables."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Final

# Read by requests, and so by MLflow, azureml-core and azure-identity.
OF_REQUESTS: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# Read by Python's own ssl, and so by httpx and aiohttp.
OF_SSL: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
# Read by MLflow's client, for its own server.
OF_MLFLOW: Final = "MLFLOW_TRACKING_SERVER_CERT_PATH"
_OF_SYSTEMS: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def first_set(names: tuple[str, ...]) -> str | None:
    """Return what the first of these variables that is set holds."""
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def trusted_by_requests() -> str:
    """Return the file or folder of the authorities that ``requests`` trusts."""
    if chosen := first_set(OF_REQUESTS):
        return chosen
    import certifi

    return certifi.where()


def context(bundle: str | None) -> ssl.SSLContext:
    """Return what makes TLS connections that trust the authorities in ``bundle``.

    Parameters
    ----------
    bundle
        A file or folder; None trusts everyone, which is only good for looking at certificates.

    Raises
    ------
    OSError
        It is not there, or holds no certificates.
    """
    if bundle is None:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        return trusting
    if Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)


def others(tried: str) -> list[str]:
    """Return further files of authorities on this computer, which may know more than ``tried``."""
    found = [first_set(OF_SSL), ssl.get_default_verify_paths().cafile, *_OF_SYSTEMS]
    known = {tried}
    kept = []
    for path in found:
        if path and path not in known and Path(path).exists():
            known.add(path)
            kept.append(path)
    return kept
