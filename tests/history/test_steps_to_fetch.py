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
CLOCK = StationClock(now=NOW, where=UTC, settled=TODAY)
SOME = EnergySums(pv_kwh=1.0)
JUNE, MAY = MonthStep(date(2026, 6, 1)), MonthStep(date(2026, 5, 1))
JUNE_BEFORE = MonthStep(date(2025, 6, 1))


def of(kind, day=TODAY):
    return Selection(kind=kind, day=day)


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


def test_an_empty_store_needs_a_days_curve_and_then_its_months_totals():
    day = of(Period.DAY, date(2026, 6, 20))
    assert steps_to_fetch(day, HistoryData(), CLOCK, open_gaps) == (
        CurveStep(date(2026, 6, 20)),
        JUNE,
    )


def test_the_first_of_a_month_is_compared_with_the_month_before():
    first = of(Period.DAY, date(2026, 6, 1))
    assert steps_to_fetch(first, HistoryData(), CLOCK, open_gaps) == (
        CurveStep(date(2026, 6, 1)),
        JUNE,
        MAY,
    )


def test_a_day_that_the_portal_was_asked_for_needs_nothing():
    day = of(Period.DAY, date(2026, 6, 20))
    assert steps_to_fetch(day, HistoryData(), CLOCK, no_gaps) == ()


def test_final_totals_are_not_looked_up_among_the_gaps():
    def gaps(first, last):
        assert first == last == date(2026, 6, 20)
        return (MissingDay(day=first, curve=True, totals=False),)

    data = HistoryData(days=final(date(2026, 6, 1), date(2026, 6, 20)))
    day = of(Period.DAY, date(2026, 6, 20))
    assert steps_to_fetch(day, data, CLOCK, gaps) == (CurveStep(date(2026, 6, 20)),)


def test_today_is_fetched_only_if_its_beginning_is_missing():
    whole = HistoryData(points=points(datetime(2026, 6, 21, tzinfo=UTC)))
    late = HistoryData(points=points(datetime(2026, 6, 21, 9, tzinfo=UTC)))
    assert steps_to_fetch(of(Period.DAY), whole, CLOCK, no_gaps) == ()
    assert steps_to_fetch(of(Period.DAY), late, CLOCK, no_gaps) == (CurveStep(TODAY),)


def test_a_month_needs_itself_and_what_it_is_compared_with():
    assert steps_to_fetch(of(Period.MONTH), HistoryData(), CLOCK, open_gaps) == (
        JUNE,
        MAY,
        JUNE_BEFORE,
    )
    data = HistoryData(days=final(date(2026, 5, 1), date(2026, 6, 20)))
    assert steps_to_fetch(of(Period.MONTH), data, CLOCK, open_gaps) == (JUNE_BEFORE,)


def test_nothing_is_needed_of_the_time_before_the_station():
    data = HistoryData(
        first_month=date(2026, 6, 1), days=final(date(2026, 6, 1), date(2026, 6, 20))
    )
    assert steps_to_fetch(of(Period.MONTH), data, CLOCK, open_gaps) == ()
    assert steps_to_fetch(of(Period.YEAR), data, CLOCK, open_gaps) == (YearStep(2026),)


def test_on_the_first_of_a_month_its_totals_cannot_be_fetched_yet():
    first = date(2026, 6, 1)
    clock = StationClock(
        now=datetime(2026, 6, 1, 12, tzinfo=UTC), where=UTC, settled=first
    )
    data = HistoryData(days=final(date(2025, 6, 1), date(2026, 5, 31)))
    assert steps_to_fetch(of(Period.MONTH, first), data, clock, open_gaps) == ()


def test_a_year_needs_what_the_portal_did_not_finish_telling():
    year = of(Period.YEAR)
    assert steps_to_fetch(year, HistoryData(), CLOCK, no_gaps) == (
        YearStep(2026),
        YearStep(2025),
    )
    told = HistoryData(months=SO_FAR, years=(total("2025"),))
    assert steps_to_fetch(year, told, CLOCK, no_gaps) == ()
    one = HistoryData(months=SO_FAR[-1:], years=(total("2025"),))
    assert steps_to_fetch(year, one, CLOCK, no_gaps) == (YearStep(2026),)
    young = HistoryData(first_month=date(2026, 5, 3), months=SO_FAR[-1:])
    assert steps_to_fetch(year, young, CLOCK, no_gaps) == ()
    before = HistoryData(
        months=(total("2026-04"),), years=(total("2025", is_final=False),)
    )
    assert steps_to_fetch(year, before, CLOCK, no_gaps) == (
        YearStep(2026),
        YearStep(2025),
    )


def test_in_january_readings_tell_of_the_year():
    january = date(2026, 1, 10)
    clock = StationClock(
        now=datetime(2026, 1, 10, 12, tzinfo=UTC), where=UTC, settled=january
    )
    data = HistoryData(years=(total("2026", is_final=False), total("2025")))
    assert steps_to_fetch(of(Period.YEAR, january), data, clock, no_gaps) == ()


def test_a_lifetime_goes_back_a_year_at_a_time_until_there_is_nothing():
    life = of(Period.TOTAL)
    assert steps_to_fetch(life, HistoryData(), CLOCK, no_gaps) == (
        YearStep(2026),
        YearStep(2025),
    )
    back = HistoryData(months=SO_FAR, years=(total("2025"),))
    assert steps_to_fetch(life, back, CLOCK, no_gaps) == (YearStep(2024),)
    zeros = total("2024", sums=EnergySums(pv_kwh=0.0))
    over = HistoryData(months=SO_FAR, years=(zeros, total("2025")))
    assert steps_to_fetch(life, over, CLOCK, no_gaps) == ()


def test_a_lifetime_stops_at_the_first_month_if_that_is_known():
    data = HistoryData(
        first_month=date(2025, 3, 1), months=SO_FAR, years=(total("2025"),)
    )
    assert steps_to_fetch(of(Period.TOTAL), data, CLOCK, no_gaps) == ()


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
