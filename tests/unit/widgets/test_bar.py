from amlflow_jupyter.widgets.bar import bar


def test_a_bar_shows_how_far_it_is():
    half = bar("3 of 6 files", 0.5)
    assert half["text/plain"] == "████████████░░░░░░░░░░░░  50% 3 of 6 files"
    assert "width:50%" in half["text/html"]
    assert "3 of 6 files" in half["text/html"]


def test_it_stays_between_nothing_and_all():
    assert "   0%" in bar("x", -1)["text/plain"]
    assert " 100%" in bar("x", 7)["text/plain"]


def test_without_a_part_it_is_a_line():
    assert bar("Creating …")["text/plain"] == "Creating …"


def test_it_is_escaped():
    made = bar("<b>\x1b[1m", 0.1)
    assert "<b>" not in made["text/html"]
    assert "\x1b" not in made["text/plain"]
