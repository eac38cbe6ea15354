"""The token of an Azure ML job, renewed before it ends.

azureml-mlflow reads the token's end as local time and takes it for UTC: east of Greenwich it is
renewed hours too late, and every call of a job fails. It also never looks between two half minutes.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import Any, Final

from amlflow_jupyter.workspaces.azure import tokens
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.azure.surroundings import JobRun

# Seconds to wait for a new token; seconds that one without an end is taken to live.
_TIMEOUT: Final = 30
_SHORT: Final = 300


class JobCredential:
    """Gives a job's token, as azure-identity's credentials give theirs.

    Parameters
    ----------
    run
        The job's run, with the token that the job was started with.
    """

    def __init__(self, run: JobRun) -> None:
        self._run = run
        self._token = run.token
        self._given = False

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        """Return the ``AccessToken`` that the job came with; from the second time on, a new one."""
        if self._given:
            self._token = self._renewed()
        self._given = True
        from azure.core.credentials import AccessToken

        return AccessToken(self._token, int(tokens.expiry(self._token) or time.time() + _SHORT))

    def _renewed(self) -> str:
        import requests

        from amlflow_jupyter.workspaces.azure.authorizing import Bearer

        answer = requests.get(
            f"https://{self._run.host}/history/v1.0{self._run.address.arm_id}{self._path()}",
            auth=Bearer(self._token),
            timeout=_TIMEOUT,
        )
        answer.raise_for_status()
        return str(answer.json()["token"])

    def _path(self) -> str:
        run = self._run
        of = f"experimentids/{run.experiment_id}" if run.experiment_id else None
        return f"/{of or f'experiments/{run.experiment}'}/runs/{run.run_id}/token"


def keep_fresh(credential: SharedCredential, scope: str) -> None:
    """Renew the token in the background: one that has ended cannot be exchanged for a new one.

    A job may well train for hours between two calls. It ends with the credential.
    """
    held = weakref.ref(credential)
    threading.Thread(
        target=_renew, args=(held, scope), name="amlflow-job-token", daemon=True
    ).start()


def _renew(held: weakref.ref[SharedCredential], scope: str) -> None:
    pause = 0.0
    while credential := held():
        pause = max(pause, credential.seconds_left(scope))
        del credential  # nobody else may need it any more
        time.sleep(pause)
        pause = 0.0
        try:
            if credential := held():
                credential.get_token(scope)
        except Exception:  # whoever logs next is told; this thread has nobody to tell
            pause = _TIMEOUT
