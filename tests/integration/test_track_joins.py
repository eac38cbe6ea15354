"""``mlflow.start_run()`` inside a tracked cell: code that runs without ``%%track`` runs with it."""

from __future__ import annotations

import pytest
from kernel import Kernel

JOINS = {
    "with": "with mlflow.start_run():\n    mlflow.log_param('p', 1)",
    "with run name": "with mlflow.start_run(run_name='other'):\n    mlflow.log_param('p', 1)",
    "start and end": "mlflow.start_run()\nmlflow.log_param('p', 1)\nmlflow.end_run()",
    "end first": "mlflow.end_run()\nwith mlflow.start_run():\n    mlflow.log_param('p', 1)",
    "imported name": "from mlflow import start_run\nwith start_run(): mlflow.log_param('p', 1)",
    "partial": "from functools import partial\nstart = partial(mlflow.start_run)\n"
    "with start():\n    mlflow.log_param('p', 1)",
    "no run at all": "mlflow.log_param('p', 1)",
    "after the with": "with mlflow.start_run():\n    pass\nmlflow.log_param('p', 1)",
    "thread": "import threading\nt = threading.Thread(target=mlflow.log_param, args=('p', 1))\n"
    "t.start()\nt.join()",
    "client": "run = mlflow.active_run()\nmlflow.MlflowClient().log_param(run.info.run_id, 'p', 1)",
    "own id": "with mlflow.start_run(run_id=mlflow.active_run().info.run_id):\n"
    "    mlflow.log_param('p', 1)",
    "await": "import asyncio\nawait asyncio.sleep(0)\nmlflow.log_param('p', 1)",
}


@pytest.mark.parametrize("body", JOINS.values(), ids=JOINS)
def test_code_that_runs_without_track_logs_to_the_tracked_run(connected: Kernel, body: str):
    before = {run.info.run_id for run in connected.runs()}
    ran = connected.run("%%track joined --quiet\n" + body)
    assert ran.ok, ran.error
    (run,) = [run for run in connected.runs() if run.info.run_id not in before]
    assert run.info.run_name == "joined"
    assert run.data.params == {"p": "1"}
    assert run.info.status == "FINISHED"


def test_a_name_given_in_the_code_counts_where_the_line_has_none(connected: Kernel):
    connected.run("%%track --quiet\nwith mlflow.start_run(run_name='named in code'): pass")
    assert connected.only("named in code").info.status == "FINISHED"


def test_further_runs_become_children(connected: Kernel):
    ran = connected.run(
        "%%track parent --quiet\n"
        "for i in range(3):\n    with mlflow.start_run(run_name=f'part-{i}'):\n"
        "        mlflow.log_param('i', i)\n"
        "mlflow.log_param('after', 'parent')"
    )
    assert ran.ok, ran.error
    parent = connected.only("parent")
    assert parent.data.params == {"i": "0", "after": "parent"}
    for i in (1, 2):
        child = connected.only(f"part-{i}")
        assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
        assert child.data.params == {"i": str(i)}
        assert child.info.status == "FINISHED"


def test_a_failing_child_fails_alone_when_it_is_caught(connected: Kernel):
    connected.run(
        "%%track tolerant --quiet\nwith mlflow.start_run(): pass\n"
        "try:\n    with mlflow.start_run(run_name='bad child'):\n        1 / 0\n"
        "except ZeroDivisionError:\n    pass"
    )
    assert connected.only("bad child").info.status == "FAILED"
    assert connected.only("tolerant").info.status == "FINISHED"


def test_another_run_named_by_its_id_is_honoured(connected: Kernel):
    connected.run("other = mlflow.start_run(run_name='other run')\nmlflow.end_run()")
    ran = connected.run(
        "%%track honours --quiet\nwith mlflow.start_run(run_id=other.info.run_id):\n"
        "    mlflow.log_param('to', 'other')\nmlflow.log_param('to', 'tracked')"
    )
    assert ran.ok, ran.error
    assert connected.only("other run").data.params == {"to": "other"}
    assert connected.only("honours").data.params == {"to": "tracked"}


def test_set_experiment_inside_the_cell_does_not_break_it(connected: Kernel):
    ran = connected.run(
        "%%track moved --quiet\nmlflow.set_experiment('elsewhere')\n"
        "with mlflow.start_run():\n    mlflow.log_param('p', 1)"
    )
    assert ran.ok, ran.error
    assert connected.only("moved").data.params == {"p": "1"}
    connected.run("mlflow.set_experiment('Default')")


def test_the_experiment_that_was_set_before_is_taken(connected: Kernel):
    connected.run("mlflow.set_experiment('chosen by mlflow')")
    ran = connected.run("%%track in-chosen\nmlflow.log_param('p', 1)")
    connected.run("mlflow.set_experiment('Default')")
    experiment = connected.store().get_experiment_by_name("chosen by mlflow")
    assert connected.only("in-chosen").info.experiment_id == experiment.experiment_id
    assert "chosen by mlflow" in ran.text()


def test_a_block_inside_a_tracked_cell_is_a_child(connected: Kernel):
    ran = connected.run(
        "%%track around --quiet\nimport amlflow\n"
        "with amlflow.track('within', quiet=True):\n    mlflow.log_param('in', 'within')\n"
        "    mlflow.end_run()\nmlflow.log_param('in', 'around')"
    )
    assert ran.ok, ran.error
    around, within = connected.only("around"), connected.only("within")
    assert (around.data.params, within.data.params) == ({"in": "around"}, {"in": "within"})
    assert within.data.tags["mlflow.parentRunId"] == around.info.run_id
    assert (around.info.status, within.info.status) == ("FINISHED", "FINISHED")


def test_threads_of_a_pool_forget_the_run(connected: Kernel):
    connected.run(
        "%%track pooled --quiet\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor(1)\npool.submit(mlflow.log_param, 'p', 1).result()"
    )
    ran = connected.run("pool.submit(lambda: mlflow.active_run() is None).result()")
    assert ran.text().strip() == "True"
    assert connected.only("pooled").data.params == {"p": "1"}


def test_an_mlflow_that_is_not_known_joins_by_its_own_variable(fresh: Kernel):
    fresh.run(
        "%load_ext amlflow\n%aml_connect local\nimport mlflow\n"
        "from mlflow.tracking import fluent\nknown = fluent.start_run\n"
        "def start_run(run_id=None, **others):\n    return known(run_id, **others)\n"
        "fluent.start_run = mlflow.start_run = start_run"
    )
    ran = fresh.run(
        "%%track unknown --quiet\nwith mlflow.start_run():\n    mlflow.log_param('p', 1)\n"
        "with mlflow.start_run(run_name='second'):\n    mlflow.log_param('p', 2)"
    )
    assert ran.ok, ran.error
    assert fresh.only("unknown").data.params == {"p": "1"}
    assert fresh.only("unknown").info.status == "FINISHED"
    assert fresh.only("second").data.params == {"p": "2"}
    assert fresh.run("mlflow.active_run() is None").text().strip() == "True"
