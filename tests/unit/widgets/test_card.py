import subprocess
import sys

from amlflow_jupyter.widgets.card import card


def test_it_shows_title_rows_link_and_notes():
    shown = card(
        "Connected", [("Store", "mlflow.db"), ("Empty", "")], ("UI", "http://h:1/"), ["Note"]
    )
    assert shown["text/plain"].splitlines() == [
        "Connected",
        "  Store  mlflow.db",
        "  http://h:1/",
        "  Note",
    ]
    assert (
        '<a href="http://h:1/" target="_blank" rel="noopener noreferrer">UI</a>'
        in shown["text/html"]
    )
    assert "Empty" not in shown["text/html"]


def test_everything_is_escaped():
    bad = "<script>alert(1)</script>"
    html = card(bad, [(bad, bad)], (bad, "http://h/?a=1&b=\"'"), [bad])["text/html"]
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 5
    assert 'href="http://h/?a=1&amp;b=&quot;&#x27;"' in html


def test_a_script_is_no_link():
    shown = card("Connected", [], ("UI", "javascript:alert(1)"))
    assert "javascript" not in shown["text/html"] + shown["text/plain"]


def test_showing_one_loads_nothing_heavy():
    code = (
        "import sys, amlflow_jupyter.widgets.card as c; c.card('t', [('a', 'b')]);"
        "print([m for m in ('numpy', 'ipywidgets', 'anywidget', 'mlflow') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
