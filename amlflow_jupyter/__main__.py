"""``python -m amlflow_jupyter``: the same as ``amlflow``."""

import sys

from amlflow_jupyter.cli import main

sys.exit(main())
