"""Experiments, runs and artifacts of a real store."""

import pytest
from made_store import HOSTILE


@pytest.fixture
def mine(save, store):
    save("mine", store.uri)


pytestmark = pytest.mark.usefixtures("mine")


async def _runs(ask, store, **params):
    return await ask("connections", "mine", "runs", experiment=store.experiment, **params)


async def _names(ask, store, text):
    return [run["name"] for run in (await _runs(ask, store, search=text))["runs"]]


async def test_experiments_are_listed_newest_first(ask, store):
    found = (await ask("connections", "mine", "experiments"))["experiments"]
    assert [experiment["name"] for experiment in found] == ["training", "Default"]
    assert found[0]["id"] == store.experiment


async def test_runs_are_listed_newest_first_without_deleted_ones(ask, store):
    page = await _runs(ask, store)
    ids = [run["id"] for run in page["runs"]]
    assert ids == [store.running, store.failed, store.child, store.parent]
    assert (page["searched"], page["more"]) == (4, False)


async def test_a_run_in_the_list(ask, store):
    runs = {run["id"]: run for run in (await _runs(ask, store))["runs"]}
    parent = runs[store.parent]
    assert parent.pop("metrics") == [
        {"name": "accuracy", "value": 0.123456789, "text": "0.123457"},
        {"name": "diverged", "value": None, "text": "NaN"},
        {"name": "grew", "value": None, "text": "Infinity"},
    ]
    assert parent == {
        "id": store.parent,
        "name": "parent",
        "status": "FINISHED",
        "start": "2025-10-09T08:53:20.000Z",
        "duration": 2.5,
        "parent": None,
        "user": "ann",
        "source": "train.ipynb",
    }
    assert runs[store.child]["parent"] == store.parent
    assert (runs[store.running]["status"], runs[store.running]["duration"]) == ("RUNNING", None)


async def test_limit_says_that_there_are_more(ask, store):
    page = await _runs(ask, store, limit=3)
    assert (len(page["runs"]), page["searched"], page["more"]) == (3, 3, True)
    page = await _runs(ask, store, limit=4)
    assert (len(page["runs"]), page["more"]) == (4, False)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PARENT", ["parent"]),
        ("adamw", ["parent"]),
        ("blue", ["parent"]),
        ("Diverged", ["parent"]),
        ("failed", [HOSTILE]),
        ("'; drop table", [HOSTILE]),
        ("about child", ["child"]),
        ("%", []),
        ("secret-project", []),
        ("  ", ["running", HOSTILE, "child", "parent"]),
    ],
)
async def test_search(ask, store, text, names):
    assert await _names(ask, store, text) == names


async def test_search_finds_ids_users_and_sources(ask, store):
    assert await _names(ask, store, store.child[:12].upper()) == ["child"]
    assert len(await _names(ask, store, "ANN")) == 4
    assert len(await _names(ask, store, "train.ipynb")) == 4


async def test_search_says_how_far_it_looked(ask, store):
    page = await _runs(ask, store, search="ann", limit=2)
    assert (len(page["runs"]), page["searched"], page["more"]) == (2, 2, True)
    page = await _runs(ask, store, search="parent", limit=1)
    assert (len(page["runs"]), page["searched"], page["more"]) == (1, 4, False)


async def test_one_run(ask, store):
    run = (await ask("connections", "mine", "runs", store.parent))["run"]
    assert run["experiment"] == {"id": store.experiment, "name": "training"}
    assert run["params"] == [{"name": "optimizer", "value": "AdamW"}]
    assert run["tags"] == [{"name": "team", "value": "Blue"}]
    assert run["description"] == "about parent"
    assert [(metric["text"], metric["step"]) for metric in run["metrics"]] == [
        ("0.123457", 7),
        ("NaN", 0),
        ("Infinity", 0),
        ("-Infinity", 0),
        ("12", 0),
    ]


async def test_hostile_names_come_back_as_data(ask, store):
    run = (await ask("connections", "mine", "runs", store.failed))["run"]
    assert (run["name"], run["status"]) == (HOSTILE, "FAILED")
    assert run["tags"] == [{"name": HOSTILE, "value": HOSTILE}]


async def test_artifacts_are_listed_one_folder_deep(ask, store):
    route = ("connections", "mine", "runs", store.parent, "artifacts")
    assert (await ask(*route))["artifacts"] == [
        {"path": "amlflow", "is_dir": True, "size": None},
        {"path": "figures", "is_dir": True, "size": None},
        {"path": "a note.txt", "is_dir": False, "size": 5},
    ]
    for path in ("figures", "figures/"):
        assert (await ask(*route, path=path))["artifacts"] == [
            {"path": "figures/figure-01.svg", "is_dir": False, "size": 10}
        ]
    assert (await ask(*route, path="nothing here"))["artifacts"] == []


@pytest.mark.parametrize(
    "path", ["..", "figures/../..", "/etc", "C:/x", "..\\..", "\\\\host\\share", "a" * 1001]
)
async def test_path_out_of_the_artifacts_is_refused(ask, store, path):
    route = ("connections", "mine", "runs", store.parent, "artifacts")
    refusal = await ask(*route, path=path, expect=400)
    assert "path must be a folder" in refusal["message"]


async def test_deleted_run_and_unknown_ids_are_not_there(ask, store):
    route = ("connections", "mine", "runs")
    assert "deleted" in (await ask(*route, store.deleted, expect=404))["message"]
    assert (await ask(*route, "0" * 32, expect=404))["message"].startswith("mine has no such")
    await ask(*route, store.deleted, "artifacts", expect=404)
    await ask(*route, experiment="987", expect=404)


@pytest.mark.parametrize(
    "params",
    [
        {"experiment": "1", "limit": "0"},
        {"experiment": "1", "limit": "501"},
        {"experiment": "1", "limit": "many"},
        {"experiment": "1", "limit": "9" * 10_000},
        {"experiment": "1", "search": "x" * 201},
        {"experiment": "../1"},
        {},
    ],
)
async def test_bad_arguments_are_refused(ask, params):
    await ask("connections", "mine", "runs", **params, expect=400)


async def test_bad_run_id_is_refused(ask):
    await ask("connections", "mine", "runs", "a.b", expect=400)


async def test_unchanged_answer_is_not_sent_again(jp_fetch, store):
    route = ("amlflow", "api", "connections", "mine", "runs")
    params = {"experiment": store.experiment}
    first = await jp_fetch(*route, params=params)
    headers = {"If-None-Match": first.headers["Etag"]}
    again = await jp_fetch(*route, params=params, headers=headers, raise_error=False)
    assert (again.code, again.body) == (304, b"")
