"""Time zones as the portal writes them, and local times in them."""
# ruff: noqa: DTZ001  (a portal's local times have no zone)

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.time_zones import (
    FUTURE_SLACK,
    counters_are_unsure,
    in_order,
    offset_name,
    to_utc,
    zone,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
names = st.sampled_from(
    ["Europe/Amsterdam", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC-09:30", "UTC"]
)
stamps = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31))


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("UTC", 0),
        ("gmt", 0),
        ("Z", 0),
        ("UTC+00:00", 0),
        ("UTC+02:00", 120),
        ("UTC-9:30", -570),
        ("GMT +1", 60),
        ("+0530", 330),
        (" +10 ", 600),
        ("Asia/Kathmandu", 345),
    ],
)
def test_the_portals_names_are_zones(name, minutes):
    found = zone(name)
    assert found is not None
    assert NOW.astimezone(found).utcoffset() == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "Nowhere/Atall",
        "Europe",
        "../../etc/passwd",
        "a\0b",
        "UTC+15:01",
        "UTC+",
        "x" * 5000,
        "\ud800",
    ],
)
def test_anything_else_is_no_zone(name):
    assert zone(name) is None


@pytest.mark.parametrize(
    ("hours", "name"),
    [
        (0, "UTC+00:00"),
        (-0.0, "UTC+00:00"),
        (5.5, "UTC+05:30"),
        (-9.5, "UTC-09:30"),
        (14, "UTC+14:00"),
        (15.5, None),
        (-100, None),
        (1e300, None),
    ],
)
def test_an_offset_has_a_name_that_is_a_zone(hours, name):
    assert offset_name(hours) == name


@given(st.integers(-14 * 60, 14 * 60))
def test_an_offsets_name_gives_the_offset_back(minutes):
    found = zone(offset_name(minutes / 60))
    assert found is not None
    assert found.utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("local", "where", "hour"),
    [
        (datetime(2026, 9, 24, 21, 19), AMSTERDAM, 19),
        (datetime(2026, 9, 24, 21, 19), None, None),
        (
            datetime(2026, 9, 24, 21, 19, tzinfo=timezone(timedelta(hours=5))),
            None,
            16,
        ),
    ],
)
def test_a_local_time_needs_a_zone_of_its_own_or_the_stations(local, where, hour):
    utc = hour and datetime(2026, 9, 24, hour, 19, tzinfo=UTC)
    assert to_utc(local, where, NOW) == utc


def test_a_time_in_the_future_lies():
    assert to_utc(NOW + FUTURE_SLACK, UTC, NOW) == NOW + FUTURE_SLACK
    late = NOW + FUTURE_SLACK + timedelta(seconds=1)
    assert to_utc(late, UTC, NOW) is None


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_no_crash(year):
    local = datetime(year, 1, 1) if year == 1 else datetime(9999, 12, 31, 23, 59)
    for hours in (14, -14):
        to_utc(local, timezone(timedelta(hours=hours)), NOW)


def test_in_the_repeated_hour_the_later_time_wins_unless_it_is_to_come():
    local = datetime(2026, 10, 25, 2, 30)  # 00:30 and 01:30 UTC
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert to_utc(local, AMSTERDAM, first) == first
    assert to_utc(local, AMSTERDAM, second) == second
    assert to_utc(local, AMSTERDAM, NOW) == second


@given(stamps, names, st.integers(0, 10**6))
def test_no_time_lies_further_ahead_than_the_slack(local, name, minutes_ago):
    now = local.replace(tzinfo=UTC) - timedelta(minutes=minutes_ago - 5 * 10**5)
    found = to_utc(local, zone(name), now)
    assert found is None or found <= now + FUTURE_SLACK


def test_an_autumn_day_has_25_hours_and_every_minute_once():
    clock = [datetime(2026, 10, 25, 1, 59), datetime(2026, 10, 25, 2, 0)]
    clock += [datetime(2026, 10, 25, 2, 59), datetime(2026, 10, 25, 2, 0)]
    clock += [datetime(2026, 10, 25, 2, 59), datetime(2026, 10, 25, 3, 0)]
    minutes = [at.strftime("%H:%M") for at in in_order(clock, AMSTERDAM)]
    assert minutes == ["23:59", "00:00", "00:59", "01:00", "01:59", "02:00"]


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
    assert not counters_are_unsure(local, None)
