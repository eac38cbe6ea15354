import pytest

from amlflow_jupyter.resources.sdk_metrics import described


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [1, 2, 3], "b": [4, 5, 6]}, "table of 3 rows"),
        ({"a": 1, "b": 2}, "table of 1 row"),
        ([1, 2], "2 values"),
        ("note", "note"),
        (True, "True"),
    ],
)
def test_what_is_no_number_in_words(value: object, words: str):
    assert described(value) == words
