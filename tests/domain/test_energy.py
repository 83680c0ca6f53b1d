"""Totals and powers as values: which are believed, and which days were followed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import (
    AMOUNTS,
    Period,
    Quarter,
    completed,
    day_span,
    days_between,
    energy_between,
    grown,
    is_followed,
    known,
    most_kwh,
    plus,
    sun_is_followed,
)
from sems_tray.domain.model import NO_SUMS, EnergySums, Powers
from sems_tray.domain.time_zones import zone

KWH = st.none() | st.integers(0, 500).map(lambda n: n / 10)
SUMS = st.builds(EnergySums, pv_kwh=KWH, load_kwh=KWH, income=KWH)
ZONES = ("Europe/Amsterdam", "Atlantic/Azores", "America/Santiago", "Africa/Cairo")
NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_periods_key_is_the_start_of_the_date():
    day = date(2026, 6, 1)
    assert [it.key(day) for it in Period] == ["2026-06-01", "2026-06", "2026", ""]


@given(st.dates(date(1995, 1, 1), date(2090, 1, 1)), st.sampled_from(ZONES))
def test_days_follow_each_other_without_a_gap(day, name):
    where = zone(name)
    assert where is not None
    start, end = day_span(day, where)
    assert end == day_span(day + timedelta(days=1), where)[0]
    assert timedelta(hours=22) < end - start < timedelta(hours=26)


def test_dates_between_are_inclusive_and_may_be_none():
    first = date(2026, 2, 28)
    assert list(days_between(first, date(2026, 3, 1))) == [first, date(2026, 3, 1)]
    assert list(days_between(first, date(2026, 2, 1))) == []


@given(SUMS, SUMS, SUMS)
def test_live_totals_grow_alike_in_any_order(a, b, c):
    assert grown(a, b) == grown(b, a)
    assert grown(grown(a, b), c) == grown(a, grown(b, c))
    assert grown(a, NO_SUMS) == a


@pytest.mark.parametrize(
    ("name", "capacity_kwp", "kwh"),
    [
        ("pv_kwh", 5.0, 40.0),
        ("load_kwh", 5.0, 200.0),
        ("load_kwh", 30.0, 600.0),
        ("pv_kwh", 0.0, 2000.0),  # nobody typed it in
        ("pv_kwh", None, 2000.0),
    ],
)
def test_no_plant_has_more_in_an_hour_and_the_portal_adds_up_late(
    name, capacity_kwp, kwh
):
    assert most_kwh(name, 1.0, capacity_kwp) == kwh


@given(SUMS, SUMS)
def test_final_totals_win_where_they_are_known(live, final):
    both = completed(live, final)
    assert both.pv_kwh == (live.pv_kwh if final.pv_kwh is None else final.pv_kwh)
    assert both.income == final.income  # money is the finished day's, or unknown
    assert known(both) == (known(replace(live, income=None)) or known(final))


# -- totals that are older than the powers beside them -----------------------------

FULL = Powers(pv_w=6000.0, load_w=1000.0, grid_w=2000.0, battery_w=-3000.0)
DARK = Powers(pv_w=0.0, load_w=600.0, grid_w=-200.0, battery_w=400.0)


def rounded(sums):
    values = {it: getattr(sums, it) for it in AMOUNTS}
    return {it: round(v, 6) for it, v in values.items() if v is not None}


def test_powers_that_change_evenly_make_the_energy_between():
    assert rounded(energy_between((NOON, FULL), (NOON + 6 * MINUTE, DARK))) == {
        "pv_kwh": 0.3,
        "load_kwh": 0.08,
        "export_kwh": 0.1,
        "import_kwh": 0.01,
        "charge_kwh": 0.15,
        "discharge_kwh": 0.02,
        "self_use_kwh": 0.07,
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NOON, None),
        (NOON, NOON),
        (NOON, NOON - 2 * MINUTE),
        (NOON, NOON + 11 * MINUTE),
        (None, NOON),
    ],
)
def test_nothing_is_known_of_no_time_or_a_long_one(before, after):
    assert energy_between((before, FULL), (after, FULL)) == NO_SUMS


def test_what_is_not_measured_makes_nothing_and_what_is_unknown_stays_so():
    roof = Powers(pv_w=3000.0)
    more = energy_between((NOON, roof), (NOON + 2 * MINUTE, roof))
    assert rounded(more) == {"pv_kwh": 0.1}
    before = EnergySums(pv_kwh=5.0, load_kwh=2.0, income=1.0, currency="EUR")
    assert plus(before, more) == replace(before, pv_kwh=5.1)
    assert plus(NO_SUMS, more) == NO_SUMS


# -- nights are no holes; a day that begins or ends in full light is one -----------

LIGHT = range(32, 64)  # eight in the morning to four in the afternoon


def roof(numbers=LIGHT, *, beside_pv=False, share=1.0):
    """Return quarters of a roof of 4 kW at noon, and 9 W at first and last."""
    powers = {it: 9.0 + 4000.0 * (1 - ((it - 47.5) / 16) ** 2) for it in numbers}
    return {
        it: Quarter(pv_w=max(watts, 0.0) * share, beside_pv=beside_pv)
        for it, watts in powers.items()
    }


def zeros(*numbers):
    return dict.fromkeys(numbers, Quarter(pv_w=0.0, beside_pv=False))


@pytest.mark.parametrize(
    ("held", "count", "followed"),
    [
        pytest.param(roof(), 96, True, id="the night of a roof without a meter"),
        pytest.param(roof(beside_pv=True), 96, False, id="a night with a meter"),
        pytest.param(roof(range(96), beside_pv=True), 96, True, id="all of it"),
        pytest.param(roof(share=1 / 40), 96, True, id="a dull day"),
        pytest.param(roof(range(32, 48)), 96, False, id="off from noon on"),
        pytest.param(roof(range(44, 64)), 96, False, id="off until eleven"),
        pytest.param(
            roof([*range(32, 40), *range(52, 64)]), 96, False, id="off in between"
        ),
        pytest.param({}, 96, False, id="nothing"),
        pytest.param(zeros(*range(20)), 96, False, id="zeros alone"),
        pytest.param(
            roof(range(40, 56)) | zeros(39, 56), 96, True, id="zeros beside the light"
        ),
        pytest.param(roof(range(32, 48)), 48, True, id="a day under way"),
        pytest.param(roof(range(32, 47)), 48, True, id="its last quarter may be late"),
        pytest.param(roof(range(32, 40)), 48, False, id="a day under way, in part"),
    ],
)
def test_a_day_is_followed_from_its_first_light_to_its_last(held, count, followed):
    assert is_followed(held, count) is followed


def test_of_a_house_with_a_meter_the_sun_may_have_been_followed_alone():
    assert sun_is_followed(roof(beside_pv=True), 96)
