"""A station's zone with its clock changes, where only offset and place are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from sems_tray.daylight.zone_locations import zone_of
from sems_tray.domain.model import Station

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
OFFSET = timezone(timedelta(hours=1))
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)


def station(
    name: str | None, latitude: float | None, longitude: float | None
) -> Station:
    return Station(id="1", timezone=name, latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(
    ("place", "told_in_winter", "summer_hours"),
    [
        ((52.1, 5.1), "UTC+01:00", 2),  # Utrecht
        ((40.2, -3.9), "UTC+01:00", 2),  # near Madrid
        ((-27.6, 153.0), "UTC+10:00", 10),  # Brisbane keeps its clock
        ((-33.9, 151.0), "UTC+11:00", 10),  # Sydney's summer is in January
        ((-23.6, -46.5), "UTC-03:00", -3),  # Sao Paulo
        ((28.7, 77.0), "UTC+05:30", 5.5),  # Delhi
        ((33.4, -112.0), "UTC-07:00", -7),  # Phoenix
        ((39.7, -105.0), "UTC-07:00", -6),  # Denver
    ],
)
def test_the_nearest_city_whose_clock_agrees_knows_the_rest(
    place, told_in_winter, summer_hours
):
    found = zone_of(station(told_in_winter, *place), WINTER)
    assert found is not None
    offset = SUMMER.astimezone(found).utcoffset()
    assert offset == timedelta(hours=summer_hours)


@pytest.mark.parametrize(
    ("told", "place", "found"),
    [
        ("America/New_York", (52.1, 5.1), ZoneInfo("America/New_York")),
        ("UTC+01:00", (None, None), OFFSET),
        ("UTC+01:00", (52.1, None), OFFSET),
        ("UTC+01:00", (-33.9, 151.0), OFFSET),  # no city around shows that time
        (None, (52.1, 5.1), None),
    ],
)
def test_what_is_told_is_believed_where_no_city_knows_better(told, place, found):
    assert zone_of(station(told, *place), WINTER) == found
