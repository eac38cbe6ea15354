"""Which connections there are: profiles, and what live kernels use."""

import hashlib
import subprocess
import sys

import psutil
import pytest

from amlflow_jupyter.workspaces.presence import Presences


async def test_nothing_configured(ask):
    assert await ask("connections") == {"connections": []}


async def test_profile_and_kernel_of_one_store_are_one_connection(ask, save, announce, store):
    save("mine", store.uri, experiment="training", default=True)
    announce(store.uri, notebook="/w/a.ipynb", experiment="other")
    (found,) = (await ask("connections"))["connections"]
    kernel = found.pop("kernels")[0]
    assert kernel["notebook"] == "/w/a.ipynb"
    assert kernel["since"] == "2025-10-09T08:53:20.000Z"
    assert found == {
        "name": "mine",
        "title": "mine",
        "kind": "local",
        "location": str(store.path),
        "experiment": "training",
        "default": True,
        "saved": True,
        "ui_url": None,
    }


async def test_kernel_without_a_profile_is_named_after_its_uri(ask, save, announce, store):
    save("other", "http://localhost:5000")
    announce(store.uri, experiment="training")
    saved, unsaved = (await ask("connections"))["connections"]
    assert (saved["name"], saved["kernels"]) == ("other", [])
    digest = hashlib.sha256(store.uri.encode()).hexdigest()[:12]
    assert unsaved["name"] == f"kernel-{digest}"
    assert (unsaved["saved"], unsaved["experiment"]) == (False, "training")
    assert (await ask("connections", unsaved["name"], "experiments"))["experiments"]


@pytest.fixture
def kernel():
    """Another process, that lives until its input ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process


async def test_dead_kernel_is_swept(ask, announce, store, kernel):
    announce(store.uri, (kernel.pid, psutil.Process(kernel.pid).create_time()))
    (found,) = (await ask("connections"))["connections"]
    name = found["name"]
    kernel.communicate(b"\n")
    assert (await ask("connections"))["connections"] == []
    assert list(Presences().folder.iterdir()) == []
    refusal = await ask("connections", name, "experiments", expect=404)
    assert name in refusal["message"]


async def test_what_is_no_presence_is_passed_over(ask, announce, store):
    announce(store.uri)
    folder = Presences().folder
    (folder / "1.json").write_text("{")
    (folder / "2.json").write_text(
        '{"pid": 2, "created": "x", "uri": 5, "experiment": 1, "notebook": 1, "since": "x"}'
    )
    assert len((await ask("connections"))["connections"]) == 1


async def test_no_secret_of_an_address_is_shown(jp_fetch, ask, save):
    save("a", "http://ann:hunter2@tracking.example:5000/base?sig=hunter2")
    save("b", "postgresql://ann:hunter2@db.example/runs?password=hunter2")
    save("c", "azureml://ann:hunter2@region.example/mlflow?token=hunter2")
    save("d", "unheard-of://ann:hunter2@example/?token=hunter2")
    answer = await jp_fetch("amlflow", "api", "connections")
    assert b"hunter2" not in answer.body
    assert b"tracking.example:5000" in answer.body
    for name in "bcd":
        refusal = await ask("connections", name, "experiments", expect=502)
        assert "hunter2" not in str(refusal)


async def test_profile_that_cannot_be_used_is_shown_with_the_others(ask, save, store):
    save("cloud", "azureml://region.example/subscriptions/1")
    save("mine", store.uri)
    cloud, mine = (await ask("connections"))["connections"]
    assert (cloud["kind"], cloud["title"]) == ("azure", "cloud")
    assert mine["kind"] == "local"
    refusal = await ask("connections", "cloud", "experiments", expect=502)
    assert "Azure ML" in refusal["message"]


async def test_broken_profiles_are_said(ask, home):
    home.mkdir()
    (home / "profiles.json").write_text("{")
    refusal = await ask("connections", expect=500)
    assert "profiles.json" in refusal["message"]
    (home / "profiles.json").write_text('{"profiles": [{"name": "../x", "uri": "http://h"}]}')
    assert "../x" in (await ask("connections", expect=500))["message"]


async def test_unknown_name_and_uri_as_a_name_are_refused(ask, store):
    refusal = await ask("connections", "nobody", "experiments", expect=404)
    assert "nobody" in refusal["message"]
    await ask("connections", "100%nobody", "runs", experiment="0", expect=404)
    await ask("connections", store.uri.replace("/", "%2F"), "experiments", expect=404)
