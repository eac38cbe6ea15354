"""One credential for all: kept until shortly before its end, renewed once, by one thread."""

import copy
import gc
import os
import signal
import threading
import time
import weakref
from dataclasses import dataclass

import pytest

from amlflow_jupyter.errors import AuthenticationRequired, Unreachable
from amlflow_jupyter.workspaces.azure.credential import SharedCredential
from amlflow_jupyter.workspaces.azure.job import keep_fresh

OTHER = "https://ml.azure.com/.default"
ARM = "https://management.azure.com/.default"


@dataclass
class Token:
    token: str
    expires_on: float


class Azure:
    """Issues tokens, and counts them."""

    def __init__(self, lifetime=3600.0):
        self.lifetime = lifetime
        self.asked = []
        self.error = None

    def fetch(self, scope, rejected):
        if self.error:
            raise self.error
        self.asked.append((scope, rejected))
        return Token(f"token-{len(self.asked)}", time.time() + self.lifetime)


@pytest.fixture
def azure():
    return Azure()


def later(monkeypatch, seconds):
    """Let seconds pass."""
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun + seconds)


def test_a_token_is_kept_for_everyone(azure):
    credential = SharedCredential(azure.fetch)
    names = (ARM, "https://management.core.windows.net//.default")
    assert {credential.get_token(name).token for name in names for _ in range(3)} == {"token-1"}
    assert credential.get_token_info(ARM).token == "token-1"
    assert credential.get_token("https://ml.azure.com/.default").token == "token-2"


@pytest.mark.parametrize(("lifetime", "kept", "renewed"), [(3600, 3290, 3310), (30, 20, 25)])
def test_it_is_renewed_once_before_its_end(azure, monkeypatch, lifetime, kept, renewed):
    azure.lifetime = lifetime
    credential = SharedCredential(azure.fetch)
    credential.get_token(ARM)
    later(monkeypatch, kept)
    assert credential.get_token(ARM).token == "token-1"
    later(monkeypatch, renewed - kept)
    assert {credential.get_token(ARM).token for _ in range(5)} == {"token-2"}


def test_a_token_that_comes_with_its_end_near_is_not_fetched_at_every_call(azure):
    azure.lifetime = -60  # by a clock that is a minute fast
    credential = SharedCredential(azure.fetch)
    for _ in range(20):
        credential.get_token(ARM)
    assert len(azure.asked) == 1


def test_many_threads_fetch_one(azure):
    credential = SharedCredential(azure.fetch)
    threads = [threading.Thread(target=credential.get_token, args=(ARM,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(azure.asked) == 1


def test_a_rejected_token_is_renewed_once_by_whoever_comes_first(azure):
    credential = SharedCredential(azure.fetch)
    rejected = credential.get_token(ARM).token
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(credential.renew(rejected))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True] * 8
    assert azure.asked == [(ARM, False), (ARM, True)]


def test_who_rejects_every_token_is_not_asked_again_and_again(azure, monkeypatch):
    credential = SharedCredential(azure.fetch)
    assert credential.renew(credential.get_token(ARM).token)
    assert not credential.renew(credential.get_token(ARM).token)
    assert len(azure.asked) == 2
    later(monkeypatch, 10)
    assert credential.renew(credential.get_token(ARM).token)


def test_an_outage_does_not_cost_a_token_that_still_holds(azure, monkeypatch):
    credential = SharedCredential(azure.fetch)
    credential.get_token(ARM)
    azure.error = Unreachable("Azure cannot be reached.")
    later(monkeypatch, 3400)
    assert credential.get_token(ARM).token == "token-1"
    later(monkeypatch, 300)
    with pytest.raises(Unreachable):
        credential.get_token(ARM)
    azure.error = None
    assert credential.get_token(ARM).token == "token-2"


def test_a_claim_asks_for_a_newer_one(azure):
    credential = SharedCredential(azure.fetch)
    credential.get_token(ARM)
    assert credential.get_token(ARM, claims="{}").token == "token-2"
    assert azure.asked[-1] == (ARM, True)


def test_the_error_says_how_to_sign_in_again():
    credential = SharedCredential(Azure().fetch, None, "the Azure CLI", "run `az login`")
    error = credential.signed_out()
    assert isinstance(error, AuthenticationRequired)
    assert str(error) == (
        "Azure ML does not accept the sign-in by the Azure CLI any more (status 401): "
        "run `az login`."
    )


def test_azureml_core_may_copy_what_holds_it(azure):
    credential = SharedCredential(azure.fetch)
    assert copy.deepcopy({"auth": credential})["auth"] is credential


def test_tokens_of_two_scopes_that_are_rejected_at_once_are_both_renewed(azure):
    credential = SharedCredential(azure.fetch)
    tokens = [credential.get_token(scope).token for scope in (ARM, OTHER)]
    assert [credential.renew(token) for token in tokens] == [True, True]
    assert credential.renew(credential.get_token(ARM).token) is False


def test_a_process_that_is_forked_while_a_token_is_fetched_gets_one(azure):
    begun, go_on = threading.Event(), threading.Event()

    def fetch(scope, rejected):
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            go_on.wait(30)
        return azure.fetch(scope, rejected)

    credential = SharedCredential(fetch)
    thread = threading.Thread(target=credential.get_token, args=(ARM,))
    thread.start()
    begun.wait(30)
    if (child := os.fork()) == 0:
        signal.alarm(5)  # kills it where it hangs
        credential.get_token(ARM)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    go_on.set()
    thread.join()


def test_a_jobs_token_is_kept_fresh_as_long_as_somebody_holds_the_credential(azure):
    azure.lifetime = 1.0
    credential = SharedCredential(azure.fetch)
    credential.get_token(ARM)
    keep_fresh(credential, ARM)
    (renewing,) = [t for t in threading.enumerate() if t.name == "amlflow-job-token"]
    while len(azure.asked) < 2:
        time.sleep(0.05)
    held = weakref.ref(credential)
    del credential
    renewing.join(30)
    gc.collect()
    assert held() is None
