"""What keeps amlflow from working here, and the command that mends it.

Nothing heavy is imported when this package is: it must work where nothing else does.
"""

from amlflow_jupyter.doctor.examination import Progress, examine
from amlflow_jupyter.doctor.finding import Finding, Level
from amlflow_jupyter.doctor.report import Report
from amlflow_jupyter.doctor.subject import Subject

__all__ = ["Finding", "Level", "Progress", "Report", "Subject", "examine"]
