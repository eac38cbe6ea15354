"""Files of a run: logged from memory and from disk, listed, downloaded, loaded."""

from __future__ import annotations

from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts, list_artifacts, load_dict, load_image, load_text

from client_calls.registry import call
from client_calls.workplace import Workplace


@call("artifacts: log_text, load_text")
def log_text(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_text("Grüße, 世界\n", "notes/greeting.txt")
    assert load_text(_uri(run, "notes/greeting.txt")) == "Grüße, 世界\n"


@call("artifacts: log_dict as JSON, load_dict")
def log_json(_: Workplace) -> None:
    document = {"lr": 0.1, "layers": [64, 32], "name": "ä"}
    with mlflow.start_run() as run:
        mlflow.log_dict(document, "config.json")
    assert load_dict(_uri(run, "config.json")) == document


@call("artifacts: log_dict as YAML")
def log_yaml(_: Workplace) -> None:
    import yaml

    with mlflow.start_run() as run:
        mlflow.log_dict({"lr": 0.1, "layers": [64, 32]}, "config.yaml")
    assert yaml.safe_load(load_text(_uri(run, "config.yaml"))) == {"lr": 0.1, "layers": [64, 32]}


@call("artifacts: log_figure of matplotlib")
def log_figure(_: Workplace) -> None:
    figure = _figure()
    with mlflow.start_run() as run:
        mlflow.log_figure(figure, "curves/loss.png")
    assert load_image(_uri(run, "curves/loss.png")).size == (200, 100)


@call("artifacts: log_figure of plotly")
def log_plotly(_: Workplace) -> None:
    import plotly.graph_objects as go

    with mlflow.start_run() as run:
        mlflow.log_figure(go.Figure(go.Scatter(x=[0, 1], y=[2.5, 1.5])), "loss.html")
    assert "plotly" in load_text(_uri(run, "loss.html"))


@call("artifacts: log_image of an array")
def log_array(_: Workplace) -> None:
    import numpy as np

    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    with mlflow.start_run() as run:
        mlflow.log_image(pixels, "pixels.png")
    assert (np.asarray(load_image(_uri(run, "pixels.png"))) == pixels).all()


@call("artifacts: log_image of Pillow")
def log_picture(_: Workplace) -> None:
    from PIL import Image

    with mlflow.start_run() as run:
        mlflow.log_image(Image.new("RGB", (8, 4), "red"), "red.png")
    assert load_image(_uri(run, "red.png")).getpixel((7, 3)) == (255, 0, 0)


@call("artifacts: log_image with a key and steps")
def log_images(_: Workplace) -> None:
    import numpy as np

    with mlflow.start_run() as run:
        for step in range(2):
            mlflow.log_image(np.full((4, 4, 3), step), key="sample", step=step, synchronous=True)
    names = _names(run, "images")
    steps = [name.split("+")[2] for name in names if name.endswith(".png")]
    assert sorted(steps) == ["0", "1"]


@call("artifacts: log_table, load_table")
def log_table(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_table({"x": [1, 2], "y": ["a", "b"]}, "answers.json")
        frame = mlflow.load_table("answers.json", run_ids=[run.info.run_id])
    assert frame[["x", "y"]].values.tolist() == [[1, "a"], [2, "b"]]


@call("artifacts: log_artifact")
def log_artifact(here: Workplace) -> None:
    path = here.file("data.bin", bytes(range(256)) * 64)
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(path))
    assert _downloaded(run, "data.bin").read_bytes() == path.read_bytes()


@call("artifacts: log_artifact into a folder")
def log_into_folder(here: Workplace) -> None:
    path = here.file("notes.txt", "noted")
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(path), "deep/folder")
    assert _names(run, "deep/folder") == ["deep/folder/notes.txt"]
    assert load_text(_uri(run, "deep/folder/notes.txt")) == "noted"


@call("artifacts: log_artifact of an empty file")
def log_empty(here: Workplace) -> None:
    path = here.file("empty.txt", "")
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(path))
    assert _downloaded(run, "empty.txt").read_bytes() == b""


@call("artifacts: log_artifact named with spaces and umlauts")
def log_odd_name(here: Workplace) -> None:
    path = here.file("größe 100%.txt", "odd")
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(path))
    assert _names(run) == ["größe 100%.txt"]
    assert _downloaded(run, "größe 100%.txt").read_text() == "odd"


@call("artifacts: log_artifacts of a folder")
def log_folder(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)), "data")
    got = _downloaded(run, "data")
    assert _tree(got) == {"a.txt": "1", "sub/b.txt": "2", "sub/deep/c.txt": "3"}


@call("artifacts: log_artifacts to the root")
def log_folder_to_root(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)))
    assert _names(run) == ["a.txt", "sub"]


@call("artifacts: list_artifacts of the root")
def list_root(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)), "data")
        mlflow.log_text("x", "top.txt")
    entries = {entry.path: entry.is_dir for entry in MlflowClient().list_artifacts(run.info.run_id)}
    assert entries == {"data": True, "top.txt": False}


@call("artifacts: list_artifacts of a folder")
def list_folder(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)), "data")
    entries = MlflowClient().list_artifacts(run.info.run_id, "data")
    assert {entry.path: entry.is_dir for entry in entries} == {
        "data/a.txt": False,
        "data/sub": True,
    }


@call("artifacts: list_artifacts of a folder by its URI")
def list_folder_by_uri(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)), "data")
    names = [entry.path for entry in list_artifacts(_uri(run, "data"))]
    assert sorted(name.rpartition("/")[2] for name in names) == ["a.txt", "sub"]


@call("artifacts: list_artifacts beside a longer name")
def list_beside_longer_name(_: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_text("x", "data/a.txt")
        mlflow.log_text("x", "data-2/b.txt")
    assert _names(run, "data") == ["data/a.txt"]
    assert _names(run) == ["data", "data-2"]


@call("artifacts: download_artifacts of all to a folder")
def download_all(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)))
    target = here.folder / "got"
    download_artifacts(run_id=run.info.run_id, dst_path=str(target))
    assert _tree(target) == {"a.txt": "1", "sub/b.txt": "2", "sub/deep/c.txt": "3"}


@call("artifacts: download_artifacts of a folder by its URI")
def download_by_uri(here: Workplace) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(_folder(here)), "data")
    got = Path(download_artifacts(_uri(run, "data/sub"), dst_path=str(here.folder / "got")))
    assert _tree(got) == {"b.txt": "2", "deep/c.txt": "3"}


@call("artifacts: get_artifact_uri and downloading from it")
def artifact_uri(_: Workplace) -> None:
    with mlflow.start_run():
        mlflow.log_text("by its own address", "a.txt")
        uri = mlflow.get_artifact_uri("a.txt")
    assert load_text(uri) == "by its own address"


@call("artifacts: of another run, MlflowClient.log_artifact")
def log_to_other_run(here: Workplace) -> None:
    path = here.file("late.txt", "late")
    with mlflow.start_run() as run:
        pass
    MlflowClient().log_artifact(run.info.run_id, str(path))
    MlflowClient().log_text(run.info.run_id, "later", "later.txt")
    assert _names(run) == ["late.txt", "later.txt"]


def _figure():
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1), dpi=100)
    figure.subplots().plot([0, 1], [1, 0])
    return figure


def _folder(here: Workplace) -> Path:
    for path, content in {"a.txt": "1", "sub/b.txt": "2", "sub/deep/c.txt": "3"}.items():
        here.file(f"folder/{path}", content)
    return here.folder / "folder"


def _tree(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def _uri(run: mlflow.entities.Run, path: str) -> str:
    return f"runs:/{run.info.run_id}/{path}"


def _names(run: mlflow.entities.Run, path: str | None = None) -> list[str]:
    return sorted(entry.path for entry in MlflowClient().list_artifacts(run.info.run_id, path))


def _downloaded(run: mlflow.entities.Run, path: str) -> Path:
    return Path(MlflowClient().download_artifacts(run.info.run_id, path))
