from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.simulator.station.places import (
    PLACES,
    dark_place,
    place_named,
    sunny_place,
)
from sems_tray.simulator.station.sun import elevation_deg, solar_hour, sun_day

INSTANTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"),
    datetime.fromisoformat("2030-01-01"),
    timezones=st.just(UTC),
)


def _height_deg(place, at):
    return elevation_deg(place.latitude_deg, place.longitude_deg, at)


@given(INSTANTS)
def test_day_is_day_whenever_it_starts(now):
    place = sunny_place(now)
    assert 9 < solar_hour(place.longitude_deg, now) < 12.8
    assert _height_deg(place, now) > 14


@given(INSTANTS)
def test_night_is_night_and_stays_so_for_two_hours(now):
    place = dark_place(now)
    assert _height_deg(place, now) < -8
    assert _height_deg(place, now + timedelta(hours=2)) < -8


@given(INSTANTS)
def test_a_night_does_not_begin_where_the_counters_go_wrong(now):
    local = now.astimezone(dark_place(now).timezone)
    assert (0, 30) <= (local.hour, local.minute) < (23, 0)


@given(INSTANTS, st.sampled_from(PLACES))
def test_the_sun_stands_where_astral_says(now, place):
    from astral import Observer, sun

    observer = Observer(place.latitude_deg, place.longitude_deg)
    expected = sun.elevation(observer, now, with_refraction=False)
    assert _height_deg(place, now) == pytest.approx(expected, abs=0.05)
    assert sun_day(now).cos_declination > 0.9


def test_an_unknown_place_is_refused():
    with pytest.raises(ValueError, match="no such place"):
        place_named("Europe/Atlantis")
