"""Magics with actions: how their lines are read, and what their help tells."""

from __future__ import annotations

import pytest
from IPython.core.error import UsageError
from IPython.core.magic_arguments import argument

from amlflow_jupyter.magics.actions import action, as_data, magic_with_actions
from amlflow_jupyter.magics.arguments import parse


@magic_with_actions("aml_thing")
@as_data
@action("list", "List things.")
@as_data
@action("make", "Make a thing.")
@argument("name", help="Its name.")
@argument("--size", required=True, help="Its size.")
@argument("--hard", action="store_true", help="Make it hard.")
def aml_thing(self, line):
    """Show the thing."""


def test_without_an_action():
    assert parse(aml_thing, "").action is None


@pytest.mark.parametrize("line", ["--json", "list --json", "--json list"])
def test_a_flag_counts_before_and_after_the_action(line: str):
    given = parse(aml_thing, line)
    assert given.json
    assert not hasattr(given, "df")


def test_an_action_has_arguments_of_its_own():
    given = parse(aml_thing, "make 'a name' --size 3")
    assert (given.action, given.name, given.size, given.hard) == ("make", "a name", "3", False)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("grow", "invalid choice: 'grow'"),
        ("make x", "required: --size"),
        ("list --size 3", "unrecognized arguments: --size 3"),
    ],
)
def test_a_wrong_line_is_refused(line: str, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        parse(aml_thing, line)


def test_the_help_tells_every_action_and_its_arguments():
    text = aml_thing.__doc__
    assert text.startswith("::\n\n  %aml_thing ")
    for word in ("Show the thing.", "%aml_thing make", "Make a thing.", "--hard", "Make it hard."):
        assert word in text
