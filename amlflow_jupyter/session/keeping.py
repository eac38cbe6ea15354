"""What the workspace does not take is kept on this computer."""

from __future__ import annotations

import shutil
from pathlib import Path

from amlflow_jupyter.settings import data_folder, private_folder
from amlflow_jupyter.workspaces import local
from amlflow_jupyter.workspaces.workspace import Workspace


def store() -> Workspace:
    """Return the store for runs that the workspace does not take."""
    return local.describe("sqlite:///mlflow.db", private_folder(_folder()))


def keep_artifacts(artifacts: Path, run_id: str) -> Path:
    """Copy a run's artifacts to where they stay; return that folder."""
    kept = private_folder(_folder() / "artifacts") / run_id
    shutil.copytree(artifacts, kept, dirs_exist_ok=True)
    return kept


def _folder() -> Path:
    return data_folder() / "kept"
