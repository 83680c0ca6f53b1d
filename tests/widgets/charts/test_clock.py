from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sems_tray.i18n.formatting import day_title
from sems_tray.widgets.charts.layout import clock_text, hours
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


def test_a_day_is_named_in_full():
    assert day_title(JUNE) == "Sunday, 21 June 2026"
