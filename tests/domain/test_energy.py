from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import (
    Period,
    completed,
    day_span,
    days_between,
    grown,
    known,
    most_kwh,
)
from sems_tray.domain.model import NO_SUMS, EnergySums
from sems_tray.domain.time_zones import zone

KWH = st.none() | st.integers(0, 500).map(lambda n: n / 10)
SUMS = st.builds(EnergySums, pv_kwh=KWH, load_kwh=KWH, income=KWH)
ZONES = ("Europe/Amsterdam", "Atlantic/Azores", "America/Santiago", "Africa/Cairo")


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
    energies = replace(live, income=None)
    assert known(both) == (known(energies) or known(final))
