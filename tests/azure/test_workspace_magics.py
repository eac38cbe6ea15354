"""The magics of a workspace's resources, in a real kernel that is connected to the loopback one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from loopback import Loopback

sys.path.append(str(Path(__file__).resolve().parents[1] / "integration"))

from kernel import Kernel, Ran, kernel

if TYPE_CHECKING:  # every folder has a conftest: at run time the name may be another's
    from conftest import RunPython

SECRETS = ("AccountKey", "bG9vcGJhY2sgd29ya3NwYWNl", "loopback-client-secret", "eyJ", "sig=")


@pytest.fixture(scope="module")
def notebook(loopback: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that is connected to the loopback workspace."""
    folder = tmp_path_factory.mktemp("notebook")
    loopback.write_config(folder)
    env = loopback.env(folder / "home") | loopback.service_principal_env()
    with kernel(folder, **env) as started:
        assert started.run("%load_ext amlflow\n%aml_connect\nimport amlflow, mlflow").ok
        yield started


@pytest.fixture(autouse=True)
def _is_connected(notebook: Kernel) -> None:
    """Each test begins in the same workspace."""
    ran = notebook.run("import amlflow; print(amlflow.workspace().name)")
    if ran.stdout != "loopback\n":
        assert notebook.run("%aml_workspace use loopback").ok


def shown(kernel: Kernel, line: str, answer: str | None = None) -> dict[str, str]:
    """What a line shows last; nothing but displays may come of it, and no secret."""
    ran = done(kernel, line, answer)
    assert ran.stdout + ran.stderr == ""
    return dict(ran.outputs[-1]["data"])


def done(kernel: Kernel, line: str, answer: str | None = None) -> Ran:
    ran = kernel.run(line, answer=answer)
    assert ran.ok, ran.text()
    everything = json.dumps(ran.outputs)
    assert not [secret for secret in SECRETS if secret in everything]
    return ran


def refusal(kernel: Kernel, line: str, answer: str | None = None) -> str:
    """The sentence that a line is refused with: no traceback stands there."""
    ran = kernel.run(line, answer=answer)
    assert not ran.ok
    assert ran.tracebacks == 0
    assert ran.stderr.startswith("UsageError: ")
    return ran.stderr.removeprefix("UsageError: ").strip()


def test_the_details_of_the_workspace(notebook: Kernel, loopback: Loopback):
    card = shown(notebook, "%aml_workspace")
    for text in (
        loopback.subscription_id,
        loopback.resource_group,
        "loopbackstorage",
        "westeurope",
    ):
        assert text in card["text/plain"]
        assert text in card["text/html"]
    assert "https://ml.azure.com/?wsid=" in card["text/plain"]
    assert 'href="https://ml.azure.com/?wsid=' in card["text/html"]


def test_the_details_as_json_and_as_data(notebook: Kernel, loopback: Loopback):
    details = json.loads(done(notebook, "%aml_workspace --json").stdout)
    assert details["name"] == loopback.workspace_name
    assert details["identity"] == "SystemAssigned"
    assert details["mlflow_tracking_uri"] == loopback.tracking_uri
    frame = done(notebook, "frame = %aml_workspace --df\nprint(frame.region[0])")
    assert frame.stdout == "westeurope\n"


def test_workspaces_are_listed_and_changed(notebook: Kernel):
    listed = shown(notebook, "%aml_workspace list")["text/plain"]
    assert "● loopback" in listed
    assert "  vision " in listed
    assert (
        "Connected to Azure ML workspace vision"
        in shown(notebook, "%aml_workspace use vision")["text/plain"]
    )
    assert done(notebook, "print(amlflow.workspace().name)").stdout == "vision\n"
    names = json.loads(done(notebook, "%aml_workspace list --json").stdout)
    assert [one["name"] for one in names if one["connected"]] == ["vision"]


def test_changing_keeps_the_identity(notebook: Kernel, loopback: Loopback):
    before = len(loopback.control.requests("/oauth2/v2.0/token"))
    shown(notebook, "%aml_workspace use course --resource-group teaching")
    assert len(loopback.control.requests("/oauth2/v2.0/token")) == before


def test_a_workspace_that_nobody_sees(notebook: Kernel):
    assert "sees no Azure ML workspace with workspace 'nowhere'" in refusal(
        notebook, "%aml_workspace use nowhere"
    )


def test_a_workspace_is_made_and_deleted(notebook: Kernel):
    made = done(
        notebook, "%aml_workspace create brief-one --resource-group fresh --region westeurope"
    )
    assert "paid by what it holds" in made.text()
    assert "The workspace brief-one is there" in made.text()
    assert made.stdout + made.stderr == ""
    assert "already exists" in refusal(
        notebook, "%aml_workspace create brief-one --resource-group fresh --region westeurope"
    )
    assert "was not typed: nothing was deleted" in refusal(
        notebook, "%aml_workspace delete brief-one", answer="brief"
    )
    assert "brief-one" in shown(notebook, "%aml_workspace list")["text/plain"]
    assert "is deleted" in done(notebook, "%aml_workspace delete brief-one", "brief-one").text()
    assert "brief-one" not in shown(notebook, "%aml_workspace list")["text/plain"]


def test_deleting_leaves_the_storage_account(notebook: Kernel, loopback: Loopback):
    begun = len(loopback.control.requests("DELETE"))
    line = "%aml_workspace create brief-two --resource-group fresh --region westeurope"
    done(notebook, line)
    done(notebook, "%aml_workspace delete brief-two --yes")
    asked = loopback.control.requests("DELETE")[begun:]
    assert [one["path"].partition("?")[0].rpartition("/")[2] for one in asked] == ["brief-two"]


def test_deleting_with_all_resources_says_what_became_of_each(notebook: Kernel, loopback: Loopback):
    line = "%aml_workspace create brief-three --resource-group fresh --region westeurope"
    done(notebook, line)
    loopback.control.fail("DELETE .*/vaults/", status=403)
    loopback.control.fail("DELETE .*/components/", status=503)
    told = done(notebook, "%aml_workspace delete brief-three --yes --all-resources").text()
    assert "The storage account loopbackstorage is deleted, too." in told
    assert "The key vault is still there." in told
    assert "is not allowed to" in told
    assert "The Application Insights is still there." in told
    assert "Azure failed by itself (status 503" in told


def test_a_region_that_there_is_not(notebook: Kernel):
    line = "%aml_workspace create brief --resource-group g --region mars"
    assert "Location not available" in refusal(notebook, line)


def test_datastores_are_listed_without_their_keys(notebook: Kernel):
    table = shown(notebook, "%aml_datastores")
    assert "● workspaceblobstore" in table["text/plain"]
    assert "account key" in table["text/plain"]
    stores = json.loads(done(notebook, "%aml_datastores --json").stdout)
    assert [one["name"] for one in stores if one["default"]] == ["workspaceblobstore"]
    assert {one["kind"] for one in stores} == {"AzureBlob", "AzureFile"}


def test_another_datastore_becomes_the_default_one(notebook: Kernel):
    told = shown(notebook, "%aml_datastores default workspaceartifactstore")["text/plain"]
    assert told == "The default datastore is workspaceartifactstore"
    shown(notebook, "%aml_datastores default workspaceblobstore")
    assert "There is no datastore 'nix'" in refusal(notebook, "%aml_datastores default nix")


def test_files_go_up_and_come_down(notebook: Kernel):
    folder = notebook.folder / "iris"
    (folder / "raw").mkdir(parents=True)
    (folder / "big.bin").write_bytes(bytes(range(256)) * 40_000)  # more than two pieces
    (folder / "raw" / "a b.csv").write_bytes("ä,1\n".encode())
    (folder / "empty").write_bytes(b"")
    up = shown(notebook, "%aml_datastores upload iris --to data/iris")
    assert up["text/plain"].startswith("3 files, 10 MB, uploaded")
    assert "workspaceblobstore/data/iris" in up["text/plain"]
    again = shown(notebook, "%aml_datastores upload iris --to data/iris")["text/plain"]
    assert "0 files" in again
    assert "Already there, and left alone: 3 files" in again
    down = shown(notebook, "%aml_datastores download data/iris --to back")["text/plain"]
    assert down.startswith("3 files, 10 MB, downloaded")
    for file in ("big.bin", "raw/a b.csv", "empty"):
        assert (notebook.folder / "back" / file).read_bytes() == (folder / file).read_bytes()


def test_a_file_is_overwritten_only_where_it_is_asked_for(notebook: Kernel):
    (notebook.folder / "one.txt").write_text("first")
    shown(notebook, "%aml_datastores upload one.txt")
    (notebook.folder / "one.txt").write_text("second")
    shown(notebook, "%aml_datastores upload one.txt")
    shown(notebook, "%aml_datastores download one.txt --to first")
    assert (notebook.folder / "first" / "one.txt").read_text() == "first"
    shown(notebook, "%aml_datastores upload one.txt --overwrite")
    shown(notebook, "%aml_datastores download one.txt --to first --overwrite")
    assert (notebook.folder / "first" / "one.txt").read_text() == "second"


def test_remote_names_write_nothing_outside(notebook: Kernel):
    make = """
        store = amlflow.workspace().get_default_datastore()
        blobs = store.blob_service.get_container_client(store.container_name)
        for name in ("hostile//etc/evil", "hostile/..\\\\..\\\\evil", "hostile/good"):
            _ = blobs.upload_blob(name, b"evil", overwrite=True)
    """
    assert notebook.run("if True:" + make).ok
    told = shown(notebook, "%aml_datastores download hostile --to trap/inner")["text/plain"]
    assert told.startswith("1 file, 4 B, downloaded")
    assert "do not fit in the folder" in told
    files = {
        p.relative_to(notebook.folder / "trap").as_posix()
        for p in (notebook.folder / "trap").rglob("*")
        if p.is_file()
    }
    assert files == {"inner/good"}


def test_an_upload_is_interrupted_and_goes_on_later(notebook: Kernel):
    many = notebook.folder / "many"
    many.mkdir()
    for number in range(600):
        (many / f"{number}.txt").write_text(str(number))
    stopped = interrupted(notebook, "%aml_datastores upload many", "Uploading: ")
    assert stopped.startswith("UsageError: Stopped. Run the line again to go on")
    told = shown(notebook, "%aml_datastores upload many")["text/plain"]
    assert "Already there, and left alone: " in told
    assert shown(notebook, "%aml_datastores download many")["text/plain"].startswith("0 files")
    down = shown(notebook, "%aml_datastores download many --to again")["text/plain"]
    assert down.startswith("600 files")


def test_a_datastore_with_a_wrong_key_says_why_nothing_is_copied(notebook: Kernel):
    register = """
from azureml.core import Datastore
store = amlflow.workspace().get_default_datastore()
_ = Datastore.register_azure_blob_container(
    amlflow.workspace(), "stale", store.container_name, store.account_name,
    account_key="AAAA", endpoint=store.endpoint, skip_validation=True,
)
"""
    assert notebook.run(register).ok
    (notebook.folder / "denied.txt").write_text("x")
    told = refusal(notebook, "%aml_datastores upload denied.txt --datastore stale")
    assert "denied.txt" in told
    assert "not allowed" in told
    assert notebook.run("Datastore.get(amlflow.workspace(), 'stale').unregister()").ok


def test_what_is_not_there(notebook: Kernel):
    assert "There is no file or folder 'no/such'" in refusal(
        notebook, "%aml_datastores download no/such"
    )
    assert "There is no file or folder 'missing' to upload" in refusal(
        notebook, "%aml_datastores upload missing"
    )
    assert "is no path in a datastore" in refusal(notebook, "%aml_datastores download ../up")


def test_a_cluster_is_made_listed_and_deleted(notebook: Kernel):
    made = shown(
        notebook, "%aml_compute create cpu --size standard_ds3_v2 --max-nodes 3 --idle 10m"
    )
    assert made["text/plain"].startswith("The cluster cpu")
    table = shown(notebook, "%aml_compute")["text/plain"]
    for fact in ("cluster", "Standard_DS3_v2", "14 GB", "10 min", "dedicated"):
        assert fact in table
    assert "⚠" not in table
    assert "already, a cluster" in refusal(
        notebook, "%aml_compute create cpu --size Standard_DS3_v2"
    )
    assert "nothing was deleted" in refusal(notebook, "%aml_compute delete cpu", answer="no")
    assert "cpu is gone" in done(notebook, "%aml_compute delete cpu", answer="cpu").text()
    assert json.loads(done(notebook, "%aml_compute --json").stdout) == []


def test_an_instance_starts_and_stops(notebook: Kernel):
    made = shown(notebook, "%aml_compute create ci-one --size Standard_DS11_v2 --instance")
    assert "⚠ ci-one runs until it is stopped: it costs money now." in made["text/plain"]
    assert "Stopped" in shown(notebook, "%aml_compute stop ci-one")["text/plain"]
    assert "⚠" not in shown(notebook, "%aml_compute")["text/html"]
    assert "Running" in shown(notebook, "%aml_compute start ci-one")["text/plain"]
    done(notebook, "%aml_compute delete ci-one --yes")


def test_a_cluster_that_keeps_nodes_is_marked(notebook: Kernel):
    line = "%aml_compute create kept --size Standard_NC6s_v3 --min-nodes 1 --low-priority --no-wait"
    assert "Azure is making the cluster kept" in shown(notebook, line)["text/plain"]
    table = shown(notebook, "%aml_compute")["text/plain"]
    assert "⚠ kept keeps 1 node also while idle: it costs money now." in table
    assert "low priority" in table
    done(notebook, "%aml_compute delete kept --yes")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("create c --size Standard_NC6", "has no size 'Standard_NC6': it has Standard_NC6s_v3"),
        ("create c --size x --instance --max-nodes 2", "--instance makes one machine"),
        ("create c --size x --min-nodes 3 --max-nodes 2", "--max-nodes 2 is less than"),
        ("create c --size x --idle soon", "write seconds, or a number with s, m or h"),
        ("create c", "the following arguments are required: --size"),
        ("start nix", "There is no compute target 'nix'"),
        ("grow c", "invalid choice: 'grow'"),
    ],
)
def test_what_compute_cannot_be(notebook: Kernel, line: str, sentence: str):
    assert sentence in refusal(notebook, f"%aml_compute {line}")


def test_an_interrupt_stops_the_waiting_only(notebook: Kernel):
    line = "%aml_compute create patient --size Standard_DS3_v2"
    stopped = interrupted(notebook, line, "Azure is making the cluster patient: ")
    assert "Stopped waiting: Azure goes on making the cluster patient." in stopped
    assert "patient" in shown(notebook, "%aml_compute")["text/plain"]
    done(notebook, "%aml_compute delete patient --yes")


def test_where_nobody_can_be_asked_nothing_is_deleted(notebook: Kernel):
    shown(notebook, "%aml_compute create asked --size Standard_DS3_v2")
    ran = notebook.run("get_ipython().kernel._allow_stdin = False\n%aml_compute delete asked")
    assert "Nobody can be asked here: add --yes" in ran.stderr
    done(notebook, "%aml_compute delete asked --yes")


def test_who_may_not_is_told_so(notebook: Kernel, loopback: Loopback):
    loopback.control.fail("GET .*/computes", status=403)
    assert "this identity is not allowed to" in refusal(notebook, "%aml_compute")
    loopback.control.clear()
    loopback.control.fail("GET .*/datastores", status=503)
    assert "Azure failed by itself (status 503" in refusal(notebook, "%aml_datastores")


def test_a_rejected_token_is_renewed(notebook: Kernel, loopback: Loopback):
    loopback.control.revoke_tokens()
    shown(notebook, "%aml_compute create renewed --size Standard_DS3_v2")
    # What is rejected again at once is not renewed again: this takes longer than that pause.
    done(notebook, "%aml_compute delete renewed --yes")
    loopback.control.revoke_tokens()
    shown(notebook, "%aml_datastores")


def test_experiments_are_linked_to_the_studio(notebook: Kernel):
    assert notebook.run("_ = mlflow.set_experiment('linked')").ok
    table = shown(notebook, "%aml_experiments")
    assert "● linked" in table["text/plain"]
    assert 'href="https://ml.azure.com/experiments/id/' in table["text/html"]


def test_runs_of_sdk_v1_show_what_mlflow_does_not(notebook: Kernel):
    log = """
from azureml.core import Experiment
run = Experiment(amlflow.workspace(), "classic").start_logging(display_name="of-sdk-v1")
run.log("loss", 0.25)
run.log_row("point", x=1, y=2)
run.log_row("point", x=3, y=4)
run.log_table("table", {"a": [1, 2, 3]})
run.log("note", "a text")
run.complete()
_ = mlflow.set_experiment("classic")
with mlflow.start_run(run_name="of-mlflow"):
    mlflow.log_metric("loss", 0.125)
    mlflow.log_param("lr", 0.1)
"""
    assert notebook.run(log).ok
    table = shown(notebook, "%aml_runs")["text/plain"]
    heads, newest, oldest = table.splitlines()[1:4]
    assert "point (SDK v1)" in heads
    assert "of-mlflow" in newest
    assert "0.125" in newest
    for fact in ("of-sdk-v1", "0.25", "table of 2 rows", "table of 3 rows", "a text"):
        assert fact in oldest
    runs = json.loads(done(notebook, "%aml_runs --json").stdout)
    assert runs[1]["sdk_metrics"]["point"] == {"x": [1, 3], "y": [2, 4]}
    assert runs[1]["url"].startswith(f"https://ml.azure.com/runs/{runs[1]['run_id']}?wsid=")
    frame = done(notebook, "frame = %aml_runs --df\nprint(frame['sdk_metrics.table'][1])")
    assert frame.stdout == "{'a': [1, 2, 3]}\n"
    only = shown(notebook, "%aml_runs metrics.loss < 0.2 and params.lr = '0.1'")["text/plain"]
    assert "of-mlflow" in only
    assert "of-sdk-v1" not in only


def interrupted(kernel: Kernel, line: str, text: str) -> str:
    """What a line says on its way out that is interrupted once it has shown ``text``."""
    message = kernel.send(line)
    while text not in json.dumps(kernel.client.get_iopub_msg(timeout=60)["content"]):
        pass
    kernel.manager.interrupt_kernel()
    ran = kernel.wait(message)
    assert not ran.ok
    assert ran.tracebacks == 0
    return ran.stderr


TERMINAL = """
    from IPython.terminal.interactiveshell import TerminalInteractiveShell

    shell = TerminalInteractiveShell.instance()
    shell.run_cell("%load_ext amlflow\\n%aml_connect config.json")
    for line in ("%aml_workspace list", "%aml_datastores", "%aml_compute delete nix"):
        shell.run_cell(line)
"""


def test_in_a_terminal_there_is_text(run_python: RunPython):
    done = run_python(TERMINAL)
    assert "● loopback" in done.out
    assert "● workspaceblobstore" in done.out
    assert "There is no compute target 'nix'" in done.out + done.err
    for noise in ("<div", "<table", "Traceback", "…"):
        assert noise not in done.out + done.err


NBCONVERT = """
    import nbformat
    from nbclient import NotebookClient

    lines = ["%load_ext amlflow\\n%aml_connect", "%aml_workspace", "%aml_compute delete nix"]
    lines += ["%aml_compute create nb --size Standard_DS3_v2", "%aml_compute delete nb"]
    lines += ["%aml_compute delete nb --yes"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line) for line in lines])
    NotebookClient(book, kernel_name="python3", allow_errors=True).execute()
    print(nbformat.writes(book))
"""


def test_a_notebook_that_is_run_as_a_whole_shows_results_and_asks_nobody(run_python: RunPython):
    cells = json.loads(run_python(NBCONVERT).out)["cells"]
    data = cells[1]["outputs"][0]["data"]
    assert "Azure ML workspace loopback" in "".join(data["text/plain"])
    assert "loopbackstorage" in "".join(data["text/html"])
    texts = ["".join(out.get("text", "")) for cell in cells for out in cell["outputs"]]
    assert any("Nobody can be asked here: add --yes if nb is to be deleted." in t for t in texts)
    assert "nb is gone" in "".join(cells[-1]["outputs"][-1]["data"]["text/plain"])
