"""Data, compute, environments, models and workspaces of the loopback workspace, by azureml-core."""

from __future__ import annotations


def test_datastores_move_bytes_and_have_a_default(sdk):
    sdk("""
        import os
        import pathlib

        default = ws.get_default_datastore()
        assert default.name == "workspaceblobstore"
        assert len(ws.datastores) == 4
        pathlib.Path("data/inner").mkdir(parents=True)
        content = os.urandom(5_000_000)
        pathlib.Path("data/inner/large.bin").write_bytes(content)
        pathlib.Path("data/small.txt").write_text("small")
        default.upload("data", "there", show_progress=False)
        default.upload_files(["data/small.txt"], target_path="one", show_progress=False)
        assert default.download("back", prefix="there", show_progress=False) == 2
        assert pathlib.Path("back/there/inner/large.bin").read_bytes() == content
        assert default.download("back", prefix="one/", show_progress=False) == 1

        def register():
            return Datastore.register_azure_blob_container(
                ws, "extra", "container-of-mine", default.account_name,
                account_key=default.account_key, create_if_not_exists=True,
            )

        extra = register()
        try:
            register()
        except Exception as error:
            assert "Another datastore with the same name already exists" in str(error)
        else:
            raise AssertionError("registered twice")
        extra.upload_files(["data/small.txt"], show_progress=False)
        assert extra.download("extra", show_progress=False) == 1
        ws.set_default_datastore("extra")
        assert ws.get_default_datastore().name == "extra"
        ws.set_default_datastore("workspaceblobstore")
        extra.unregister()
        try:
            Datastore.get(ws, "extra")
        except Exception as error:
            assert "Could not find datastore: extra" in str(error)
        else:
            raise AssertionError("still there")
    """)


def test_a_cluster_is_created_scaled_listed_and_deleted(sdk):
    done = sdk("""
        from azureml.core.compute import AmlCompute, ComputeTarget
        from azureml.core.compute_target import ComputeTargetException

        wanted = AmlCompute.provisioning_configuration("STANDARD_D2_V2", min_nodes=1, max_nodes=2)
        cluster = ComputeTarget.create(ws, "a-cluster", wanted)
        assert cluster.provisioning_state == "Creating"
        cluster.wait_for_completion(show_output=True)
        status = cluster.get_status()
        assert status.provisioning_state == "Succeeded"
        assert status.current_node_count == 1
        assert [node["nodeState"] for node in cluster.list_nodes()] == ["idle"]
        assert ws.compute_targets["a-cluster"].vm_size == "STANDARD_D2_V2"
        cluster.update(min_nodes=0, max_nodes=4)
        assert AmlCompute(ws, "a-cluster").scale_settings.maximum_node_count == 4
        try:
            wanted = AmlCompute.provisioning_configuration("Standard_None", max_nodes=2)
            ComputeTarget.create(ws, "b-cluster", wanted)
        except ComputeTargetException as error:
            assert "is not available in the region" in str(error)
        else:
            raise AssertionError("created")
        assert "Standard_NC6s_v3" in [each["name"] for each in AmlCompute.supported_vmsizes(ws)]
        assert AmlCompute.list_usages(ws)[0]["limit"] == AmlCompute.list_quotas(ws)[0]["limit"]
        cluster.delete()
        cluster.wait_for_completion(is_delete_operation=True)
        assert "a-cluster" not in ws.compute_targets
        try:
            ComputeTarget(ws, "a-cluster")
        except ComputeTargetException as error:
            assert "ComputeTargetNotFound" in str(error)
        else:
            raise AssertionError("still there")
    """)
    assert "Minimum number of nodes requested have been provisioned" in done.out


def test_an_instance_is_created_stopped_and_started(sdk):
    sdk("""
        from azureml.core.compute import ComputeInstance, ComputeTarget

        wanted = ComputeInstance.provisioning_configuration("Standard_DS3_v2")
        instance = ComputeTarget.create(ws, "an-instance", wanted)
        assert instance.get_status().state == "Creating"
        instance.wait_for_completion()
        assert instance.get_status().state == "Running"
        instance.stop()
        assert instance.get_status().state == "Stopping"
        instance._wait_for_status_update("stop", refresh_interval=0.5)
        instance.start(wait_for_completion=True)
        status = instance.get_status()
        assert (status.state, status.created_by_user_name) == ("Running", "loopback-pipeline")
        try:
            ComputeTarget.create(ws, "an-instance", wanted)
        except Exception as error:
            assert "is already in use" in str(error)
        else:
            raise AssertionError("created twice")
        instance.delete()
        instance._wait_for_deletion(refresh_interval=0.5)
        assert "an-instance" not in ws.compute_targets
    """)


def test_environments_are_kept_in_versions(sdk):
    sdk("""
        environment = Environment("env-a")
        environment.python.conda_dependencies.add_pip_package("scikit-learn")
        first = environment.register(ws)
        assert (first.version, environment.register(ws).version) == ("1", "1")
        environment.docker.base_image = "other"
        assert environment.register(ws).version == "2"
        assert Environment.get(ws, "env-a").docker.base_image == "other"
        kept = Environment.get(ws, "env-a", version="1")
        assert "scikit-learn" in list(kept.python.conda_dependencies.pip_packages)
        assert Environment.list(ws)["env-a"].version == "2"
        Environment.label(ws, "env-a", "1", ["stable"])
        assert Environment.get(ws, "env-a", label="stable").version == "1"
        built = Environment.get(ws, "env-a").build(ws).wait_for_completion()
        assert built.status == "Succeeded"
        assert Environment.get(ws, "env-a").get_image_details(ws).image_exist
        try:
            Environment.get(ws, "env-none")
        except Exception as error:
            assert "Code: 404" in str(error)
        else:
            raise AssertionError("found")
    """)


def test_models_are_registered_listed_changed_downloaded_and_deleted(sdk, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.pkl").write_text("pickled")
    sdk("""
        import pathlib

        first = Model.register(
            ws, "model", "model-a", tags={"k": "v"}, properties={"p": "1"}, description="text",
            model_framework="ScikitLearn",
        )
        second = Model.register(ws, "model/model.pkl", "model-a")
        assert (first.version, second.version) == (1, 2)
        assert (first.description, first.model_framework) == ("text", "ScikitLearn")
        assert [each.version for each in Model.list(ws, "model-a")] == [2, 1]
        assert [each.version for each in Model.list(ws, "model-a", latest=True)] == [2]
        assert [each.version for each in Model.list(ws, "model-a", tags=[["k", "v"]])] == [1]
        assert Model(ws, "model-a").version == 2
        found = Model(ws, id="model-a:1")
        assert found.properties == {"p": "1"}
        assert pathlib.Path(found.download("there"), "").read_text() == "pickled"
        found.add_tags({"more": "tags"})
        found.remove_tags("k")
        found.update(description="other")
        again = Model(ws, "model-a", version=1)
        assert (again.tags, again.description) == ({"more": "tags"}, "other")
        again.delete()
        assert [each.version for each in Model.list(ws, "model-a")] == [2]
        second.delete()
        for asked in ({"name": "model-a"}, {"id": "model-a:1"}):
            try:
                Model(ws, **asked)
            except Exception as error:
                assert "ModelNotFound" in str(error)
            else:
                raise AssertionError("still there")
    """)


def test_both_registries_hold_the_same_models(sdk, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.pkl").write_text("pickled")
    sdk("""
        import pathlib

        import mlflow

        mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
        client = mlflow.MlflowClient()
        run = Experiment(ws, "exp-models").start_logging(snapshot_directory=None)
        run.upload_folder("outputs/model", "model")
        run.complete()
        model = run.register_model("model-sdk", "outputs/model", tags={"k": "v"})
        assert model.run_id == run.id
        version = client.get_model_version("model-sdk", "1")
        assert (version.run_id, version.tags) == (run.id, {"k": "v"})
        path = mlflow.artifacts.download_artifacts("models:/model-sdk/1", dst_path="sdk")
        assert pathlib.Path(path, "model.pkl").read_text() == "pickled"

        mlflow.set_experiment("exp-models")
        with mlflow.start_run() as run:
            mlflow.log_artifacts("model", "model")
            source = mlflow.get_artifact_uri("model")
        client.create_registered_model("model-mlflow")
        client.create_model_version("model-mlflow", source, run.info.run_id, tags={"a": "b"})
        model = Model(ws, "model-mlflow")
        assert (model.version, model.run_id, model.tags) == (1, run.info.run_id, {"a": "b"})
        assert pathlib.Path(model.download("mlflow")).name == "model.pkl"
    """)


def test_a_workspace_is_created_used_and_deleted(sdk):
    sdk("""
        def create():
            return Workspace.create(
                "made", subscription_id=ws.subscription_id, resource_group="made-group",
                location="westeurope", show_output=False,
            )

        made = create()
        assert "made" in Workspace.list(ws.subscription_id)
        assert made.get_details()["location"] == "westeurope"
        Experiment(made, "exp-made")
        assert "exp-made" in made.experiments and "exp-made" not in ws.experiments
        assert made.get_default_datastore().name == "workspaceblobstore"
        made.delete(delete_dependent_resources=True)
        assert "made" not in Workspace.list(ws.subscription_id)
        assert "exp-made" not in create().experiments
        made.delete()
    """)


def test_a_reader_changes_nothing(sdk, loopback):
    loopback.control.role = "Reader"
    sdk("""
        from azureml.core.compute import AmlCompute, ComputeTarget

        REFUSALS = ("does not have authorization", "You are not authorized")
        wanted = AmlCompute.provisioning_configuration("STANDARD_D2_V2", max_nodes=2)
        for change in (
            lambda: Experiment(ws, "exp-of-a-reader"),
            lambda: ComputeTarget.create(ws, "of-a-reader", wanted),
            lambda: Environment("env-of-a-reader").register(ws),
            lambda: ws.set_default_datastore("workspaceblobstore"),
            lambda: ws.delete(),
        ):
            try:
                change()
            except Exception as error:
                assert any(each in str(error) for each in REFUSALS), error
            else:
                raise AssertionError("a reader could write")
        assert ws.get_default_datastore().name == "workspaceblobstore"
    """)
