"""How many steps a run will have, as the magic and the function take it."""

import pytest

TOLD = """from amlflow_jupyter.session.session import current
print(current().open_run()._state().total)"""


def test_the_view_is_told_how_many_steps_there_will_be(connected):
    ran = connected.run(f"%%track counted --quiet --total 20\n{TOLD}")
    assert ran.stdout.strip() == "20"
    block = f"import amlflow\nwith amlflow.track(total=7, quiet=True):\n    exec({TOLD!r})"
    assert connected.run(block).stdout.strip() == "7"


@pytest.mark.parametrize("total", [0, -3])
def test_no_run_has_less_than_one_step(connected, total):
    ran = connected.run(f"%%track --quiet --total {total}\npass")
    assert not ran.ok
    assert f"cannot have {total} steps: give 1 or more" in ran.error + ran.stderr
