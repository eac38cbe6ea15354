"""Ask Azure through azureml-core: without its chatter, and once more with a renewed token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from amlflow_jupyter.resources import internals
from amlflow_jupyter.resources.failures import status_of, translated
from amlflow_jupyter.resources.quiet import quiet
from amlflow_jupyter.workspaces.azure.renewal import Renewing

T = TypeVar("T")

_UNAUTHORIZED: Final = 401


def ask(core: Any, doing: str, call: Callable[[], T]) -> T:
    """Return what ``call`` returns, which asks Azure through azureml-core.

    azureml-core never renews a token that a server rejects before it expires. Such a request did
    nothing, so that it is sent again.

    Parameters
    ----------
    core
        The azureml-core workspace.
    doing
        What fails where it fails, as the beginning of a sentence.

    Raises
    ------
    AmlflowError
        It fails; the message says why, and what to do.
    """
    with translated(doing), quiet():
        try:
            return call()
        except Exception as error:  # azureml-core's clients share no base class
            if status_of(error) != _UNAUTHORIZED or not _renewed(core):
                raise
            return call()


def _renewed(core: Any) -> bool:
    tokens = Renewing(internals.authentication(core))
    return tokens.renew(tokens.token())
