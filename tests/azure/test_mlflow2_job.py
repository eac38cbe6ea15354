"""A job of Azure ML logs models and traces with MLflow 3: amlflow is installed there, no more."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

JOB = """
    import mlflow
    from sklearn.linear_model import LogisticRegression

    @mlflow.trace
    def double(x):
        return 2 * x

    mlflow.sklearn.autolog()
    with mlflow.start_run() as run:
        model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
        info = mlflow.sklearn.log_model(
            model, name="best", pip_requirements=["scikit-learn"], registered_model_name="of-a-job"
        )
        mlflow.log_metric("late", 0.5, model_id=info.model_id)
        double(2)
"""
SUBMIT = """
    import json, sys, time, warnings
    warnings.simplefilter("ignore")
    import mlflow
    from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
    from azureml.core.compute import AmlCompute, ComputeTarget

    ws = Workspace.from_config()
    sizes = AmlCompute.provisioning_configuration("STANDARD_D2_V2", max_nodes=1)
    ComputeTarget.create(ws, "models-cluster", sizes).wait_for_completion()
    environment = Environment("here")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    job = ScriptRunConfig(
        "job", script="train.py", compute_target="models-cluster", environment=environment
    )
    run = Experiment(ws, "jobs-with-models").submit(job)
    while run.get_status() not in ("Completed", "Failed", "Canceled"):
        time.sleep(0.5)

    mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
    mlflow.set_experiment("jobs-with-models")
    client = mlflow.MlflowClient()
    found = client.get_run(run.id)
    models = mlflow.search_logged_models(output_format="list")
    version = client.get_model_version("of-a-job", "1")
    traces = mlflow.search_traces(run_id=run.id, return_type="list")
    print(json.dumps({
        "status": run.get_status(),
        "names": sorted(model.name for model in models),
        "late": [m.value for m in models[0].metrics if m.key == "late"],
        "training": found.data.metrics["training_accuracy_score"],
        "version": [version.run_id == run.id, version.model_id == models[0].model_id],
        "answer": mlflow.sklearn.load_model("models:/of-a-job/1").predict([[1.0]]).tolist(),
        "spans": [span.name for trace in traces for span in trace.data.spans],
    }))
"""


def test_a_submitted_job_with_models_and_traces(run_python, tmp_path: Path):
    (tmp_path / "job").mkdir()
    (tmp_path / "job" / "train.py").write_text(textwrap.dedent(JOB))
    done = run_python(textwrap.dedent(SUBMIT))
    assert json.loads(done.out.splitlines()[-1]) == {
        "status": "Completed",
        "names": ["best", "model"],
        "late": [0.5],
        "training": 1.0,
        "version": [True, True],
        "answer": [1],
        "spans": ["double"],
    }
