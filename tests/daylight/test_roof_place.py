"""Where a roof stands, learned from when it produces."""

import random
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sems_tray.daylight.roof_place import roof_place
from sems_tray.domain.model import CurvePoint, Powers
from sems_tray.simulator.station.sun import elevation_deg

STEP = timedelta(minutes=5)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 10, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
KASHGAR, SHANGHAI = (39.5, 76.0), (31.2, 121.5)
VIGO, MADRID = (42.2, -8.7), (40.4, -3.7)
DENVER = (39.7, -105.0)


def curve(place, start, days, *, changed=lambda at, pv_w: pv_w, step=STEP):
    """Return what a roof of 5 kW makes under a clear sky, with changes."""
    found = []
    for n in range(int(timedelta(days=days) / step)):
        at = start + n * step
        height = elevation_deg(place[0], place[1], at)
        pv_w = 5000 * min(max(height, 0.0) / 60, 1.0)
        found.append(CurvePoint(at=at, power=Powers(pv_w=changed(at, pv_w))))
    return found


def noon_off_min(found, place):
    return ((found.longitude - place[1] + 180) % 360 - 180) * 4


@pytest.mark.parametrize("start", [JUNE, MARCH, DECEMBER])
@pytest.mark.parametrize(
    ("place", "city"),
    [
        (KASHGAR, SHANGHAI),
        (VIGO, MADRID),
        (DENVER, None),  # told as UTC+00:00
        ((-36.8, 174.8), (-36.8, 174.8)),
        ((-17.8, -179.5), (-18.1, 178.4)),  # over the antimeridian
    ],
)
def test_three_clear_days_place_a_roof_within_minutes(place, city, start):
    found = roof_place(curve(place, start, 3), city)
    assert found is not None
    assert abs(noon_off_min(found, place)) < 4
    assert found.days >= 2  # of UTC: one may be cut
    if city is not None:
        assert abs(found.latitude - place[0]) < 14


@pytest.mark.parametrize(
    ("place", "start"),
    [
        (KASHGAR, JUNE),
        (VIGO, MARCH),
        (DENVER, DECEMBER),
        ((-33.9, 151.2), JUNE),
        ((64, 26), MARCH),
        ((64, 26), DECEMBER),
    ],
)
def test_two_months_tell_the_latitude_too(place, start):
    found = roof_place(curve(place, start, 60), None)
    assert found is not None
    assert abs(found.latitude - place[0]) < 7


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_clouds_gaps_and_a_full_battery_move_the_noon_by_less_than_is_said(seed):
    dice = random.Random(seed)
    dull = {day: dice.random() < 0.4 for day in range(400)}

    def weather(at, pv_w):
        if dice.random() < 0.05:
            return None  # a gap
        share = dice.uniform(0.05, 0.3) if dull[at.timetuple().tm_yday] else 1.0
        share *= dice.uniform(0.4, 1.0) if dice.random() < 0.3 else 1.0
        full = at.hour >= 11
        return min(pv_w * share, 300.0 if full else 5000.0)

    found = roof_place(curve(VIGO, MARCH, 12, changed=weather), MADRID)
    assert found is not None
    assert abs(noon_off_min(found, VIGO)) <= found.within_min


def test_an_inverter_that_wakes_late_is_placed_less_surely():
    def sleepy(at, pv_w):
        risen = elevation_deg(VIGO[0], VIGO[1], at) > 5 or at.hour >= 12
        return pv_w if risen else 0.0

    found = roof_place(curve(VIGO, MARCH, 10, changed=sleepy), MADRID)
    assert found is not None
    assert found.within_min >= 20
    assert abs(noon_off_min(found, VIGO)) <= found.within_min


@pytest.mark.parametrize(
    "points",
    [
        [],
        curve(DENVER, JUNE, 1),
        curve((78.0, 15.0), JUNE, 10),  # the sun does not set
        curve((78.0, 15.0), DECEMBER, 10),  # nor rise
        curve(DENVER, JUNE, 5, changed=lambda _, __: 0.0),
        curve(DENVER, JUNE, 5, changed=lambda _, __: 40.0),
        # The computer is on from nine to five.
        [it for it in curve(VIGO, JUNE, 20) if 9 <= it.at.hour < 17],
    ],
)
def test_where_too_little_is_seen_nothing_is_said(points):
    assert roof_place(points, None) is None


def test_one_absurd_power_and_two_replaced_days_are_no_matter():
    points = curve(DENVER, JUNE, 10)
    points[700] = CurvePoint(at=points[700].at, power=Powers(pv_w=4e9))
    shifted = timedelta(hours=7)  # before the zone was known to be wrong
    points[:576] = [
        CurvePoint(at=it.at - shifted, power=it.power) for it in points[:576]
    ]
    asleep = [it for it in points if (it.power.pv_w or 0) > 0]  # no rows at night
    for seen in (points, asleep):
        found = roof_place(seen, None)
        assert found is not None
        assert abs(noon_off_min(found, DENVER)) < 4


_POWERS = st.none() | st.floats() | st.sampled_from([nan, inf, -inf, 0.0, 3000.0])


@given(
    st.lists(st.tuples(st.integers(0, 20_000), _POWERS), max_size=200),
    st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)
def test_any_points_are_read(points, city):
    found = roof_place(
        (
            CurvePoint(at=JUNE + minute * timedelta(minutes=1), power=Powers(pv_w=pv_w))
            for minute, pv_w in points
        ),
        city,
    )
    if found is not None:
        assert -90 <= found.latitude <= 90
        assert -180 <= found.longitude <= 180
