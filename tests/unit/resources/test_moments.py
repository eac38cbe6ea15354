import time

import pytest

from amlflow_jupyter.resources.moments import iso, local


def test_milliseconds_are_written_in_utc():
    assert iso(0) == "1970-01-01T00:00:00.000Z"
    assert iso(None) is None
    assert iso(1e20) is None


@pytest.mark.parametrize(
    "text",
    ["2026-01-05T09:30:00Z", "2026-01-05T09:30:00.1234567+00:00", "2026-01-05T09:30:00"],
)
def test_people_read_them_where_they_are(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert local(text) == "2026-01-05 18:30"
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


def test_what_is_no_time_stays():
    assert local("yesterday") == "yesterday"
    assert local(None) == ""
