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
    assert of(Period.MONTH, date(2024, 3, 1)).has_previous(FIRST)
    lifetime = of(Period.TOTAL)
    assert not (lifetime.has_previous(FIRST))
    assert not (lifetime.has_next(TODAY))


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


@pytest.mark.parametrize(
    ("selection", "curve", "spans"),
    [
        # The day before is of the month before; beside a day its month is read.
        (
            Selection(day=date(2026, 6, 1)),
            date(2026, 6, 1),
            ((date(2026, 5, 31), date(2026, 6, 30)),),
        ),
        # Beside a month the one before and the one of last year.
        (
            of(Period.MONTH),
            None,
            (
                (date(2025, 6, 1), date(2025, 6, 30)),
                (date(2026, 5, 1), date(2026, 6, 30)),
            ),
        ),
        (of(Period.YEAR), None, ((date(2025, 1, 1), date(2026, 12, 31)),)),
        (of(Period.TOTAL), None, ((date(2001, 1, 1), TODAY),)),
    ],
)
def test_what_it_is_compared_with_is_read_too(selection, curve, spans):
    assert query_for(selection, TODAY) == HistoryQuery(curve=curve, spans=spans)


@pytest.mark.parametrize(
    ("first", "first_month", "earliest"),
    [
        (None, None, date(2001, 1, 1)),
        (FIRST, None, date(2001, 1, 1)),
        (None, date(2024, 3, 1), date(2024, 3, 1)),
        (FIRST, date(2024, 3, 1), FIRST),
    ],
)
def test_nothing_is_before_the_first_month_once_that_is_known(
    first, first_month, earliest
):
    data = HistoryData(first=first, first_month=first_month)
    assert data.earliest(TODAY) == earliest


def test_today_is_the_stations():
    late = datetime(2026, 6, 21, 22, 30, tzinfo=UTC)
    where = zone("Europe/Amsterdam")
    assert where is not None
    assert StationClock(now=late, where=where, settled=TODAY).today == date(2026, 6, 22)
