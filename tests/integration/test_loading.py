"""``%load_ext``, ``%reload_ext`` and ``%unload_ext``: once, and without a trace."""

from __future__ import annotations

import pytest
from kernel import Kernel

STATE = """
import os, sys
def state():
    ip = get_ipython()
    hooks = [ip.input_transformers_cleanup, ip.input_transformers_post, ip.ast_transformers]
    hooks += [ip.events.callbacks[name] for name in sorted(ip.events.callbacks)]
    mlflow_variables = sorted(name for name in os.environ if name.startswith('MLFLOW'))
    magics = {kind: sorted(names) for kind, names in ip.magics_manager.magics.items()}
    ours = [c for c in ip.configurables if type(c).__module__.startswith('amlflow')]
    publish = ip.display_pub.publish.__qualname__
    return [[len(h) for h in hooks], magics, len(ours), mlflow_variables, publish]
def changes(before):
    return [(old, new) for old, new in zip(before, state()) if old != new]
"""


@pytest.mark.parametrize("name", ["amlflow", "amlflow_jupyter"])
def test_unloading_leaves_nothing_behind(fresh: Kernel, name: str):
    fresh.run("import mlflow\n" + STATE + "before = state()\nuri = mlflow.get_tracking_uri()")
    assert fresh.run(f"%load_ext {name}\n%aml_connect sqlite:///other.db --experiment e").ok
    assert fresh.run("%%track inside\nmlflow.log_metric('m', 1)").ok
    assert fresh.run("changes(before)").text().strip() != "[]"
    assert list((fresh.folder / ".home" / "kernels").rglob("*.json")) != []
    assert fresh.run(f"%unload_ext {name}").ok
    assert fresh.run("changes(before)").text().strip() == "[]"
    assert fresh.run("mlflow.get_tracking_uri() == uri").text().strip() == "True"
    assert list((fresh.folder / ".home" / "kernels").rglob("*.json")) == []
    assert "not found" in fresh.run("%%track\nx = 1").text()


def test_loading_twice_under_both_names_registers_once(fresh: Kernel):
    fresh.run(STATE + "get_ipython().run_line_magic('load_ext', 'amlflow')\nonce = state()")
    fresh.run("%load_ext amlflow_jupyter\n%load_ext amlflow\n%reload_ext amlflow")
    assert fresh.run("changes(once)").text().strip() == "[]"
    assert fresh.run("%%track single --quiet\nx = 1").ok
    assert len(fresh.runs()) == 1


def test_the_kernel_is_announced_to_the_sidebar_until_it_ends(fresh: Kernel):
    fresh.run("%load_ext amlflow\n%aml_connect local")
    folder = fresh.folder / ".home" / "kernels"
    assert len(list(folder.rglob("*.json"))) == 1
    fresh.run("exit()")
    fresh.manager.shutdown_kernel(now=False)
    assert list(folder.rglob("*.json")) == []
