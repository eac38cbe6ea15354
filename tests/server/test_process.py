"""What the extension does to the process it is loaded into: as little as can be."""

import os
import subprocess
import sys


def _run(program, **variables):
    command, environment = [sys.executable, "-c", program], os.environ | variables
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout.split()


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


def test_what_the_user_has_set_wins():
    program = """
from amlflow_jupyter.server import stores
stores.prepare()
from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_TIMEOUT
print(MLFLOW_HTTP_REQUEST_TIMEOUT.get())
"""
    assert _run(program, MLFLOW_HTTP_REQUEST_TIMEOUT="77") == ["77"]
