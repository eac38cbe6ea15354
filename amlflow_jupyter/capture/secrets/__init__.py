"""Find secrets in text and take them out, before anything is written."""

from amlflow_jupyter.capture.secrets.known import KnownSecrets
from amlflow_jupyter.capture.secrets.named import secret_names
from amlflow_jupyter.capture.secrets.redaction import MARK, redact

__all__ = ["MARK", "KnownSecrets", "redact", "secret_names"]
