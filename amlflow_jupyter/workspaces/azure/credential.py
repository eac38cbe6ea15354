"""One credential for everyone who talks to Azure in this process: azureml-core, MLflow, we.

It looks like any azure-identity credential. Its tokens are kept until shortly before they expire,
are fetched by one thread at a time, and one that the server rejects before that is dropped.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Self

from amlflow_jupyter.errors import AmlflowError, AuthenticationRequired
from amlflow_jupyter.workspaces.azure import cloud

#: Fetches a token for a scope that no cache has seen; True means that the last one was rejected.
Fetch = Callable[[str, bool], Any]

# A token is fetched anew for its last fifth, five minutes at most: seconds before a short one ends.
_LAST_PART: Final = 0.2
_EARLIEST: Final = 300.0
# Seconds until the next try where the last one brought nothing newer, or failed.
_PAUSE: Final = 5.0


@dataclass(frozen=True)
class _Held:
    """A token, and the times that matter for it (unix seconds)."""

    token: str = field(repr=False)
    expires: float
    look_again: float

    @classmethod
    def of(cls, token: Any) -> Self:
        now = time.time()
        expires = float(token.expires_on)
        margin = min(_EARLIEST, _LAST_PART * (expires - now))
        # A token that came with its end near, or past by this computer's clock, is used all the
        # same: who fetched at every call would gain nothing.
        look_again = max(expires - margin, now + _PAUSE)
        return cls(token.token, expires, min(look_again, max(expires, now + 1.0)))


class SharedCredential:
    """Tokens of one signed-in identity, safe to use from any thread.

    Parameters
    ----------
    fetch
        Gets a new token from Azure, within a deadline of its own.
    first
        A token for the resource manager that is there already.
    title, next_step
        How it was signed in, and what to do to be signed in again, for people.
    """

    def __init__(
        self, fetch: Fetch, first: Any | None = None, title: str = "", next_step: str = ""
    ) -> None:
        self._fetch = fetch
        self._title = title
        self._next_step = next_step
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}
        if first is not None:
            self._held[cloud.current().scope] = _Held.of(first)
        self._renewed: dict[str, float] = {}
        _all.add(self)

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """Return an ``azure.core.credentials.AccessToken`` for one scope.

        ``claims``, ``tenant_id`` and ``enable_cae`` are taken, as Azure's clients give them, and
        only ``claims`` matters: the server asks for a newer token in that way.

        Raises
        ------
        AmlflowError
            There is none to be had; the message says what to do.
        """
        from azure.core.credentials import AccessToken

        held = self._current(_scope(scopes), bool(options.get("claims")))
        return AccessToken(held.token, int(held.expires))

    def token(self) -> str:
        """Return the token for the resource manager, which the workspace's services take, too."""
        return self._current(cloud.current().scope, False).token

    def get_token_info(self, *scopes: str, options: Any = None) -> Any:
        """Return an ``azure.core.credentials.AccessTokenInfo``, for newer clients."""
        from azure.core.credentials import AccessTokenInfo

        held = self._current(_scope(scopes), bool((options or {}).get("claims")))
        return AccessTokenInfo(held.token, int(held.expires))

    def seconds_left(self, scope: str) -> float:
        """Return the seconds until the next token of a scope is due."""
        held = self._held.get(scope)
        return max(1.0, held.look_again - time.time()) if held else 1.0

    def renew(self, rejected: str) -> bool:
        """Fetch a new token in place of one that a server rejected; return whether there is one.

        Raises
        ------
        AmlflowError
            There is none to be had; the message says what to do.
        """
        with self._lock:
            scope = next((s for s, held in self._held.items() if held.token == rejected), None)
            if scope is None:
                return bool(self._held)  # another thread was faster
            if time.time() - self._renewed.get(scope, 0.0) < _PAUSE:
                return False  # it rejects what is new, too: asking again and again helps nobody
            self._held[scope] = held = _Held.of(self._fetch(scope, True))
            self._renewed[scope] = time.time()
            return held.token != rejected

    def signed_out(self) -> AuthenticationRequired:
        """Return the error for a server that rejects whatever token it gets."""
        by = f" by {self._title}" if self._title else ""
        return AuthenticationRequired(
            f"Azure ML does not accept the sign-in{by} any more (status 401): "
            f"{self._next_step or 'connect again with %aml_connect'}."
        )

    def _current(self, scope: str, rejected: bool) -> _Held:
        held = self._held.get(scope)
        if held and not rejected and time.time() < held.look_again:
            return held
        with self._lock:
            now = time.time()
            held = self._held.get(scope)
            if held and now < held.look_again and not rejected:
                return held  # another thread was faster
            try:
                fresh = _Held.of(self._fetch(scope, rejected))
            except AmlflowError:
                if held is None or rejected or now >= held.expires:
                    raise
                fresh = _Held(held.token, held.expires, min(now + _PAUSE, held.expires))
            self._held[scope] = fresh
            return fresh

    def unlock(self) -> None:
        """Let tokens be fetched in a forked process: the thread that fetches stayed behind."""
        self._lock = threading.Lock()

    def __deepcopy__(self, _memo: object) -> Self:
        """Return the same: azureml-core copies what holds a credential, and a lock has no copy."""
        return self


_all: Final[weakref.WeakSet[SharedCredential]] = weakref.WeakSet()


def _unlock_all() -> None:
    for credential in list(_all):
        credential.unlock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_all)


def _scope(scopes: tuple[str, ...]) -> str:
    """Return the one scope that is asked for; the resource manager's has several names."""
    if len(scopes) != 1:
        raise ValueError(f"One scope is needed, not {len(scopes)}.")
    here = cloud.current()
    resource = scopes[0].removesuffix("/.default").rstrip("/")
    return here.scope if resource in here.resources else scopes[0]
