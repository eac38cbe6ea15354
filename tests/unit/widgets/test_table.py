import re
import subprocess
import sys

from amlflow_jupyter.widgets.table import Cell, Column, table

COLUMNS = (Column("name"), Column("runs", numeric=True), Column("who"))


def shown(*rows, **options):
    return table("Experiments", COLUMNS, rows, **options)


def test_text_is_aligned_and_numbers_stand_right():
    text = shown(("first", "7", "ada"), ("the second", "1,234", "bo"), notes=["A note."])
    assert text["text/plain"].splitlines() == [
        "Experiments",
        "  name         runs  who",
        "  first           7  ada",
        "  the second  1,234  bo",
        "A note.",
    ]


def test_wide_and_combining_characters_keep_the_columns():
    lines = shown(("日本", "1", "x"), ("e\u0301te", "2", "y"), ("abcd", "3", "z"))
    assert lines["text/plain"].splitlines()[2:] == [
        "  日本     1  x",
        "  e\u0301te      2  y",
        "  abcd     3  z",
    ]


def test_a_column_without_anything_is_left_out():
    made = shown(("first", "", "ada"), ("second", "", ""))
    assert "runs" not in made["text/plain"] + made["text/html"]


def test_no_rows_leave_the_title_and_the_notes():
    made = shown(notes=["There are none."])
    assert made["text/plain"] == "Experiments\nThere are none."
    assert "<table" not in made["text/html"]


def test_everything_is_escaped():
    bad = "<img src=x onerror=alert(1)>\x1b[31m\u202e"
    cell = Cell(bad, link=f"https://host/?q={chr(34)}{chr(39)}", mark="<i>", colour="red")
    made = table(bad, (Column(bad),), [(cell,)], [bad])
    assert not re.search(r"<img|<i>", made["text/html"])
    assert 'href="https://host/?q=&quot;&#x27;"' in made["text/html"]
    for text in made.values():
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_script_is_no_link():
    made = shown((Cell("first", "javascript:alert(1)"), "1", ""), links=True)
    assert "javascript" not in made["text/html"] + made["text/plain"]


def test_text_writes_links_out_only_where_asked():
    row = (Cell("first", "https://ml.azure.com/runs/1"), "1", "ada")
    assert "https" not in shown(row)["text/plain"]
    assert (
        shown(row, links=True)["text/plain"]
        .splitlines()[-1]
        .endswith("ada  https://ml.azure.com/runs/1")
    )
    assert 'href="https://ml.azure.com/runs/1"' in shown(row)["text/html"]


def test_long_text_is_cut_and_kept_whole_in_a_title():
    name = "begin" + "x" * 100 + "end"
    made = shown((name, "1", "ada"))
    assert name not in made["text/plain"]
    assert "end" in made["text/plain"]
    assert f'title="{name}"' in made["text/html"]


def test_a_mark_stands_before_the_text():
    made = shown((Cell("busy", mark="●", colour="#0072B2"), "1", "ada"))
    assert "● busy" in made["text/plain"]
    assert '<span style="color:#0072B2">●</span> busy' in made["text/html"]


def test_texts_without_a_mark_begin_where_those_with_one_do():
    made = shown(("first", "1", "ada"), (Cell("second", mark="●"), "2", "bo"))
    assert made["text/plain"].splitlines()[1:] == [
        "  name      runs  who",
        "    first      1  ada",
        "  ● second     2  bo",
    ]


def test_showing_one_loads_nothing_heavy():
    code = (
        "import sys, amlflow_jupyter.widgets.table as t; t.table('t', [t.Column('a')], [['b']]);"
        "print([m for m in ('numpy', 'ipywidgets', 'pandas', 'mlflow') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
