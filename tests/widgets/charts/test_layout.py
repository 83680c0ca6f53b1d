"""What every chart is laid out in: axes with round numbers, the hours of a day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.widgets.charts.layout import clock_text, hours, scale
from tests.kit.charts import MADRID

JUNE = date(2026, 6, 21)
LONG = date(2026, 10, 25)
SHORT = date(2026, 3, 29)


def texts(day, step_h, where=MADRID):
    return " ".join(it.text for it in hours(day, where, step_h))


def test_an_ordinary_day_goes_from_00_to_24():
    assert texts(JUNE, 4) == "00 04 08 12 16 20 24"
    assert hours(JUNE, MADRID, 12)[1].at == datetime(2026, 6, 21, 10, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_there_twice():
    assert texts(LONG, 1).startswith("00 01 02 02 03 04")
    assert len(hours(LONG, MADRID, 1)) == 26
    assert texts(LONG, 3) == "00 03 06 09 12 15 18 21 24"
    first, second = hours(LONG, MADRID, 1)[2:4]
    assert first.at == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert second.at == datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_the_hour_that_is_skipped_is_missing():
    assert texts(SHORT, 1).startswith("00 01 03 04")
    assert len(hours(SHORT, MADRID, 1)) == 24
    assert texts(SHORT, 2).startswith("00 04 06")


@pytest.mark.parametrize(
    ("zone", "day", "text"),
    [
        ("Asia/Kathmandu", JUNE, "00 06 12 18 24"),  # a quarter off
        ("America/Santiago", date(2026, 9, 6), "06 12 18 24"),  # there is no midnight
        ("America/Havana", date(2026, 11, 1), "00 00 06 12 18 24"),  # there are two
        ("Australia/Lord_Howe", date(2026, 4, 5), "00 06 12 18 24"),  # 24.5 hours
    ],
)
def test_odd_zones_have_their_hours_too(zone, day, text):
    assert texts(day, 6, ZoneInfo(zone)) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30 summer time"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30 winter time"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "03:30"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
    ],
)
def test_a_clock_says_which_of_two_hours_it_means(at, text):
    assert clock_text(at, MADRID) == text


# Axes.


@pytest.mark.parametrize(
    ("low", "high", "steps", "ticks"),
    [
        (0, 8.2, 5, (0, 2, 4, 6, 8, 10)),
        (0, 8.0, 5, (0, 2, 4, 6, 8)),
        (0, 1.0, 5, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0, 0.3, 3, (0, 0.1, 0.2, 0.3)),
        (0, 58, 6, (0, 10, 20, 30, 40, 50, 60)),
        (0, 12_400, 3, (0, 5_000, 10_000, 15_000)),
        (-2.4, 8.2, 6, (-2, 0, 2, 4, 6, 8, 10)),
        (-0.3, 8.2, 6, (0, 2, 4, 6, 8, 10)),
    ],
)
def test_ticks_are_round_numbers(low, high, steps, ticks):
    assert scale(low, high, steps).ticks == ticks


def test_it_ends_at_a_round_number_above_and_at_the_low_below():
    found = scale(-0.3, 8.2, 6)
    assert (found.low, found.high) == (-0.3, 10)


def test_a_fixed_end_stays_where_it_is():
    found = scale(0, 10.1, 6, fixed=True)
    assert (found.high, found.ticks) == (10.1, (0, 2, 4, 6, 8, 10))
    assert scale(0, 10, 6, fixed=True).ticks == found.ticks


def test_labels_have_the_digits_of_the_step_and_their_sign():
    tenths, whole = scale(0, 0.3, 3), scale(-2, 8, 6)
    assert [tenths.text(it) for it in (0.0, 0.1, 0.3)] == ["0.0", "0.1", "0.3"]
    assert [whole.text(it) for it in (-2.0, 0.0, 8.0)] == ["-2", "0", "8"]


@given(
    low=st.floats(-1e6, 0),
    high=st.floats(1e-3, 1e6),
    steps=st.integers(1, 12),
    fixed=st.booleans(),
)
def test_every_axis_holds_its_values_and_is_not_crowded(low, high, steps, fixed):
    found = scale(low, high, steps, fixed=fixed)
    slack = 1e-6 * (high - low)
    assert found.low == low
    assert found.high >= high - slack
    assert 1 <= len(found.ticks) <= steps + 2
    assert 0 in found.ticks
    assert list(found.ticks) == sorted(set(found.ticks))
    assert all(low - slack <= it <= found.high + slack for it in found.ticks)
