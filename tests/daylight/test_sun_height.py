from datetime import UTC, datetime, timedelta, timezone

import pytest
from astral import Observer
from astral.sun import elevation
from hypothesis import assume, given
from hypothesis import strategies as st

from sems_tray.daylight.sun import sun_height_deg, sun_path

INSTANTS = st.datetimes(
    datetime(2015, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    datetime(2045, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(at=INSTANTS, latitude=st.floats(-89, 89), longitude=st.floats(-180, 180))
def test_the_sun_stands_where_astral_says(at, latitude, longitude):
    at = at.replace(microsecond=0)
    bare = elevation(Observer(latitude, longitude), at, with_refraction=False)
    assume(bare > -0.5)  # below the horizon nobody is sure of the refraction
    true = elevation(Observer(latitude, longitude), at)
    assert abs(sun_height_deg(at, latitude, longitude) - true) < 0.015


def test_an_instant_is_the_same_in_every_zone():
    at = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)
    there = at.astimezone(timezone(timedelta(hours=-9)))
    assert sun_height_deg(there, 52, 5) == sun_height_deg(at, 52, 5)


@pytest.mark.parametrize(
    ("day", "minutes"), [("2026-02-11", -14.2), ("2026-11-03", 16.5)]
)
def test_sundials_are_ahead_and_behind_as_almanacs_say(day, minutes):
    equation, _ = sun_path(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    assert equation * 720 / 3.14159265 == pytest.approx(minutes, abs=0.1)
