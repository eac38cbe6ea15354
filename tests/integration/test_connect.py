"""``%aml_connect``: what it connects to, what it shows, and how it fails."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from kernel import Kernel, kernel
from mlflow import MlflowClient
from servers import answering, free_port, mlflow_server, silent


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory):
    """A kernel for targets that fail: it waits one second for an answer."""
    folder = tmp_path_factory.mktemp("trying")
    with kernel(folder, AMLFLOW_CONNECT_TIMEOUT="1") as started:
        assert started.run("%load_ext amlflow").ok
        yield started


def refusal(kernel: Kernel, line: str) -> str:
    """The sentence that a line is refused with; nothing else may be shown."""
    ran = kernel.run(f"%aml_connect {line}")
    assert not ran.ok
    assert ran.tracebacks == 0
    assert ran.stderr.startswith("UsageError: ")
    return ran.stderr.removeprefix("UsageError: ")


def test_a_server_that_never_answers(trying: Kernel):
    with silent() as url:
        begun = time.monotonic()
        assert refusal(trying, url).startswith(f"{url} did not answer within 1 s")
        assert time.monotonic() - begun < 30  # a deadline, not a speed: MLflow's own is minutes


def test_nothing_listens(trying: Kernel):
    url = f"http://127.0.0.1:{free_port()}"
    assert f"{url} cannot be reached: nothing listens there" in refusal(trying, url)


def test_a_name_that_is_not_known(trying: Kernel):
    assert "cannot be reached" in refusal(trying, "http://no-such-host.invalid")


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, "<html>Welcome</html>", "but not as an MLflow server does"),
        (200, '{"hello": "world"}', "but not as an MLflow server does"),
        (200, "[]", "but not as an MLflow server does"),
        (404, "not here", "but not as an MLflow server does"),
        (401, "who are you", "asks who you are (status 401): set MLFLOW_TRACKING_TOKEN"),
        (403, "no", "asks who you are (status 403)"),
        (503, "later", "an error of its own (status 503)"),
    ],
)
def test_what_answers_is_no_mlflow_server(trying: Kernel, status: int, body: str, sentence: str):
    with answering(status, body) as url:
        assert sentence in refusal(trying, url)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("gopher://host", "gopher:// is not a kind of target"),
        ("sqlite:////proc/no/mlflow.db", "is no folder"),
        ("sqlite:////proc/mlflow.db", "cannot be written"),
        ("missing.json", "cannot be read"),
        ("databricks://nobody", "There are no credentials for Databricks (nobody)"),
        ("local --save 'a b'", "cannot be a profile's name"),
        ("local --bogus", "unrecognized arguments"),
    ],
)
def test_bad_input(trying: Kernel, line: str, sentence: str):
    assert sentence in refusal(trying, line)


def test_a_deleted_experiment(trying: Kernel):
    assert trying.run("%aml_connect local --experiment gone").ok
    client = trying.store()
    client.delete_experiment(client.get_experiment_by_name("gone").experiment_id)
    assert "The experiment 'gone' was deleted" in refusal(trying, "local --experiment gone")


def test_the_card_of_the_local_store(fresh: Kernel):
    ran = fresh.run("%load_ext amlflow\n%aml_connect local --experiment first")
    assert ran.ok
    assert ran.stderr == ""
    (card,) = ran.outputs
    for text in (card["data"]["text/plain"], card["data"]["text/html"]):
        assert "Local store in mlflow.db" in text
        assert "first" in text
        assert str(fresh.folder / "mlflow.db") in text
    assert fresh.run("import mlflow\nmlflow.get_tracking_uri()").text().strip() == (
        f"'sqlite:///{fresh.folder}/mlflow.db'"
    )


def test_track_without_connect_uses_mlflows_own_store(fresh: Kernel):
    ran = fresh.run("%load_ext amlflow\n")
    ran = fresh.run("%%track alone\nimport mlflow\nmlflow.log_metric('m', 1)")
    assert ran.ok, ran.error
    assert fresh.only("alone").data.metrics == {"m": 1.0}


def test_two_that_make_one_store_at_once_both_work(tmp_path: Path):
    with kernel(tmp_path) as one, kernel(tmp_path) as two:
        started = [each.send("%load_ext amlflow\n%aml_connect local") for each in (one, two)]
        ran = [each.wait(message) for each, message in zip((one, two), started, strict=True)]
        assert all(each.ok for each in ran), [each.text() for each in ran]
        for each in (one, two):
            assert each.run("%%track\nx = 1").ok
        assert len(one.runs()) == 2


def test_a_saved_profile_is_used_by_the_next_kernel(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with kernel(tmp_path) as first:
        line = f"%aml_connect sqlite:///{elsewhere}/team.db --experiment team --save mine"
        ran = first.run("%load_ext amlflow\n" + line)
        assert "mine" in ran.outputs[0]["data"]["text/plain"]
    with kernel(tmp_path) as second:
        ran = second.run("%load_ext amlflow\n%aml_connect")
        assert "team.db" in ran.outputs[0]["data"]["text/plain"]
        assert second.run("%%track\nx = 1").ok
    client = MlflowClient(f"sqlite:///{elsewhere}/team.db")
    team = client.get_experiment_by_name("team")
    assert len(client.search_runs([team.experiment_id])) == 1


def test_a_server_and_its_outage(tmp_path: Path):
    with mlflow_server(tmp_path) as server, kernel(tmp_path, AMLFLOW_CONNECT_TIMEOUT="2") as here:
        address = server.url.replace("http://", "http://me:hunter2secret@")
        ran = here.run(f"%load_ext amlflow\n%aml_connect {address} --experiment served")
        assert ran.ok, ran.error
        card = ran.outputs[0]["data"]
        assert f'href="{server.url}"' in card["text/html"]
        assert "hunter2secret" not in str(card)

        ran = here.run("%%track on-server\nimport mlflow\nmlflow.log_metric('m', 1)\nprint('x')")
        assert ran.ok, ran.error
        assert ran.stdout == "x\n"  # without the link that MLflow prints
        client = MlflowClient(server.url)
        experiment = client.get_experiment_by_name("served")
        (run,) = client.search_runs([experiment.experiment_id])
        assert run.info.status == "FINISHED"
        link = f"{server.url}/#/experiments/{experiment.experiment_id}/runs/{run.info.run_id}"
        assert link in ran.outputs[0]["data"]["text/html"]
        assert {entry.path for entry in client.list_artifacts(run.info.run_id)} == {"amlflow"}
        presence = "".join(path.read_text() for path in (tmp_path / ".home").rglob("*.json"))
        assert "hunter2secret" not in presence

        server.stop()
        ran = here.run("%%track offline\nmlflow.log_metric('m', 2)\nprint('ran')")
        assert ran.ok, ran.error
        assert ran.stdout == "ran\n"
        assert "nothing listens there" in ran.text()
        assert "kept on this computer" in ran.text()
        kept = MlflowClient(f"sqlite:///{tmp_path}/.home/kept/mlflow.db")
        experiment = kept.get_experiment_by_name("served")
        (run,) = kept.search_runs([experiment.experiment_id])
        assert (run.info.run_name, run.data.metrics) == ("offline", {"m": 2.0})
        uri = here.run("mlflow.get_tracking_uri()").text().strip()
        assert uri == repr(server.url)

        server.start()
        assert here.run("%%track back\nmlflow.log_metric('m', 3)").ok
        experiment = client.get_experiment_by_name("served")
        names = {run.info.run_name for run in client.search_runs([experiment.experiment_id])}
        assert names == {"on-server", "back"}


def test_artifacts_that_cannot_be_sent_are_kept(fresh: Kernel):
    fresh.run("%load_ext amlflow\n%aml_connect local")
    ran = fresh.run(
        "%%track unsent\nimport mlflow, pathlib, shutil\n"
        "where = mlflow.active_run().info.artifact_uri.removeprefix('file://')\n"
        "shutil.rmtree(where, ignore_errors=True)\n"
        "pathlib.Path(where).parent.mkdir(parents=True, exist_ok=True)\n"
        "pathlib.Path(where).write_text('in the way')\nprint('x')"
    )
    assert ran.ok, ran.error
    assert fresh.only("unsent").info.status == "FINISHED"
    assert "The artifacts cannot be sent" in ran.text()
    assert "kept here" in ran.text()
    artifacts = Path(fresh.only("unsent").info.artifact_uri.removeprefix("file://"))
    artifacts.unlink()
    deadline = time.monotonic() + 60
    while not (artifacts / "amlflow" / "stdout.txt").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (artifacts / "amlflow" / "stdout.txt").read_text() == "x\n"
