"""When the battery is full or at its reserve: learned, honest, never in the past."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.battery_forecast import (
    MOST,
    Estimator,
    begin,
    estimate,
    seeded,
    step,
)
from sems_tray.domain.model import CurvePoint, Powers
from tests.kit.readings import MEASURED, MINUTE, by_day, by_night, nobody_knows

TEN_KWH = 10.0  # 100 Wh for a percent


def ran(samples, state=None, every=MINUTE):
    """Return the state after (charge, power) samples, one a minute."""
    state = begin() if state is None else state
    start = MEASURED if state.at is None else state.at
    for number, (soc, watt) in enumerate(samples, 1):
        state = step(state, start + number * every, soc, watt)
    return state


def steady(minutes, soc=40.0, watt=-1200.0, wh=100.0):
    """Return samples of a steady power, the charge in whole percents."""
    return [
        (float(int(soc - watt * number / 60 / wh)), watt) for number in range(minutes)
    ]


@pytest.mark.parametrize(
    ("sample", "dark_at", "target"),
    [((76.0, -1200.0), by_day, 100.0), ((50.0, 1500.0), by_night, 20.0)],
)
def test_with_a_known_size_the_first_sample_is_enough(sample, dark_at, target):
    found = estimate(ran([sample], begin(TEN_KWH)), dark_at, 20.0)
    assert found is not None
    assert found.at == MEASURED + timedelta(minutes=1, hours=2)
    assert (found.target_percent, found.charging) == (target, target == 100)


def test_without_a_size_nothing_is_said_until_it_is_learned():
    assert estimate(ran(steady(25)), by_day) is None
    learned = ran(steady(90))
    assert learned.wh_per_percent == pytest.approx(100.0, rel=0.05)
    found = estimate(learned, by_day)
    assert found is not None
    # 57 % after 89 minutes: 43 % of 100 Wh at 1.2 kW.
    hours = (found.at - learned.at) / timedelta(hours=1)
    assert hours == pytest.approx(43 / 12, rel=0.05)


def test_the_size_is_learned_either_way_and_counts_more_than_what_was_told():
    drained = ran(steady(120, soc=60.0, watt=1200.0), begin(4.0))
    assert drained.wh_per_percent == pytest.approx(100, rel=0.05)
    turned = ran(steady(3, soc=60.0, watt=1200.0), ran(steady(90)))
    assert turned.wh_per_percent == pytest.approx(100, rel=0.05)
    assert estimate(turned, by_night, 20.0) is not None


def test_the_curve_of_today_teaches_it_at_once():
    points = [
        CurvePoint(
            at=MEASURED + number * 5 * MINUTE,
            power=Powers(battery_w=-1500.0),
            soc_percent=30.0 + int(number * 1.25),
        )
        for number in range(24)
    ]
    state = seeded(begin(), reversed(points))
    assert state.at == points[-1].at
    assert state.wh_per_percent == pytest.approx(100, rel=0.1)


def test_the_pace_is_the_mean_of_five_minutes_in_this_direction():
    samples = (
        [(50.0, -9000.0)] * 4
        + [(50.0, -1000.0), (50.0, -2000.0)]
        + [(50.0, -1500.0)] * 3
    )
    found = estimate(ran(samples, begin(TEN_KWH)), by_day)
    assert found is not None
    state_at = MEASURED + 9 * MINUTE
    assert (found.at - state_at) / timedelta(hours=1) == pytest.approx(5000 / 1500)


@pytest.mark.parametrize(
    ("soc", "watt", "reserve"),
    [
        (100.0, -500.0, 20.0),
        (0.0, 500.0, 20.0),
        (100.0, 500.0, 20.0),
        (50.0, 19.0, 20.0),
        (50.0, -19.0, 20.0),
        (20.0, 500.0, 20.0),
        (15.0, 500.0, 20.0),
        (50.0, 500.0, None),
        (50.0, -60.0, 20.0),  # 83 hours
        (None, -500.0, 20.0),
        (50.0, None, 20.0),
    ],
)
def test_where_there_is_nothing_to_wait_for_nothing_is_said(soc, watt, reserve):
    assert estimate(ran([(soc, watt)], begin(TEN_KWH)), by_night, reserve) is None


def changing_at(hours, *, dark):
    """Return a sky that is dark, or not, until so many hours after the sample."""
    turn = MEASURED + MINUTE + timedelta(hours=hours)
    return lambda at: dark if at < turn else not dark


CHARGES, DRAINS = (76.0, -1200.0), (50.0, 1500.0)  # for two hours


@pytest.mark.parametrize(
    ("sample", "dark_at", "told"),
    [
        (CHARGES, by_day, True),
        (CHARGES, changing_at(2.1, dark=False), True),
        (CHARGES, changing_at(1.9, dark=False), False),  # "full" after sunset
        (CHARGES, by_night, True),  # from the grid
        (CHARGES, changing_at(1.9, dark=True), False),
        (DRAINS, by_night, True),
        (DRAINS, changing_at(2.1, dark=True), True),
        (DRAINS, changing_at(1.9, dark=True), False),  # across the sunrise
        (DRAINS, by_day, False),  # across a sunny spell
        ((25.0, 1500.0), by_day, True),  # in twenty minutes
        ((25.0, 1500.0), changing_at(0.2, dark=False), False),
        (CHARGES, nobody_knows, False),
        (CHARGES, lambda at: at.hour == 10 and at.minute < 20, False),  # a short night
    ],
)
def test_the_present_pace_holds_neither_beyond_sunset_nor_sunrise(
    sample, dark_at, told
):
    found = estimate(ran([sample], begin(TEN_KWH)), dark_at, 20.0)
    assert (found is not None) is told


def test_nothing_is_learned_across_a_gap():
    state = ran(steady(40))
    later = step(state, state.at + timedelta(hours=2), 70.0, -1200.0)
    assert later.edge is None
    assert later.since_wh == 0.0


def test_a_charge_that_runs_against_the_current_teaches_nothing():
    odd = [(60.0 - number, -1200.0) for number in range(30)]
    assert ran(odd).wh_per_percent is None


def test_an_old_or_repeated_sample_changes_nothing():
    state = ran(steady(20))
    assert step(state, state.at, 90.0, 500.0) == state
    assert step(state, state.at - MINUTE, 90.0, 500.0) == state


@pytest.mark.parametrize("capacity", [None, 0.0, -3.0, 1e9])
def test_a_size_that_cannot_be_is_not_believed(capacity):
    assert begin(capacity) == Estimator()


samples = st.lists(
    st.tuples(
        st.floats(0, 3600),
        st.none() | st.floats(0, 100),
        st.none() | st.floats(-20_000, 20_000),
    ),
    max_size=60,
)


@given(samples, st.none() | st.floats(0, 100), st.none() | st.floats(0, 1000))
def test_whatever_comes_the_estimate_is_ahead_and_within_two_days(
    given, reserve, capacity
):
    state, at = begin(capacity), MEASURED
    for wait_s, soc, watt in given:
        at += timedelta(seconds=wait_s)
        state = step(state, at, soc, watt)
        found = estimate(state, by_night, reserve)
        if found is not None:
            assert state.at is not None
            assert state.at <= found.at <= state.at + MOST
            assert found.target_percent in {100.0, reserve}


@given(
    wh=st.floats(20, 500),
    watt=st.floats(1000, 8000),
    soc=st.floats(5, 30),
)
def test_a_steady_charge_teaches_the_true_size(wh, watt, soc):
    minutes = int(40 * wh / watt * 60)
    learned = ran(steady(minutes, soc=soc, watt=-watt, wh=wh)).wh_per_percent
    if minutes > 40:
        assert learned == pytest.approx(wh, rel=0.15)
