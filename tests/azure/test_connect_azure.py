"""``%aml_connect`` and an Azure workspace: what it takes, shows and saves, and how it fails."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Loopback, world

sys.path.append(str(Path(__file__).resolve().parents[1] / "integration"))

from kernel import Kernel, kernel

SECRETS = ("loopback-client-secret", "eyJ")
LOOPBACK, VISION, COURSE, FORECASTS = world.WORKSPACES


@pytest.fixture(scope="module")
def signed_in(loopback: Loopback, tmp_path_factory) -> Iterator[Kernel]:
    """A kernel with a service principal's variables, shared by the tests of this module."""
    folder = tmp_path_factory.mktemp("signed-in")
    env = loopback.env(folder / "home") | loopback.service_principal_env()
    with kernel(folder, **env) as started:
        assert started.run("%load_ext amlflow\nimport amlflow, mlflow").ok
        yield started


@pytest.fixture
def nobody(loopback: Loopback, tmp_path: Path) -> Iterator[Kernel]:
    """A kernel in which nobody is signed in."""
    env = loopback.env(tmp_path / "home") | {"DISPLAY": "", "AMLFLOW_SIGN_IN_TIMEOUT": "30"}
    with kernel(tmp_path, **env) as started:
        assert started.run("%load_ext amlflow").ok
        yield started


def card(kernel: Kernel, line: str) -> dict[str, str]:
    """The card that a line shows; nothing else may be shown, and no secret."""
    ran = kernel.run(f"%aml_connect {line}")
    assert ran.ok, ran.text()
    assert ran.stdout + ran.stderr == ""
    (output,) = ran.outputs
    assert not [secret for secret in SECRETS if secret in json.dumps(output)]
    return dict(output["data"])


def refusal(kernel: Kernel, line: str) -> str:
    """The sentence that a line is refused with."""
    ran = kernel.run(f"%aml_connect {line}")
    assert not ran.ok
    assert ran.tracebacks == 0
    assert not [secret for secret in SECRETS if secret in ran.text()]
    assert ran.stderr.startswith("UsageError: ")
    return ran.stderr.removeprefix("UsageError: ").rstrip("\n")


def connected_to(kernel: Kernel) -> str:
    return kernel.run("print(mlflow.get_tracking_uri())").stdout.strip()


@pytest.mark.parametrize(
    ("line", "workspace"),
    [
        (VISION.arm_id, VISION),
        (VISION.arm_id.lower(), VISION),
        (COURSE.tracking_uri, COURSE),
        (f"https://ml.azure.com/?wsid={COURSE.arm_id}&tid={world.TENANT}", COURSE),
        (
            f"adbazureml://northeurope.experiments.azureml.net/history/v1.0{FORECASTS.arm_id}",
            FORECASTS,
        ),
        ("--workspace forecasts", FORECASTS),
        ("azure -w VISION", VISION),
        ("--resource-group teaching", COURSE),
        (f"--subscription {world.SECOND}", FORECASTS),
        ("--subscription 'Contoso Production'", FORECASTS),
        (
            f"--subscription {world.FIRST} --resource-group research --workspace loopback",
            LOOPBACK,
        ),
    ],
)
def test_each_way_of_naming_a_workspace(signed_in: Kernel, line: str, workspace):
    shown = card(signed_in, line)
    assert connected_to(signed_in) == workspace.tracking_uri
    for text in (shown["text/plain"], shown["text/html"]):
        assert f"Connected to Azure ML workspace {workspace.name}" in text
        assert workspace.region in text
        assert workspace.group in text
        assert "by the AZURE_* variables" in text
    link = f"https://ml.azure.com/?wsid={workspace.arm_id}&tid={world.TENANT}"
    assert link in shown["text/plain"]
    assert link.replace("&", "&amp;") in shown["text/html"]


def test_a_config_json_is_found_upward_and_written(signed_in: Kernel, loopback: Loopback):
    inner = signed_in.folder / "project" / "notebooks"
    inner.mkdir(parents=True)
    loopback.write_config(signed_in.folder / "project")
    signed_in.run(f"%cd -q {inner}")
    assert "workspace loopback" in card(signed_in, "")["text/plain"]
    card(signed_in, "--workspace vision --write-config other.json")
    written = json.loads((inner / "other.json").read_text())
    assert written["workspace_name"] == "vision"
    assert "workspace vision" in card(signed_in, "other.json")["text/plain"]
    card(signed_in, "-w course --write-config")
    assert json.loads((inner / "config.json").read_text())["workspace_name"] == "course"
    signed_in.run(f"%cd -q {signed_in.folder}")
    assert "no config.json" in refusal(signed_in, "local --write-config")


def last_run(kernel: Kernel) -> dict:
    """What the workspace holds of the last run of a kernel."""
    find = "print(json.dumps(mlflow.get_run(mlflow.last_active_run().info.run_id).to_dictionary()))"
    return json.loads(kernel.run(f"import json\n{find}").stdout)


def page(run: dict) -> str:
    run_id = run["info"]["run_id"]
    return f"https://ml.azure.com/runs/{run_id}?wsid={LOOPBACK.arm_id}&tid={world.TENANT}"


def test_a_run_in_the_workspace_with_links_that_lead_to_it(signed_in: Kernel):
    card(signed_in, f"{LOOPBACK.arm_id} --experiment linked")
    ran = signed_in.run("%%track tracked --params\nsize = 3\nmlflow.log_metric('m', 1)\nprint('x')")
    assert ran.ok, ran.error
    assert ran.stdout == "x\n"
    run = last_run(signed_in)
    assert page(run).replace("&", "&amp;") in ran.outputs[0]["data"]["text/html"]
    assert run["data"]["metrics"] == {"m": 1.0}
    assert run["data"]["params"] == {"size": "3"}
    assert run["info"]["status"] == "FINISHED"

    ran = signed_in.run("with mlflow.start_run(run_name='plain') as plain: pass")
    link = page(last_run(signed_in))
    assert ran.stdout == f"🏃 View run plain at: {link}\n"
    asked = "for run in (None, plain, plain.info.run_id): print(amlflow.portal_url(run))"
    assert signed_in.run(asked).stdout.split() == [link] * 3
    theirs = "amlflow.workspace().get_run(plain.info.run_id)"
    ran = signed_in.run(f"print(amlflow.portal_url({theirs}) == {theirs}.get_portal_url())")
    assert ran.stdout == "True\n"


def test_a_run_is_continued_by_its_id(signed_in: Kernel):
    card(signed_in, f"{LOOPBACK.arm_id} --experiment linked")
    assert signed_in.run("%%track first\nmlflow.log_metric('a', 1)").ok
    run_id = last_run(signed_in)["info"]["run_id"]
    assert signed_in.run(f"%%track --resume {run_id}\nmlflow.log_metric('b', 2)").ok
    assert last_run(signed_in)["info"]["run_id"] == run_id
    assert last_run(signed_in)["data"]["metrics"] == {"a": 1.0, "b": 2.0}


def test_the_workspace_of_azureml_core_asks_as_mlflow_does(signed_in: Kernel, loopback: Loopback):
    card(signed_in, LOOPBACK.arm_id)
    before = len(loopback.control.requests("oauth2"))
    ran = signed_in.run("ws = amlflow.workspace()\nprint(ws.name, ws.location)")
    assert ran.stdout == "loopback westeurope\n"
    ran = signed_in.run("print(ws is amlflow.workspace(), len(ws.datastores) > 0)")
    assert ran.stdout == "True True\n"
    assert len(loopback.control.requests("oauth2")) == before
    card(signed_in, "local")
    assert "is no Azure ML workspace: connect" in signed_in.run("amlflow.workspace()").error


def test_workspaces_of_azureml_core_ask_as_who_is_signed_in(nobody: Kernel, loopback: Loopback):
    message = nobody.send(f"%aml_connect {LOOPBACK.arm_id} --auth device")
    loopback.control.approve_device_code(waiting_code(loopback))
    assert nobody.wait(message).ok
    loopback.write_config(nobody.folder)
    ran = nobody.run(FROM_CONFIG)
    assert ran.ok, ran.text()
    assert ran.stdout == "loopback True 1\n"
    assert nobody.run("%unload_ext amlflow").ok
    ran = nobody.run("print(InteractiveLoginAuthentication._get_ambient.__qualname__)")
    assert ran.stdout == "InteractiveLoginAuthentication._get_ambient\n"


# As Microsoft's notebooks do.
FROM_CONFIG = """
import mlflow
from azureml.core import Workspace
from azureml.core.authentication import InteractiveLoginAuthentication
ws = Workspace.from_config()
mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
mlflow.set_experiment("from-config")
with mlflow.start_run() as run: mlflow.log_metric("m", 1)
from IPython.display import clear_output
clear_output()
print(ws.name, "workspaceblobstore" in ws.datastores, len(mlflow.search_runs()))
"""


def test_azures_packages_are_imported_when_they_are_needed(loopback: Loopback, tmp_path: Path):
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env()
    look = (
        "import sys\nprint([m for m in ('azure', 'azureml', 'azureml.core') if m in sys.modules])"
    )
    with kernel(tmp_path, **env) as fresh:
        fresh.run("%load_ext amlflow\nimport amlflow")
        assert fresh.run(look).stdout == "[]\n"
        assert fresh.run(f"%aml_connect {LOOPBACK.arm_id}").ok
        assert fresh.run(look).stdout == "['azure', 'azureml']\n"
        assert fresh.run("amlflow.workspace()").ok
        assert "azureml.core" in fresh.run(look).stdout


def test_names_of_experiments_with_a_slash(signed_in: Kernel):
    shown = card_or_warning(signed_in, f"{LOOPBACK.arm_id} -e /Users/me/slashed")
    assert "'/Users/me/slashed' is 'slashed' there" in shown
    ran = signed_in.run("print(mlflow.set_experiment('/Users/me/slashed').name)")
    assert ran.stdout == "slashed\n"


def card_or_warning(kernel: Kernel, line: str) -> str:
    ran = kernel.run(f"%aml_connect {line}")
    assert ran.ok, ran.text()
    return ran.text()


def test_several_workspaces_are_chosen_among(signed_in: Kernel):
    card(signed_in, "local")
    ran = signed_in.run("%aml_connect azure")
    (shown, instead) = (output["data"] for output in ran.outputs)
    assert "application/vnd.jupyter.widget-view+json" in shown
    for workspace in world.WORKSPACES:
        assert f"%aml_connect {workspace.arm_id}" in instead["text/plain"]
    ran = signed_in.run("%%track unchosen\nprint('ran')")
    assert ran.stdout == "ran\n"
    assert "No workspace is chosen yet" in ran.text()
    ran = signed_in.run(CHOOSE)
    assert ran.ok, ran.text()
    assert connected_to(signed_in) == FORECASTS.tracking_uri


# What a person does: mark a line and press the button.
CHOOSE = """
import gc
from amlflow_jupyter.widgets.chooser_widget import ChooserWidget
(chooser,) = [w for w in gc.get_objects() if issubclass(type(w), ChooserWidget) and w.comm]
(line,) = [line for line in chooser.lines if "northeurope" in line["detail"]]
chooser.choose(chooser.lines.index(line))
"""


def test_in_a_terminal_the_workspaces_are_numbered(loopback: Loopback, tmp_path: Path):
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env()
    lines = ["%load_ext amlflow", "%aml_connect azure", "nine", "9", "4", "import mlflow"]
    typed = "\n".join([*lines, "print('at', mlflow.get_tracking_uri())", "exit()", ""])
    command = [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--quick"]
    done = subprocess.run(
        command, input=typed, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert "    2  forecasts — production, northeurope, Contoso Production" in done.stdout
    assert done.stdout.count("Number (1 to 4): ") == 3
    assert "Connected to Azure ML workspace vision" in done.stdout
    assert f"at {VISION.tracking_uri}" in done.stdout


def test_a_cluster_of_databricks_that_an_old_init_script_linked(loopback: Loopback, tmp_path: Path):
    old = LOOPBACK.tracking_uri.replace("azureml://westeurope.api.azureml.ms/mlflow/v2.0", OLD)
    env = loopback.env(tmp_path / "home") | {"MLFLOW_TRACKING_URI": old}
    with kernel(tmp_path, **env, DATABRICKS_RUNTIME_VERSION="15.4") as cluster:
        principal = loopback.service_principal_env()
        assert cluster.run(DBUTILS.format(**principal)).ok
        ran = cluster.run("%load_ext amlflow\nimport mlflow")
        assert ran.ok, ran.text()
        ran = cluster.run("%aml_connect --experiment /Users/ada@contoso.example/cluster")
        assert ran.ok, ran.text()
        assert "by the Databricks cluster" in ran.text()
        assert "  Experiment      cluster\n" in ran.text()
        assert connected_to(cluster) == LOOPBACK.tracking_uri
        ran = cluster.run(BY_CLIENT)
        assert ran.ok, ran.error
        assert ran.stdout == "{'m': 1.0}\n"


BY_CLIENT = """
client = mlflow.MlflowClient()
run = client.create_run(mlflow.get_experiment_by_name("cluster").experiment_id)
client.log_metric(run.info.run_id, "m", 1)
print(client.get_run(run.info.run_id).data.metrics)
"""
OLD = "adbazureml://westeurope.experiments.azureml.net/history/v1.0"
# What Databricks puts into its notebooks, as far as it is asked for: everything leads on to the
# token of whoever uses the cluster.
DBUTILS = """
from azure.identity import ClientSecretCredential
credential = ClientSecretCredential(
    "{AZURE_TENANT_ID}", "{AZURE_CLIENT_ID}", "{AZURE_CLIENT_SECRET}"
)
class Dbutils:
    def __getattr__(self, name): return self
    def __call__(self): return self
    def get(self): return credential.get_token("https://management.azure.com/.default").token
dbutils = Dbutils()
"""


def test_a_profile_keeps_how_to_sign_in_and_no_secret(loopback: Loopback, tmp_path: Path):
    home = {"AMLFLOW_HOME": str(tmp_path / "amlflow")}
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env() | home
    with kernel(tmp_path, **env) as first:
        line = "-w vision --auth environment --tenant {} -e saved --save mine"
        first.run("%load_ext amlflow\nimport mlflow")
        assert "mine" in card(first, line.format(world.TENANT))["text/plain"]
        kept = "".join(path.read_text() for path in (tmp_path / "amlflow").rglob("*.json"))
        (profile,) = json.loads((tmp_path / "amlflow" / "profiles.json").read_text())["profiles"]
    assert (profile["auth"], profile["tenant"]) == ("environment", world.TENANT)
    assert not [secret for secret in SECRETS if secret in kept]
    loopback.control.reset()
    with kernel(tmp_path, **env) as second:
        second.run("%load_ext amlflow\nimport mlflow")
        shown = card(second, "")["text/plain"]
        assert "workspace vision" in shown
        assert "saved" in shown
        assert connected_to(second) == VISION.tracking_uri
    assert loopback.control.requests("management.azure.com") == []  # the profile knows where it is


def test_unloading_takes_everything_back(loopback: Loopback, tmp_path: Path):
    env = loopback.env(tmp_path / "home") | loopback.service_principal_env()
    with kernel(tmp_path, **env) as fresh:
        fresh.run("import mlflow, os\nbefore = (dict(os.environ), mlflow.get_tracking_uri())")
        fresh.run(f"%load_ext amlflow\n%aml_connect {LOOPBACK.arm_id} -e unloaded")
        assert fresh.run("%%track x\nmlflow.log_metric('m', 1)").ok
        assert fresh.run("%unload_ext amlflow").ok
        ran = fresh.run("print((dict(os.environ), mlflow.get_tracking_uri()) == before)")
        assert ran.stdout == "True\n"
        ran = fresh.run(LEFT)
        assert ran.stdout == "[] _log_url\n", ran.text()


LEFT = """
from azureml.mlflow._internal.service_context_loader import _AzureMLServiceContextLoader as loader
from mlflow.tracking._tracking_service.client import TrackingServiceClient
print(list(loader._tracking_uri_to_service_context), TrackingServiceClient._log_url.__name__)
"""


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (LOOPBACK.arm_id + "x", "There is no workspace 'loopbackx' in the resource group"),
        (LOOPBACK.arm_id + "x", "sees course (in teaching), forecasts (in production), loopback"),
        (LOOPBACK.arm_id.replace("research", "resrch"), "There is no resource group 'resrch'"),
        (LOOPBACK.arm_id.replace("501/", "509/"), "There is no subscription 11111111-"),
        ("--workspace nope", "sees no Azure ML workspace with workspace 'nope'"),
        ("azureml://evil.example/x" + LOOPBACK.arm_id, "is no host of Azure ML's"),
        (f"{LOOPBACK.arm_id} --auth magic", "--auth magic: choose from auto"),
        (
            f"{LOOPBACK.arm_id} --tenant {world.OTHER_TENANT}",
            f"The workspace belongs to the tenant {world.TENANT}",
        ),
        ("--resource-group research", "There are several workspaces: name one"),
        (LOOPBACK.tracking_uri + "x", "is not there any more (status 404)"),
    ],
)
def test_what_cannot_be_connected_to_is_said(signed_in: Kernel, line: str, sentence: str):
    assert sentence in refusal(signed_in, line)


@pytest.mark.parametrize(
    ("where", "status", "sentence"),
    [
        ("management.azure.com/subscriptions/.*workspaces/", 403, "“AzureML Data Scientist”"),
        ("mlflow/experiments/search", 403, "“AzureML Data Scientist”"),
        ("mlflow/experiments/search", 401, "Azure ML does not accept the sign-in by the AZURE_*"),
        ("mlflow/experiments/search", 500, "an error of its own (status 500)"),
        (
            "management.azure.com/subscriptions/.*workspaces/",
            503,
            "an error of its own (status 503",
        ),
    ],
)
def test_what_azure_refuses_is_said(
    signed_in: Kernel, loopback: Loopback, where: str, status: int, sentence: str
):
    loopback.control.fail(where, status)
    assert sentence in refusal(signed_in, LOOPBACK.arm_id)


def test_an_azure_that_does_not_answer_is_given_up(signed_in: Kernel, loopback: Loopback):
    loopback.control.fail("management.azure.com/subscriptions", delay=20)
    signed_in.run("import os\nos.environ['AMLFLOW_CONNECT_TIMEOUT'] = '1'")
    said = refusal(signed_in, LOOPBACK.arm_id)
    assert said.startswith("management.azure.com cannot be reached: no answer")
    signed_in.run("del os.environ['AMLFLOW_CONNECT_TIMEOUT']")


def test_a_cell_runs_while_nobody_is_signed_in_any_more(signed_in: Kernel, loopback: Loopback):
    card(signed_in, f"{LOOPBACK.arm_id} -e ended")
    loopback.control.fail("westeurope.api.azureml.ms", 401)
    ran = signed_in.run("%%track offline\nmlflow.log_metric('m', 1)\nprint('ran')")
    assert ran.ok, ran.error
    assert ran.stdout == "ran\n"
    assert "Azure ML does not accept the sign-in by the AZURE_* variables any more" in ran.text()
    assert "kept on this computer" in ran.text()


def test_a_device_code_signs_in_and_is_not_shown_any_more(nobody: Kernel, loopback: Loopback):
    message = nobody.send(f"%aml_connect {LOOPBACK.arm_id} --auth device")
    code = waiting_code(loopback)
    loopback.control.approve_device_code(code)
    ran = nobody.wait(message)
    assert ran.ok, ran.text()
    assert f"{world.USER.name}, by a device code" in ran.text()
    assert code not in ran.text()


def waiting_code(loopback: Loopback) -> str:
    deadline = time.monotonic() + 60
    while not (codes := loopback.control.device_codes()):
        assert time.monotonic() < deadline, "no device code was asked for"
        time.sleep(0.05)
    return codes[-1]


def test_a_sign_in_is_interrupted_in_a_line(nobody: Kernel, loopback: Loopback):
    message = nobody.send(f"%aml_connect {LOOPBACK.arm_id} --auth device")
    waiting_code(loopback)
    nobody.manager.interrupt_kernel()
    ran = nobody.wait(message)
    assert ran.tracebacks == 0
    assert ran.stderr.startswith("UsageError: Interrupted")


def test_without_the_extra_it_is_named(tmp_path: Path):
    hide = tmp_path / "sitecustomize.py"
    hide.write_text(HIDE)
    with kernel(tmp_path, PYTHONPATH=str(tmp_path)) as without:
        without.run("%load_ext amlflow")
        said = refusal(without, LOOPBACK.arm_id)
    assert "azure-identity" in said
    assert '%pip install "amlflow-jupyter[azure]"' in said


# As where the packages of Azure are not installed.
HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("azure", "azureml"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
"""


def test_an_experiment_that_azure_makes_with_its_first_run(signed_in: Kernel, loopback: Loopback):
    gone = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such experiment"}
    loopback.control.fail("mlflow/experiments/get\\?experiment_id=0", 404, body=gone)
    signed_in.run("mlflow.set_tracking_uri(None)")
    assert "  Experiment      Default\n" in card(signed_in, VISION.arm_id)["text/plain"]
