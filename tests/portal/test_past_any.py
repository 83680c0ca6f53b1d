"""Recorded totals, and any reply there may be: of no other time, and none made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import PeriodStatistics
from sems_tray.portal.classic import statistics as classic_past
from sems_tray.portal.dialect import Poll
from sems_tray.portal.errors import PathGoneError, PortalError
from sems_tray.portal.semsplus import statistics as plus_past
from sems_tray.portal.wire.envelope import data_of
from sems_tray.portal.wire.values import day_of, month_of, rows_by_date, year_of
from tests.portal.odd import JSON, ODD, fuzz
from tests.portal.replies import envelope
from tests.portal.scripted import ok
from tests.portal.totals import INCOME, JUNE, LOAD, MAY, NOW, PV, WHERE


@pytest.mark.parametrize(
    ("words", "day", "month", "year"),
    [
        ("2026-09-24", date(2026, 9, 24), None, None),
        ("09/24/2026", date(2026, 9, 24), None, None),
        ("2026-9-1", date(2026, 9, 1), date(2026, 9, 1), None),
        ("12/31/2026 00:00:00", date(2026, 12, 31), date(2026, 12, 1), JUNE),
        ("2026-09-24 22:00:00", None, None, None),
        ("2026-02-29", None, None, None),
        ("24/09/2026", None, None, None),
        ("2026-02", None, date(2026, 2, 1), None),
        ("2026", None, None, JUNE),
        ("1989", None, None, None),
        ("٢٠٢٦", None, None, None),
    ],
)
def test_dates_of_totals(words, day, month, year):
    assert day_of(words) == day
    assert month_of(words) == month
    assert year_of(words) == (year and year.replace(month=1))


def test_two_values_of_one_date_are_none():
    sure = [(MAY, 1.0), (JUNE, 2.0), (MAY, 1.0), (None, 5.0)]
    unsure = [(MAY, 1.0), (MAY, 3.0), (MAY, 1.0), (JUNE, None)]
    assert rows_by_date({"a": sure, "b": unsure}) == {MAY: {"a": 1.0}, JUNE: {"a": 2.0}}
    assert rows_by_date({"b": unsure}) == {}


def portal(give):
    """Return a poll whose every call gets the data that ``give`` returns."""

    def ask(_):
        data_ = give()
        if data_ == "gone":
            raise PathGoneError
        return data_of(envelope(ok(data_)))

    return Poll(ask=ask, station_id="S", now=NOW)


LEAF = ODD | st.floats(0, 100)
DATES = st.sampled_from(
    ["2026-05", "2026-06", "2026", "05/01/2026", "06/21/2026", "2026-06-22"]
) | st.dates(date(2026, 4, 28), date(2026, 7, 2)).map(date.isoformat)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"date": DATES, "x": DATES, "d": DATES, "val": LEAF, "y": LEAF, "p": LEAF}
    ),
    max_size=40,
)
NAMES = st.sampled_from([PV, LOAD, "proSelfConsumStats", "Sell", "Charge", "Income"])
REPLIES = st.one_of(
    JSON,
    st.just("gone"),
    ROWS,
    st.lists(
        st.fixed_dictionaries(
            {"item": NAMES, "key": NAMES, "statisticsList": ROWS, "xy": ROWS}
        ),
        max_size=3,
    ).map(lambda it: {"dataList": it, "lines": it, INCOME: 5}),
)


@pytest.mark.parametrize("dialect", [plus_past, classic_past])
@fuzz
@given(replies=st.data(), first=st.dates(date(2026, 4, 1), date(2026, 8, 1)))
def test_whatever_is_sent_no_total_is_of_another_time(dialect, replies, first):
    def found(ask, *what):
        poll = portal(lambda: replies.draw(REPLIES))
        try:
            return ask(poll, *what, WHERE)
        except PortalError:
            return PeriodStatistics()

    first = first.replace(day=1)
    month, year = found(dialect.month, first), found(dialect.year, 2026)
    told = [it.day for it in month.days]
    assert told == sorted(set(told))
    for it in month.days:
        assert it.day.replace(day=1) == first
        assert it.day <= NOW.date()
        assert it.final == (it.day < NOW.date())
    assert {it.key for it in month.months} <= {first.isoformat()[:7]}
    assert {it.key for it in year.years} <= {"2026"}
    keys = [it.key for it in year.months]
    assert keys == sorted(set(keys))
    assert set(keys) <= {f"2026-{n:02d}" for n in range(1, 7)}
    for it in (*month.days, *month.months, *year.months, *year.years):
        assert (it.sums.pv_kwh or 0) >= 0
        assert (it.sums.load_kwh or 0) >= 0
