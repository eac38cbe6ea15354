"""What a cell is and shows, kept as files beside its run.

One file a part: each is a :class:`~amlflow_jupyter.capture.recorder.Recorder`, and knows neither
the others nor where runs are stored.
"""

from amlflow_jupyter.capture.assigned import assigned_names, plain_scalars
from amlflow_jupyter.capture.capture import Capture, Captured
from amlflow_jupyter.capture.limits import Limits
from amlflow_jupyter.capture.parts import Parts
from amlflow_jupyter.capture.secrets import secret_names
from amlflow_jupyter.capture.sources import SourceInfo, find

__all__ = [
    "Capture",
    "Captured",
    "Limits",
    "Parts",
    "SourceInfo",
    "assigned_names",
    "find",
    "plain_scalars",
    "secret_names",
]
