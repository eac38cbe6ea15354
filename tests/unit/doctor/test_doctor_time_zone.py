"""Names of time zones that are none."""

from __future__ import annotations

import pytest
from doctor_parts import SUBJECT

from amlflow_jupyter.doctor import Level
from amlflow_jupyter.doctor.checks import time_zone


@pytest.mark.parametrize(
    "name",
    [None, "", "UTC", "Asia/Tokyo", ":Europe/Berlin", "EST5EDT", "<+03>-3", "/etc/localtime"],
)
def test_zones(name):
    assert time_zone.zone(SUBJECT, name).level is Level.OK


@pytest.mark.parametrize("name", ["Nowhere/Land", "Berlin", "../etc/passwd", "CET Zone"])
def test_no_zones(name):
    finding = time_zone.zone(SUBJECT, name)
    assert finding.level is Level.WARNING
    assert f"TZ={name} is not known" in finding.message
    assert finding.remedy == "unset TZ"
