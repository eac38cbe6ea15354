import pytest

from amlflow_jupyter.magics.header import find, without_header


def lines(text):
    return text.splitlines(keepends=True)


def body(text):
    return "".join(without_header(lines(text)))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n",
        "x = '''\n%%track\n'''\n",
        "%%track?\n",
        "%%tracker\nx\n",
        "%%writefile f.py\n%%track\nx\n",
        "%%bash\n%%track\n",
        "",
    ],
)
def test_cells_that_are_not_tracked_stay_as_they_are(text):
    assert find(lines(text)) is None
    assert body(text) == text


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("%%track\nx\n", ""),
        ("%%track a -p b=c\nx\n", "a -p b=c"),
        ("\n# note\n\n%%track a\nx\n", "a"),
        ("  %%track a\n  x\n", "a"),
        ("%%time\n%%track a\nx\n", "a"),
        ("%%capture out\n%%time\n%%track a\nx\n", "a"),
    ],
)
def test_the_line_is_found(text, arguments):
    header = find(lines(text))
    assert header is not None
    assert header.arguments == arguments


def test_line_numbers_stay():
    assert body("%%track a\nx = 1\n1/0\n") == "# %%track a\nx = 1\n1/0\n"
    assert body("\n# c\n%%track\n1/0\n") == "\n# c\n# %%track\n1/0\n"


def test_a_cell_magic_below_comes_first():
    assert body("%%track a\n%%time\nx\n") == "%%time\nx\n"


def test_a_magic_above_hands_its_body_on_first():
    text = "%%time\n%%track a\nx\n"
    assert body(text) == text
    assert body("%%track a\nx\n") == "# %%track a\nx\n"


def test_an_indented_body_is_dedented_as_ipython_does():
    assert body("  %%track\n  x = 1\n  y = 2\n") == "# %%track\nx = 1\ny = 2\n"


def test_it_is_pure():
    given = lines("%%track\nx\n")
    once = without_header(given)
    assert given == lines("%%track\nx\n")
    assert without_header(once) == once
