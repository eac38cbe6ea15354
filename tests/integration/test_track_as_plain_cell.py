"""A cell under ``%%track`` behaves as the same cell without it: the table of behaviours."""

from __future__ import annotations

import re

import pytest
from kernel import Kernel, Ran, plain

BODIES = {
    "print": "print('a')\nprint('b')",
    "stderr": "import sys\nprint('a', file=sys.stderr)\nsys.stderr.write('b')",
    "last expression": "1 + 1",
    "last expression hidden": "1 + 1;",
    "assignment shows nothing": "x = 3",
    "await": "import asyncio\nawait asyncio.sleep(0, 'waited')",
    "async for": "async def g():\n    yield 1\nasync for v in g():\n    print(v)",
    "async with": "import contextlib as c\nasync with c.AsyncExitStack() as s:\n    print('in')",
    "display": "display({'text/plain': 'shown'}, raw=True)",
    "html": "from IPython.display import HTML\nHTML('<b>x</b>')",
    "line magic": "%precision 3\n3.14159",
    "line magic with result": "y = %env HOME\nlen(y) > 0",
    "shell": "!echo from shell",
    "shell assignment": "lines = !echo a; echo b\nlist(lines)",
    "help": "len?",
    "automagic": "cd .",
    "%%time below": "%%time\nprint('timed')",
    "%%capture below": "%%capture out\nprint('hidden')",
    "%%bash below": "%%bash\necho from bash",
    "%time": "%time 1 + 1",
    "string holding the magic": "s = '''\n%%track inner\n'''\ns",
    "comments first": "\n# a comment\n\n'value'",
    "indented": "    a = 1\n    a + 1",
    "future import": "from __future__ import annotations\n'future'",
    "docstring": "'''a docstring'''\nx = 1",
    "function and class": "def f():\n    return 1\nclass A:\n    x = f()\nA.x",
    "tqdm": "from tqdm import tqdm\nfor i in tqdm(range(3), mininterval=0):\n    pass",
    "threads": "from threading import Thread\nt = Thread(target=print, args=('thread',))\n"
    "t.start(); t.join()",
    "logging": "import logging\nlogging.warning('careful')",
    "subprocess": "import subprocess as s\ns.run(['echo', 'child'], capture_output=True).stdout",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "figure by itself": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "dataframe": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "exception": "def f():\n    return 1 / 0\nf()",
    "exception in the first line": "1 / 0",
    "chained exception": "try:\n    1 / 0\nexcept ArithmeticError as e:\n    raise KeyError from e",
    "syntax error": "x = = 1",
    "syntax error at run time": "compile('x = = 1', 'f', 'exec')",
    "name error": "undefined_name",
    "exit by SystemExit": "raise SystemExit('bye')",
    "keyboard interrupt raised": "raise KeyboardInterrupt",
    "warning": "import warnings\nwarnings.warn('careful', stacklevel=1)",
    "update of a display": "h = display('a', display_id=True)\nh.update('b')",
    "clear_output": "from IPython.display import clear_output\nprint('a')\nclear_output()",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_it_shows_what_the_plain_cell_shows(connected: Kernel, body: str):
    # A comment in place of the line, so that line numbers agree; above these two none may stand.
    alone = body.startswith(("%%", " "))
    expected = connected.run(body if alone else "# %%track --quiet\n" + body)
    assert seen(connected.run("%%track --quiet\n" + body)) == seen(expected)


def test_the_view_of_the_run_is_all_that_is_added(connected: Kernel):
    ran = connected.run("%%track\nprint('a')\n1 + 1")
    kinds = [output["type"] for output in ran.outputs]
    assert kinds == ["display_data", "stream", "execute_result"]
    assert "FINISHED" in ran.outputs[0]["data"]["text/plain"].upper()


def test_underscore_and_out_hold_the_value(connected: Kernel):
    ran = connected.run("%%track --quiet\n40 + 2")
    count = ran.reply["execution_count"]
    assert connected.run("_").text().strip() == "42"
    assert connected.run(f"Out[{count}]").text().strip() == "42"


def test_input_is_asked_for(connected: Kernel):
    ran = connected.run("%%track --quiet\nprint('got', input('name? '))", answer="Ada")
    assert ran.stdout == "got Ada\n"


@pytest.mark.parametrize("above", ["%%time", "%%capture kept"])
def test_a_magic_above_is_obeyed(connected: Kernel, above: str):
    before = len(connected.runs())
    ran = connected.run(f"{above}\n%%track --quiet\nprint('body')")
    assert ran.ok
    assert ("body" in ran.stdout) == (above == "%%time")
    assert ("Wall time" in ran.stdout) == (above == "%%time")
    assert len(connected.runs()) == before + 1


def test_writefile_above_stays_data(connected: Kernel):
    before = len(connected.runs())
    assert connected.run("%%writefile data.py\n%%track\nx = 1").ok
    assert (connected.folder / "data.py").read_text() == "%%track\nx = 1\n"
    assert len(connected.runs()) == before


def test_run_runs_a_script_inside_the_run(connected: Kernel):
    (connected.folder / "script.py").write_text("import mlflow\nmlflow.log_param('from', 'script')")
    assert connected.run("%%track scripted --quiet\n%run script.py").ok
    assert connected.only("scripted").data.params == {"from": "script"}


def test_line_numbers_of_a_traceback_are_those_of_the_cell(connected: Kernel):
    ran = connected.run("%%track --quiet\n\nx = 1\n\n1 / 0")
    assert re.search(r"line 5|----> 5", ran.error)


def test_an_error_stops_run_all(connected: Kernel):
    first = connected.send("%%track --quiet\n1 / 0")
    second = connected.send("reached = True")
    assert not connected.wait(first).ok
    assert connected.wait(second).reply["status"] == "aborted"


def test_a_syntax_error_makes_no_run(connected: Kernel):
    before = len(connected.runs())
    ran = connected.run("%%track\nx = = 1")
    assert "SyntaxError" in ran.error
    assert len(connected.runs()) == before


def test_help_is_shown(connected: Kernel):
    ran = connected.run("%%track?")
    assert ran.ok
    (page,) = ran.reply["payload"]
    text = plain(page["data"]["text/plain"])
    for flag in ("--experiment", "--param", "--resume", "--rerun", "--autolog", "--no-capture"):
        assert flag in text


def test_run_cell_magic_from_code(connected: Kernel):
    code = "get_ipython().run_cell_magic('track', 'by-code --quiet', 'z = 5\\nz * 2')"
    assert connected.run(code).text().strip() == "10"
    assert connected.only("by-code").info.status == "FINISHED"
    failing = code.replace("by-code", "by-code-2").replace("z * 2", "z / 0")
    ran = connected.run(failing)
    assert ran.tracebacks == 1
    assert connected.only("by-code-2").info.status == "FAILED"


def seen(ran: Ran) -> list[object]:
    """What a reader sees, in order; what differs from run to run left out."""
    outputs: list[object] = []
    for output in ran.outputs:
        if output["type"] == "stream":
            if outputs and isinstance(outputs[-1], list) and outputs[-1][0] == output["name"]:
                outputs[-1][1] += normal(output["text"])
            else:
                outputs.append([output["name"], normal(output["text"])])
        elif output["type"] == "error":
            trace = normal("\n".join(output["traceback"]))
            outputs.append((output["ename"], normal(output["evalue"]), trace))
        else:
            data = {kind: normal(str(value)) for kind, value in output["data"].items()}
            outputs.append((output["type"], data))
    payload = [entry["source"] for entry in ran.reply.get("payload", [])]
    return [ran.reply["status"], *outputs, *payload]


def normal(text: str) -> str:
    text = plain(text)
    text = re.sub(r"# %%track --quiet|%%track --quiet", "<header>", text)
    text = re.sub(r"0x[0-9a-f]+", "<address>", text)
    text = re.sub(r"\d+(\.\d+)?(e\+\d+)? ?(ns|[µμ]s|us|ms|s|it/s)\b", "<time>", text)
    text = re.sub(r"ipykernel_\d+/\d+\.py|\b\d{6,}\.py|In ?\[\d+\]|Cell In\[\d+\]", "<cell>", text)
    return re.sub(r"\[\d\d:\d\d<\d\d:\d\d, [^\]]*\] *", "<rate>", text)
