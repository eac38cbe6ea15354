"""The magics as IPython registers them, with the defaults that ``%config`` sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from traitlets import Bool, Enum, Unicode

from amlflow_jupyter.magics import (
    compute,
    connect,
    datastores,
    delivery,
    doctor,
    experiments,
    runs,
    track,
    workspace,
)
from amlflow_jupyter.magics.cells import TrackedCells

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from amlflow_jupyter.session.options import TrackOptions


@magics_class
class AmlflowMagics(Magics):
    """Defaults of ``%%track``; a flag on the line goes before them."""

    experiment = Unicode("", help="Experiment of runs; empty takes the connection's.").tag(
        config=True
    )
    params = Unicode(
        "", help="Variables to record as params: names with commas, or all; empty records none."
    ).tag(config=True)
    rerun = Enum(
        ["new", "replace"], "new", help="What becomes of the earlier run of the same cell."
    ).tag(config=True)
    autolog = Unicode("", help="MLflow flavor to log automatically, or all; empty is none.").tag(
        config=True
    )
    capture = Unicode("all", help="Parts to capture: names with commas, all, or none.").tag(
        config=True
    )
    system_metrics = Bool(False, help="Record CPU, memory and GPU.").tag(config=True)
    quiet = Bool(False, help="Show no view of the run.").tag(config=True)

    aml_compute = line_magic(compute.aml_compute)
    aml_connect = line_magic(connect.aml_connect)
    aml_datastores = line_magic(datastores.aml_datastores)
    aml_doctor = line_magic(doctor.aml_doctor)
    aml_experiments = line_magic(experiments.aml_experiments)
    aml_runs = line_magic(runs.aml_runs)
    aml_status = line_magic(delivery.aml_status)
    aml_sync = line_magic(delivery.aml_sync)
    aml_workspace = line_magic(workspace.aml_workspace)
    track = cell_magic(track.track)

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.cells = TrackedCells(shell, self.track_options)

    def track_options(self, line: str) -> TrackOptions:
        """Turn the text after ``%%track`` into options."""
        return track.options_from(self, line)
