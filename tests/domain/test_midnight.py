"""The portal's midnight."""
# ruff: noqa: DTZ001  (days without a zone)

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.time_zones import counters_are_unsure

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("clock", "unsure"),
    [
        ("23:57:59", False),
        ("23:58:00", True),
        ("00:00:00", True),
        ("00:19:59", True),
        ("00:20:00", False),
        ("12:00:00", False),
    ],
)
def test_counters_are_unsure_from_23_58_to_00_20_of_the_station(clock, unsure):
    local = datetime.fromisoformat(f"2026-06-21T{clock}").replace(tzinfo=AMSTERDAM)
    assert counters_are_unsure(local.astimezone(UTC), AMSTERDAM) is unsure


def test_another_zones_midnight_is_none():
    at = datetime(2026, 6, 21, 0, 5, tzinfo=UTC)
    assert counters_are_unsure(at, UTC)
    assert not counters_are_unsure(at, AMSTERDAM)


def test_without_a_zone_nobody_knows_when_midnight_is():
    assert not counters_are_unsure(datetime(2026, 6, 21, tzinfo=UTC), None)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))
def test_a_day_holds_at_most_22_unsure_minutes(day):
    start = day.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=UTC)
    minutes = [start + timedelta(minutes=n) for n in range(24 * 60)]
    assert sum(counters_are_unsure(at, UTC) for at in minutes) == 22
