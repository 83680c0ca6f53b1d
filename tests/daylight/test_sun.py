from datetime import UTC, datetime, timedelta, timezone

import pytest
from astral import Observer
from astral.sun import elevation
from hypothesis import assume, given
from hypothesis import strategies as st

from sems_tray.daylight.sun import is_dark, sun_height_deg, sun_path
from sems_tray.domain.model import Station


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def in_zone(name):
    return Station(id="s", timezone=name)


@pytest.mark.parametrize(
    ("zone", "sunrise", "sunset"),
    [
        # By almanacs, in UTC, to the minute or two.
        ("Europe/Amsterdam", "2026-06-21 03:18", "2026-06-21 20:06"),
        ("US/Eastern", "2026-03-20 10:59", "2026-03-20 23:08"),  # its old name
        ("Australia/Sydney", "2026-06-21 21:00", "2026-06-22 06:53"),
    ],
)
def test_light_comes_soon_after_sunrise_and_goes_soon_before_sunset(
    zone, sunrise, sunset
):
    # The limit is 3 degrees above the horizon: some 20 to 40 minutes from it.
    station, hour = in_zone(zone), timedelta(minutes=45)
    assert is_dark(station, at(sunrise)) is True
    assert is_dark(station, at(sunrise) + hour) is False
    assert is_dark(station, at(sunset) - hour) is False
    assert is_dark(station, at(sunset)) is True


@pytest.mark.parametrize(
    ("when", "dark"), [("2026-12-21", True), ("2026-06-21", False)]
)
def test_polar_nights_are_dark_and_polar_days_are_light_at_any_hour(when, dark):
    svalbard = Station(id="s", latitude=78.2, longitude=15.6)
    hours = {is_dark(svalbard, at(f"{when} {hour:02d}:30")) for hour in range(24)}
    assert hours == {dark}


def test_coordinates_go_before_the_zone():
    sydney = Station(
        id="s", timezone="Europe/Amsterdam", latitude=-33.9, longitude=151.2
    )
    assert is_dark(sydney, at("2026-06-21 12:00")) is True
    half = Station(id="s", timezone="Europe/Amsterdam", latitude=-33.9)
    assert is_dark(half, at("2026-06-21 12:00")) is False


@pytest.mark.parametrize(
    ("hour", "dark"),
    [(12, False), (0, True), (5, None), (6, None), (18, None), (19, None)],
)
def test_of_a_bare_offset_only_noon_and_midnight_are_sure(hour, dark):
    # At UTC+02:00 the sun stands highest around 10:00 UTC.
    moment = at("2026-06-21 00:00") + timedelta(hours=hour - 2)
    assert is_dark(in_zone("UTC+02:00"), moment) is dark


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "Etc/GMT+5", "UTC+99"])
def test_without_a_place_nobody_knows(zone):
    assert is_dark(in_zone(zone), at("2026-06-21 12:00")) is None


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.datetimes(
        datetime(1990, 1, 2),  # noqa: DTZ001 (hypothesis adds the zone)
        datetime(2199, 12, 30),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_any_place_on_earth_is_light_or_dark(latitude, longitude, moment):
    place = Station(id="s", latitude=latitude, longitude=longitude)
    assert is_dark(place, moment) in {True, False}


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
