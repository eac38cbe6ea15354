"""How ``%aml_runs`` reads its line: a filter keeps the quotes that it needs."""

from __future__ import annotations

import pytest
from IPython.core.error import UsageError

from amlflow_jupyter.magics import runs


def read(line: str) -> tuple[str, str | None, int]:
    given = runs.aml_runs.parser.parse_args(runs._words(line))
    return runs._unquoted(" ".join(given.filter)), given.experiment, given.max


@pytest.mark.parametrize(
    ("line", "search"),
    [
        ("", ""),
        ("metrics.loss < 0.1", "metrics.loss < 0.1"),
        ("metrics.loss > -1", "metrics.loss > -1"),
        ("params.model = 'tree'", "params.model = 'tree'"),
        ("params.model='a tree'", "params.model='a tree'"),
        ("\"metrics.loss < 1 and params.m = 'x'\"", "metrics.loss < 1 and params.m = 'x'"),
        ("'metrics.loss < 1'", "metrics.loss < 1"),
        ("tags.`mlflow.user` = 'ada'", "tags.`mlflow.user` = 'ada'"),
    ],
)
def test_a_filter(line: str, search: str):
    assert read(line) == (search, None, 20)
    assert read(f"--max 5 -e 'my runs' {line}") == (search, "my runs", 5)


def test_an_open_quote_is_refused():
    with pytest.raises(UsageError, match="No closing quotation"):
        read("params.model = 'tree")
