import pytest

from amlflow_jupyter.widgets.amount import bytes_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (4_200_000, "4.2 MB"),
        (999_999, "1.0 MB"),
        (120e6, "120 MB"),
        (3e15, "3000 TB"),
    ],
)
def test_bytes(count: float, text: str):
    assert bytes_text(count) == text
