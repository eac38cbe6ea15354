"""What the extension does to the process it is loaded into: as little as can be."""

import subprocess
import sys


def _run(program):
    return subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()


def test_server_starts_without_mlflow():
    heavy = "{'mlflow', 'pandas', 'numpy', 'IPython', 'sqlalchemy'}"
    program = f"import sys, amlflow_jupyter.server.app; print(*({heavy} & set(sys.modules)))"
    assert _run(program) == []


def test_kernels_do_not_inherit_the_servers_impatience():
    program = """
import os
from amlflow_jupyter.server import stores
before = set(os.environ)
stores.prepare()
print(*(name for name in os.environ if name not in before and not name.startswith("_MLFLOW")))
"""
    assert _run(program) == []
