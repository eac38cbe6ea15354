"""What the workspace does not take is kept on this computer."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from amlflow_jupyter.settings import data_folder, private_folder
from amlflow_jupyter.workspaces import local
from amlflow_jupyter.workspaces.workspace import Workspace


def store(experiment: str | None) -> Workspace:
    """Return the store for runs that the workspace does not take."""
    folder = private_folder(data_folder() / "kept")
    return replace(local.describe("sqlite:///mlflow.db", folder), experiment=experiment)


def keep(artifacts: Path, run_id: str) -> Path:
    """Move a run's artifacts to where they stay; return that folder."""
    kept = private_folder(data_folder() / "kept" / "artifacts") / run_id
    shutil.copytree(artifacts, kept, dirs_exist_ok=True)
    return kept
