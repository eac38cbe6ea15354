"""Run history of the loopback workspace, asked by the unmodified azureml-core."""

from __future__ import annotations

import pytest
from loopback import odata


def test_experiments_are_made_listed_archived_and_deleted(sdk):
    sdk("""
        made = Experiment(ws, "exp-a")
        assert Experiment(ws, "exp-a").id == made.id
        assert ws.experiments["exp-a"].id == made.id
        assert [each.name for each in Experiment.list(ws, experiment_name="exp-a")] == ["exp-a"]
        made.tag("color", "red")
        assert Experiment.list(ws, experiment_name="exp-a")[0].tags == {"color": "red"}
        made.archive()
        assert "exp-a" not in ws.experiments
        assert "exp-a" in [each.name for each in Experiment.list(ws, view_type="ArchivedOnly")]
        made.reactivate()
        assert "exp-a" in ws.experiments
        Experiment.delete(ws, made.id)
        assert "exp-a" not in ws.experiments
    """)


def test_a_run_of_the_sdk_is_a_run_of_mlflow(sdk):
    sdk("""
        run = Experiment(ws, "exp-sdk").start_logging(snapshot_directory=None, display_name="mine")
        assert run.get_status() == "Running"
        for value in (0.5, 0.25, 0.25):
            run.log("loss", value)
        run.log("count", 3)
        run.log("late", 1.5, step=10)
        run.log("odd", float("nan"))
        run.log_list("list", [1, 2, 2.5])
        run.tag("color", "red")
        with open("file.txt", "w") as file:
            file.write("content")
        run.upload_file("folder/file.txt", "file.txt")
        run.complete()

        import mlflow

        mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
        [seen] = mlflow.search_runs(
            experiment_names=["exp-sdk"], filter_string="tags.color = 'red'", output_format="list"
        )
        assert (seen.info.run_id, seen.info.run_name) == (run.id, "mine")
        assert seen.info.status == "FINISHED"
        assert seen.data.metrics["loss"] == 0.25
        history = mlflow.MlflowClient().get_metric_history(run.id, "loss")
        assert [point.value for point in history] == [0.5, 0.25, 0.25]
        [late] = mlflow.MlflowClient().get_metric_history(run.id, "late")
        assert (late.value, late.step) == (1.5, 10)
        address = seen.info.artifact_uri + "/folder/file.txt"
        assert mlflow.artifacts.load_text(address) == "content"

        with mlflow.start_run(run_id=run.id):
            mlflow.log_metric("loss", 0.125, step=9)
        metrics = Run.get(ws, run.id).get_metrics()
        assert metrics["loss"] == [0.5, 0.25, 0.25, 0.125]
        assert metrics["list"] == [1, 2, 2.5]
        assert metrics["count"] == 3 and type(metrics["count"]) is int
        assert metrics["odd"] != metrics["odd"]
    """)


def test_a_run_of_mlflow_is_a_run_of_the_sdk(sdk):
    sdk("""
        import mlflow

        mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
        mlflow.set_experiment("exp-mlflow")
        with mlflow.start_run(run_name="outer", tags={"color": "blue"}) as outer:
            for step in range(3):
                mlflow.log_metric("loss", 1 / 2**step, step=step)
            mlflow.log_metric("once", 7)
            mlflow.log_text("content", "folder/file.txt")
            with mlflow.start_run(nested=True) as inner:
                pass
        [shown] = Experiment(ws, "exp-mlflow").get_runs()
        assert (shown.id, shown.display_name) == (outer.info.run_id, "outer")
        assert shown.get_status() == "Completed"
        assert shown.get_metrics() == {"loss": [1, 0.5, 0.25], "once": 7}
        assert shown.get_file_names() == ["folder/file.txt"]
        assert shown.tags["color"] == "blue"
        assert [each.id for each in shown.get_children()] == [inner.info.run_id]
        assert Run.get(ws, inner.info.run_id).parent.id == outer.info.run_id
        with mlflow.start_run() as failing:
            pass
        mlflow.MlflowClient().set_terminated(failing.info.run_id, "KILLED")
        assert Run.get(ws, failing.info.run_id).get_status() == "Canceled"
    """)


def test_rows_tables_texts_and_images_come_back(sdk):
    sdk("""
        import matplotlib

        matplotlib.use("agg")
        import matplotlib.pyplot as plt

        run = Experiment(ws, "exp-tables").start_logging(snapshot_directory=None)
        run.log_row("row", x=1, y="a")
        run.log_row("row", x=2, y="b")
        run.log_table("table", {"x": [1, 2], "y": [0.5, 0.25]})
        run.log("text", "something")
        plt.plot([1, 2])
        run.log_image("image", plot=plt)
        run.complete()
        metrics = run.get_metrics()
        assert metrics["row"] == {"x": [1, 2], "y": ["a", "b"]}
        assert metrics["table"] == {"x": [1, 2], "y": [0.5, 0.25]}
        assert metrics["text"] == "something"
        assert metrics["image"].startswith(f"aml://artifactId/ExperimentRun/dcid.{run.id}/")
        assert run.get_metrics("row") == {"row": metrics["row"]}
        assert run.get_metrics("none") == {}
    """)


def test_runs_are_found_by_tags_properties_and_state(sdk):
    sdk("""
        experiment = Experiment(ws, "exp-filters")
        good, bad, cut = [experiment.start_logging(snapshot_directory=None) for _ in range(3)]
        good.tag("kind", "good one")
        good.add_properties({"p": "1"})
        child = good.child_run("child")
        child.complete()
        for each in good.create_children(count=2):
            each.complete()
        good.complete()
        bad.fail("it broke", "Broken")
        cut.cancel()

        def ids(**asked):
            return {each.id for each in Run.list(experiment, **asked)}

        assert ids() == {good.id, bad.id, cut.id}
        assert ids(tags={"kind": "good one"}) == ids(tags="kind") == {good.id}
        assert ids(tags={"kind": "other"}) == ids(tags="other") == set()
        assert ids(properties={"p": "1"}) == {good.id}
        assert ids(status="Failed") == {bad.id}
        assert ids(status="Canceled") == {cut.id}
        assert len(ids(include_children=True)) == 6
        assert len(list(good.get_children(recursive=True))) == 3
        assert child.parent.id == good.id
        error = bad.get_details()["error"]["error"]
        assert (error["code"], error["message"]) == ("Broken", "it broke")
        good.remove_tags(["kind"])
        assert "kind" not in good.get_tags()
        assert good.get_details()["submittedBy"] == "loopback-pipeline"
    """)


def test_a_snapshot_comes_back_as_it_was_taken(sdk, tmp_path):
    folder = tmp_path / "project" / "inner"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("a = 1")
    (folder.parent / "b c.py").write_text("b = 2")
    sdk("""
        import pathlib
        import zipfile

        experiment = Experiment(ws, "exp-snapshots")
        def taken():
            run = experiment.start_logging(snapshot_directory="project", outputs=None)
            run.complete()
            with zipfile.ZipFile(run.restore_snapshot(path=".")) as archive:
                return {name: archive.read(name).decode() for name in archive.namelist()}

        assert taken() == {"b c.py": "b = 2", "inner/a.py": "a = 1"}
        pathlib.Path("project/b c.py").write_text("b = 3")
        assert taken() == {"b c.py": "b = 3", "inner/a.py": "a = 1"}
    """)


def test_the_limits_hold_for_the_sdk_too(sdk, loopback):
    loopback.control.limits = True
    sdk("""
        run = Experiment(ws, "exp-limits").start_logging(snapshot_directory=None)
        for number in range(55):
            run.log(f"metric-{number}", number)
        run.complete()
        assert len(run.get_metrics()) == 50
        try:
            run.tag("k", "v" * 1001)
        except Exception as error:
            assert "over the size limit" in str(error)
        else:
            raise AssertionError("the tag is too long")
    """)


RUN = {
    "runId": "a b",
    "status": "Running",
    "parentRunId": None,
    "createdUtc": "2024-01-02T00:00:00Z",
    "tags": {"k (1)": "v or w", "empty": None},
    "properties": {},
    "runTypeV2": {"orchestrator": "External", "traits": ["one"]},
}


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("", True),
        ("(Status eq Running)", True),
        ('((Tags/k (1) eq "v or w") and (Status eq Running))', True),
        ('((Tags/k (1) eq "v or w") and (Status eq Failed))', False),
        ("(Tags/empty ne null or Tags/empty eq null)", True),
        ("(Tags/none ne null or Tags/none eq null)", False),
        ("(ParentRunId eq null)", True),
        ("(RunTypeV2/Orchestrator eq External)", True),
        ("(RunTypeV2/Traits/one ne null) or (RunTypeV2/Traits/one eq null)", True),
        ("(RunTypeV2/Traits/two ne null) or (RunTypeV2/Traits/two eq null)", False),
        ("(CreatedUtc ge 2024-01-01 00:00:00+00:00)", True),
        ("(CreatedUtc ge 2024-02-01 00:00:00)", False),
        ("RunId eq a b or RunId eq c", True),
        ("(RunType eq x or Properties/azureml.runsource eq x)", False),
    ],
)
def test_filters_are_read_as_azureml_core_writes_them(asked, fits):
    assert odata.parse(asked)(RUN) is fits


def test_lists_come_in_pages_and_in_order():
    runs = [{"runId": name, "startTimeUtc": name} for name in "bdac"]
    wanted = {"orderby": "StartTimeUtc desc", "top": 3}
    first = odata.page(runs, wanted)
    assert [each["runId"] for each in first["value"]] == ["d", "c", "b"]
    rest = odata.page(runs, {**wanted, "continuationToken": first["continuationToken"]})
    assert [each["runId"] for each in rest["value"]] == ["a"]
    assert rest["continuationToken"] is None
