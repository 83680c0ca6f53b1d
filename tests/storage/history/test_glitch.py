"""A counter that jumps once must not stand for the rest of the day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import AMOUNTS, Period, believable, grown
from sems_tray.domain.model import Energy, EnergySums
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import HOME, MINUTE, NOON, reading

KWP = 10.0
DAY = date(2026, 6, 21)


def seen(minutes, kwh, capacity=KWP):
    sums = EnergySums(pv_kwh=kwh, import_kwh=kwh)
    made = reading(
        NOON + minutes * MINUTE,
        energy=Energy(today=sums, month=sums, year=sums, total=sums),
    )
    return replace(made, station=replace(made.station, capacity_kwp=capacity))


@pytest.mark.parametrize("capacity", [KWP, None])
def test_a_glitch_is_not_kept(tmp_path, capacity):
    with History(tmp_path / HISTORY) as history:
        for n, kwh in enumerate((10, 99_999, 10.1)):
            history.add(seen(2 * n, kwh, capacity))
        (day,) = history.reader.days(HOME, DAY, DAY)
        assert (day.sums.pv_kwh, day.sums.import_kwh) == (10.1, 10.1)
        (month,) = history.reader.periods(HOME, Period.MONTH)
        assert month.sums.pv_kwh == 10.1


def test_a_glitch_as_the_first_look_is_not_kept(tmp_path):
    with History(tmp_path / HISTORY) as history:
        history.add(seen(0, 9999))
        assert not [it for it in history.reader.days(HOME, DAY, DAY) if it.sums.pv_kwh]
        history.add(seen(2, 10.1))
        (day,) = history.reader.days(HOME, DAY, DAY)
        assert day.sums.pv_kwh == 10.1


def test_what_grew_while_nobody_looked_is_kept(tmp_path):
    with History(tmp_path / HISTORY) as history:
        history.add(seen(0, 10))
        history.add(seen(6 * 60, 70))
        (day,) = history.reader.days(HOME, DAY, DAY)
        assert day.sums.pv_kwh == 70


@given(
    st.lists(st.tuples(st.integers(1, 600), st.floats(0, 1)), max_size=20),
    st.floats(1, 500),
    st.floats(1e5, 1e8),
    st.integers(0, 20),
)
def test_what_a_plant_can_make_is_kept_and_no_more(steps, capacity, odd, place):
    """A plant that makes up to twice its capacity, and one look that is wrong."""
    held, true, minutes = EnergySums(), 0.0, 0
    for n, (passed, share) in enumerate(steps):
        minutes += passed
        true += share * 2 * capacity * passed / 60
        for value in (true, true + odd) if n == place else (true,):
            now = EnergySums(**{it: value for it in AMOUNTS if it != "income"})
            held = grown(
                held,
                believable(
                    held,
                    now,
                    since_look_h=passed / 60,
                    since_start_h=minutes / 60,
                    capacity_kwp=capacity,
                ),
            )
        assert held.pv_kwh == true
        assert held.import_kwh == true


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_lifetime_that_nobody_saw_before_is_believed(kwh, income):
    now = EnergySums(pv_kwh=kwh, income=income)
    found = believable(
        EnergySums(), now, since_look_h=1, since_start_h=None, capacity_kwp=1
    )
    assert found == now
