"""``python3 demo_notebooks``: install amlflow into an environment of its own, and show it."""

import sys

import own_venv

sys.exit(
    own_venv.run([own_venv.python_with("demo"), "-m", "amlflow_jupyter", "demo", *sys.argv[1:]])
)
