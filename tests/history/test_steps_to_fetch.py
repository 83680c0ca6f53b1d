from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import (
    CurveStep,
    DayTotals,
    MissingDay,
    MonthStep,
    Period,
    PeriodTotals,
    YearStep,
    days_between,
)
from sems_tray.domain.model import CurvePoint, EnergySums
from sems_tray.history.query import (
    HistoryData,
    Selection,
    StationClock,
    step_title,
    steps_to_fetch,
)

NOW = datetime(2026, 6, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
NOTHING = HistoryData()
SOME = EnergySums(pv_kwh=1.0)
JUNE, MAY = MonthStep(date(2026, 6, 1)), MonthStep(date(2026, 5, 1))
JUNE_BEFORE = MonthStep(date(2025, 6, 1))


def open_gaps(first, last):
    return tuple(
        MissingDay(day=day, curve=True, totals=True)
        for day in days_between(first, last)
    )


def no_gaps(first, last):
    return ()


def final(first, last):
    return tuple(
        DayTotals(day=day, sums=SOME, final=True) for day in days_between(first, last)
    )


def total(key, *, is_final=True, sums=SOME):
    return PeriodTotals(key=key, sums=sums, final=is_final)


SO_FAR = tuple(total(f"2026-0{it}") for it in range(1, 6))


def points(since, until=NOW):
    count = int((until - since) / timedelta(minutes=5))
    return tuple(CurvePoint(at=since + n * timedelta(minutes=5)) for n in range(count))


def lacks(kind, data=NOTHING, *, day=None, today=TODAY, gaps=open_gaps):
    """Return what is lacking at noon; ``day`` is today if not told."""
    noon = NOW.replace(month=today.month, day=today.day)
    clock = StationClock(now=noon, where=UTC, settled=today)
    return steps_to_fetch(Selection(kind=kind, day=day or today), data, clock, gaps)


def test_an_empty_store_needs_a_days_curve_and_then_its_months_totals():
    yesterday, first = date(2026, 6, 20), date(2026, 6, 1)
    assert lacks(Period.DAY, day=yesterday) == (CurveStep(yesterday), JUNE)
    # The first of a month is compared with the last of the month before.
    assert lacks(Period.DAY, day=first) == (CurveStep(first), JUNE, MAY)
    assert lacks(Period.DAY, day=yesterday, gaps=no_gaps) == ()  # the portal was asked


def test_final_totals_are_not_looked_up_among_the_gaps():
    def gaps(first, last):
        assert first == last == date(2026, 6, 20)
        return (MissingDay(day=first, curve=True, totals=False),)

    data = HistoryData(days=final(date(2026, 6, 1), date(2026, 6, 20)))
    day = date(2026, 6, 20)
    assert lacks(Period.DAY, data, day=day, gaps=gaps) == (CurveStep(day),)


def test_today_is_fetched_only_if_its_beginning_is_missing():
    whole = HistoryData(points=points(datetime(2026, 6, 21, tzinfo=UTC)))
    late = HistoryData(points=points(datetime(2026, 6, 21, 9, tzinfo=UTC)))
    assert lacks(Period.DAY, whole, gaps=no_gaps) == ()
    assert lacks(Period.DAY, late, gaps=no_gaps) == (CurveStep(TODAY),)


def test_a_month_needs_itself_and_what_it_is_compared_with():
    assert lacks(Period.MONTH) == (JUNE, MAY, JUNE_BEFORE)
    data = HistoryData(days=final(date(2026, 5, 1), date(2026, 6, 20)))
    assert lacks(Period.MONTH, data) == (JUNE_BEFORE,)


def test_nothing_is_needed_of_the_time_before_the_station():
    data = HistoryData(
        first_month=date(2026, 6, 1), days=final(date(2026, 6, 1), date(2026, 6, 20))
    )
    assert lacks(Period.MONTH, data) == ()
    assert lacks(Period.YEAR, data) == (YearStep(2026),)


def test_on_the_first_of_a_month_its_totals_cannot_be_fetched_yet():
    first = date(2026, 5, 1)
    data = HistoryData(days=final(date(2025, 5, 1), date(2026, 4, 30)))
    assert lacks(Period.MONTH, data, today=first) == ()


@pytest.mark.parametrize(
    ("data", "years"),
    [
        (NOTHING, (2026, 2025)),
        (HistoryData(months=SO_FAR, years=(total("2025"),)), ()),
        (HistoryData(months=SO_FAR[-1:], years=(total("2025"),)), (2026,)),
        (HistoryData(first_month=date(2026, 5, 3), months=SO_FAR[-1:]), ()),
        (
            HistoryData(
                months=(total("2026-04"),), years=(total("2025", is_final=False),)
            ),
            (2026, 2025),
        ),
    ],
)
def test_a_year_needs_what_the_portal_did_not_finish_telling(data, years):
    assert lacks(Period.YEAR, data, gaps=no_gaps) == tuple(map(YearStep, years))


def test_in_january_readings_tell_of_the_year():
    data = HistoryData(years=(total("2026", is_final=False), total("2025")))
    january = date(2026, 1, 10)
    assert lacks(Period.YEAR, data, today=january, gaps=no_gaps) == ()


LAST_YEAR = (total("2025"),)
ZEROS = total("2024", sums=EnergySums(pv_kwh=0.0))


@pytest.mark.parametrize(
    ("data", "years"),
    [
        (NOTHING, (2026, 2025)),
        (HistoryData(months=SO_FAR, years=LAST_YEAR), (2024,)),
        (HistoryData(months=SO_FAR, years=(ZEROS, *LAST_YEAR)), ()),
        (
            HistoryData(first_month=date(2025, 3, 1), months=SO_FAR, years=LAST_YEAR),
            (),
        ),
    ],
)
def test_a_lifetime_goes_back_a_year_at_a_time_until_there_is_nothing(data, years):
    assert lacks(Period.TOTAL, data, gaps=no_gaps) == tuple(map(YearStep, years))


@pytest.mark.parametrize(
    ("step", "title"),
    [
        (CurveStep(date(2026, 6, 1)), "1 June 2026"),
        (JUNE, "June 2026"),
        (YearStep(2026), "2026"),
    ],
)
def test_a_step_is_named(step, title):
    assert step_title(step) == title
