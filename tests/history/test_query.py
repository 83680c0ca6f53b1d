from datetime import UTC, date, datetime

import pytest

from sems_tray.domain.energy import Period
from sems_tray.domain.time_zones import zone
from sems_tray.history.query import (
    HistoryData,
    HistoryQuery,
    Selection,
    StationClock,
    months_later,
    query_for,
)

TODAY = date(2026, 6, 21)
FIRST = date(2024, 2, 29)


def of(kind, day=TODAY):
    return Selection(kind=kind, day=day)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (Period.DAY, "Sunday, 21 June 2026"),
        (Period.MONTH, "June 2026"),
        (Period.YEAR, "2026"),
        (Period.TOTAL, "Lifetime"),
    ],
)
def test_a_selection_has_a_title(kind, title):
    assert of(kind).title() == title


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (Period.DAY, date(2026, 6, 20), date(2026, 6, 22)),
        (Period.MONTH, date(2026, 5, 21), date(2026, 7, 21)),
        (Period.YEAR, date(2025, 6, 21), date(2027, 6, 21)),
        (Period.TOTAL, TODAY, TODAY),
    ],
)
def test_it_leads_to_the_periods_around(kind, before, after):
    assert of(kind).previous() == of(kind, before)
    assert of(kind).next() == of(kind, after)


def test_a_longer_month_leads_to_the_end_of_a_shorter():
    assert months_later(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_later(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert months_later(date(2025, 12, 31), 2) == date(2026, 2, 28)


@pytest.mark.parametrize("kind", [Period.DAY, Period.MONTH, Period.YEAR])
def test_there_is_no_way_into_the_future_or_before_the_beginning(kind):
    assert not of(kind).has_next(TODAY)
    assert of(kind).previous().has_next(TODAY)
    assert not of(kind, FIRST).has_previous(FIRST)
    assert of(kind, FIRST).next().has_previous(FIRST)


def test_a_lifetime_has_nothing_around_it():
    assert not of(Period.TOTAL).has_previous(FIRST)
    assert not of(Period.TOTAL).has_next(TODAY)


def test_the_month_of_the_first_day_can_be_reached_from_its_following_one():
    assert of(Period.MONTH, date(2024, 3, 1)).has_previous(FIRST)


def test_it_is_kept_within_what_there_is():
    assert of(Period.DAY, date(2027, 1, 1)).clamped(FIRST, TODAY).day == TODAY
    assert of(Period.DAY, date(2020, 1, 1)).clamped(FIRST, TODAY).day == FIRST
    assert of(Period.DAY).clamped(FIRST, TODAY) == of(Period.DAY)


def test_a_month_holds_its_days_and_is_the_same_by_whichever_day():
    june = of(Period.MONTH)
    assert june.holds(date(2026, 6, 1))
    assert not june.holds(date(2025, 6, 21))
    assert june.same(of(Period.MONTH, date(2026, 6, 1)))
    assert not june.same(of(Period.DAY))
    assert not june.same(of(Period.MONTH, date(2026, 5, 1)))


def test_a_look_at_the_month_leads_back_to_the_day():
    assert Selection(kind=Period.DAY, day=of(Period.MONTH).day) == of(Period.DAY)


def test_for_a_day_its_month_and_the_day_before_are_read():
    first = Selection(day=date(2026, 6, 1))
    assert query_for(first, TODAY) == HistoryQuery(
        curve=date(2026, 6, 1), spans=((date(2026, 5, 31), date(2026, 6, 30)),)
    )


def test_for_a_month_the_one_before_and_the_one_of_last_year_are_read():
    assert query_for(of(Period.MONTH), TODAY) == HistoryQuery(
        spans=(
            (date(2025, 6, 1), date(2025, 6, 30)),
            (date(2026, 5, 1), date(2026, 6, 30)),
        )
    )


def test_longer_periods_read_no_curve():
    year = query_for(of(Period.YEAR), TODAY)
    assert year == HistoryQuery(spans=((date(2025, 1, 1), date(2026, 12, 31)),))
    assert query_for(of(Period.TOTAL), TODAY).spans == ((date(2001, 1, 1), TODAY),)


def test_nothing_is_before_the_first_month_once_that_is_known():
    assert HistoryData().earliest(TODAY) == date(2001, 1, 1)
    assert HistoryData(first=FIRST).earliest(TODAY) == date(2001, 1, 1)
    first_month = HistoryData(first_month=date(2024, 3, 1))
    assert first_month.earliest(TODAY) == date(2024, 3, 1)
    assert (
        HistoryData(first=FIRST, first_month=first_month.first_month).earliest(TODAY)
        == FIRST
    )


def test_today_is_the_stations():
    late = datetime(2026, 6, 21, 22, 30, tzinfo=UTC)
    where = zone("Europe/Amsterdam")
    assert where is not None
    assert StationClock(now=late, where=where, settled=TODAY).today == date(2026, 6, 22)
