"""What ``%%track`` records: states, flags, and runs that the cell starts itself."""

from __future__ import annotations

import pytest
from kernel import Kernel, wait_for


def test_a_finished_run_holds_what_was_logged(connected: Kernel):
    ran = connected.run(
        "%%track full -p lr=0.1 -p 'note=two words' -t team=a --description 'about it'\n"
        "for step in range(5):\n    mlflow.log_metric('loss', 1 / (step + 1), step=step)\n"
        "import amlflow\namlflow.log({'acc': 0.5})\namlflow.log({'acc': 0.6})"
    )
    assert ran.ok
    run = connected.only("full")
    assert run.info.status == "FINISHED"
    assert run.data.params == {"lr": "0.1", "note": "two words"}
    assert run.data.tags["team"] == "a"
    assert run.data.tags["mlflow.note.content"] == "about it"
    history = connected.store().get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in history] == [0, 1, 2, 3, 4]
    accuracy = connected.store().get_metric_history(run.info.run_id, "acc")
    assert [(point.step, point.value) for point in accuracy] == [(0, 0.5), (1, 0.6)]
    assert {"amlflow/cell.py", "amlflow/environment.json"} <= connected.artifacts(run)


def test_a_failed_run_keeps_the_traceback(connected: Kernel):
    ran = connected.run("%%track failing\nmlflow.log_metric('m', 1)\nraise ValueError('broken')")
    assert ran.tracebacks == 1
    run = connected.only("failing")
    assert run.info.status == "FAILED"
    assert run.data.metrics == {"m": 1.0}
    traceback = connected.artifact(run, "amlflow/traceback.txt")
    assert traceback.endswith("ValueError: broken\n")
    assert "amlflow_jupyter" not in traceback


@pytest.mark.parametrize(
    "body", ["time.sleep(60)", "await asyncio.sleep(60)", "while True: pass"], ids=str
)
def test_an_interrupted_run_is_killed(connected: Kernel, body: str):
    name = f"interrupted {body}"
    message = connected.send(
        f"%%track '{name}'\nimport asyncio, time, pathlib\npathlib.Path('begun').touch()\n{body}"
    )
    wait_for(connected.folder / "begun")
    connected.manager.interrupt_kernel()
    ran = connected.wait(message)
    assert not ran.ok
    assert connected.only(name).info.status == "KILLED"
    assert connected.run("mlflow.active_run() is None").text().strip() == "True"


def test_no_run_is_active_afterwards(connected: Kernel):
    connected.run("%%track left-open --quiet\nmlflow.start_run()\nmlflow.start_run(nested=True)")
    assert connected.run("mlflow.active_run() is None").text().strip() == "True"
    assert {run.info.status for run in connected.runs()} <= {"FINISHED", "FAILED", "KILLED"}


def test_a_run_that_was_open_before_is_open_afterwards(connected: Kernel):
    connected.run("before = mlflow.start_run(run_name='before')")
    ran = connected.run("%%track apart --quiet\nmlflow.log_param('p', 1)")
    assert ran.ok
    same = connected.run("mlflow.active_run().info.run_id == before.info.run_id")
    assert same.text().strip() == "True"
    connected.run("%%track beneath --nested --quiet\nmlflow.log_param('p', 2)")
    connected.run("mlflow.end_run()")
    before = connected.only("before")
    assert before.data.params == {}
    assert "mlflow.parentRunId" not in connected.only("apart").data.tags
    assert connected.only("beneath").data.tags["mlflow.parentRunId"] == before.info.run_id


@pytest.mark.parametrize("broken", ["capturing.Capturing.stop", "tracked.LiveView.show"])
def test_our_own_failures_neither_break_the_cell_nor_leave_the_run_open(
    connected: Kernel, broken: str
):
    module, name, method = broken.split(".")
    connected.run(
        f"from amlflow_jupyter.session import {module} as room\n"
        f"kept = room.{name}.{method}\n"
        f"def fail(*_):\n    raise RuntimeError('ours')\nroom.{name}.{method} = fail"
    )
    ran = connected.run(f"%%track 'broken {broken}'\nprint('ran')\nmlflow.log_param('p', 1)")
    connected.run(f"room.{name}.{method} = kept")
    assert ran.ok, ran.error
    assert ran.stdout == "ran\n"
    assert "ours" in ran.text()
    run = connected.only(f"broken {broken}")
    assert (run.info.status, run.data.params) == ("FINISHED", {"p": "1"})
    assert connected.run("mlflow.active_run() is None").text().strip() == "True"


def test_autologging_logs_to_the_tracked_run_and_is_off_again(connected: Kernel):
    fit = (
        "from sklearn.linear_model import LogisticRegression\n"
        "from sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True)\n"
        "model = LogisticRegression(max_iter=200).fit(X, y)"
    )
    ran = connected.run("%%track auto --autolog sklearn --quiet\n" + fit)
    assert ran.ok, ran.error
    run = connected.only("auto")
    assert run.data.params["max_iter"] == "200"
    assert "training_accuracy_score" in run.data.metrics
    before = len(connected.runs())
    connected.run(fit)
    assert len(connected.runs()) == before


def test_params_of_the_cell(connected: Kernel):
    connected.run("epochs = 7\nrate = 0.5")
    connected.run(
        "%%track all-params --params --quiet\nlr = 0.1\nname = 'x'\nflag = True\n"
        "data = [1]\ntotal = 0\nfor i in range(3):\n    total += i\n_private = 1"
    )
    assert connected.only("all-params").data.params == {"lr": "0.1", "name": "x", "flag": "True"}
    ran = connected.run("%%track some-params --params epochs,lr,data\nlr = 0.2")
    assert connected.only("some-params").data.params == {"epochs": "7", "lr": "0.2"}
    assert "No param data: it is no number, text or truth value." in ran.text()
    ran = connected.run("%%track no-params --params missing\nx = 1")
    assert "No param missing: there is no such variable." in ran.text()


def test_secrets_among_the_params_are_redacted(connected: Kernel):
    ran = connected.run(
        "%%track secret-params --params -p api_key=abcd1234efgh5678 -p tokenizer=bert\n"
        "password = 'hunter2secret99'\nkey = 'loss'\nseed = 1"
    )
    params = connected.only("secret-params").data.params
    assert params["password"] == params["api_key"] == "[redacted]"
    assert (params["tokenizer"], params["key"], params["seed"]) == ("bert", "loss", "1")
    assert "Redacted among the params: password" in ran.text()


def test_a_param_that_is_refused_keeps_no_other_out(connected: Kernel):
    ran = connected.run("%%track some-bad -p ok=1 -p 'a<b=2' -p fine=3\nx = 1")
    assert ran.ok
    assert connected.only("some-bad").data.params == {"ok": "1", "fine": "3"}
    assert "'a<b' is not recorded" in ran.text()


def test_resume(connected: Kernel):
    connected.run("%%track long --quiet\nmlflow.log_metric('m', 1, step=0)")
    first = connected.only("long")
    connected.run("%%track --resume last --quiet\nmlflow.log_metric('m', 2, step=1)")
    connected.run("%%track other --resume long --quiet\nmlflow.log_metric('m', 3, step=2)")
    connected.run(
        f"%%track --resume {first.info.run_id} --quiet\nmlflow.log_metric('m', 4, step=3)"
    )
    history = connected.store().get_metric_history(first.info.run_id, "m")
    assert [point.value for point in history] == [1, 2, 3, 4]
    assert connected.only("long").info.status == "FINISHED"


def test_rerun_replace_deletes_the_earlier_run_of_the_same_cell(connected: Kernel):
    def again(text: str, cell: str) -> str:
        ran = connected.run(f"%%track iterated --rerun replace --quiet\n{text}", cell_id=cell)
        assert ran.ok, ran.error
        return str(connected.runs()[0].info.run_id)

    other = again("x = 0", "cell-b")
    first = again("with mlflow.start_run(): pass\nwith mlflow.start_run(): pass", "cell-a")
    first = connected.run("import amlflow_jupyter.session.session as s; s.current().last_run_id")
    first_id = first.text().strip().strip("'")
    second = again("x = 1", "cell-a")
    left = {run.info.run_id for run in connected.runs() if run.info.run_name == "iterated"}
    assert left == {other, second}
    assert connected.store().get_run(first_id).info.lifecycle_stage == "deleted"
    connected.store().restore_run(first_id)
    connected.store().delete_run(other)
    connected.store().delete_run(first_id)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--nope", "unrecognized arguments: --nope"),
        ("-p novalue", "write --param key=value"),
        ("'open", "No closing quotation"),
        ("--rerun maybe", "invalid choice"),
        ("--resume last --rerun replace", "give one"),
        ("--resume missing", "There is no run 'missing'"),
        ("--resume " + "0" * 32, "There is no run with the id"),
        ("--autolog nonsense", "no autologging for 'nonsense'"),
        ("--capture nonsense", "nonsense"),
    ],
)
def test_a_line_that_cannot_be_met_is_one_sentence_and_the_cell_does_not_run(
    connected: Kernel, line: str, sentence: str
):
    before = len(connected.runs())
    ran = connected.run(f"%%track {line}\nprint('ran')")
    assert not ran.ok
    assert "ran" not in ran.stdout
    assert ran.error.startswith("UsageError: ")
    assert sentence in ran.error
    assert "Traceback" not in ran.error
    assert len(connected.runs()) == before
    assert connected.run("print('fine')").stdout == "fine\n"


def test_nothing_below_the_line_is_refused(connected: Kernel):
    for body in ("", "\n", "\n# only a comment\n"):
        ran = connected.run("%%track" + body)
        assert "There is nothing to track" in ran.error


def test_defaults_are_set_with_config(connected: Kernel):
    connected.run("%config AmlflowMagics.quiet = True\n%config AmlflowMagics.params = 'all'")
    ran = connected.run("%%track configured\nsize = 3")
    connected.run("%config AmlflowMagics.quiet = False\n%config AmlflowMagics.params = ''")
    assert ran.outputs == []
    assert connected.only("configured").data.params == {"size": "3"}


def test_capture_can_be_switched_off(connected: Kernel):
    connected.run("%%track nothing --no-capture --quiet\nprint('x')")
    assert connected.artifacts(connected.only("nothing")) == set()
    connected.run("%%track some --capture streams --quiet\nprint('x')")
    assert connected.artifacts(connected.only("some")) == {"amlflow/stdout.txt"}


def test_the_source_is_the_notebook(connected: Kernel):
    (connected.folder / "my.ipynb").write_text("{}")
    connected.run(f"__vsc_ipynb_file__ = {str(connected.folder / 'my.ipynb')!r}")
    connected.run("%%track sourced --quiet\nx = 1")
    tags = connected.only("sourced").data.tags
    assert tags["mlflow.source.type"] == "NOTEBOOK"
    assert tags["mlflow.source.name"].endswith("my.ipynb")


def test_a_restarted_kernel_leaves_no_running_run(fresh: Kernel):
    fresh.run("%load_ext amlflow\n%aml_connect local")
    fresh.send(
        "%%track restarted\nimport pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)"
    )
    wait_for(fresh.folder / "begun")
    fresh.manager.restart_kernel(now=False)
    assert fresh.only("restarted").info.status == "KILLED"


def test_metrics_of_another_process_are_shown(connected: Kernel):
    code = (
        "%%track with-child-process\nimport subprocess, sys\n"
        "run_id = mlflow.active_run().info.run_id\n"
        "code = f\"import mlflow; mlflow.MlflowClient().log_metric('{run_id}', 'outside', 4.5)\"\n"
        "subprocess.run([sys.executable, '-c', code], check=True)"
    )
    ran = connected.run(code)
    assert ran.ok, ran.error
    assert "outside" in ran.outputs[0]["data"]["text/plain"]
