"""What is believed of a month's days, reply by reply."""

import pytest

from sems_tray.domain.energy import PeriodStatistics
from tests.portal.scripted import ok
from tests.portal.totals import (
    INCOME,
    JUNE,
    LOAD,
    MAY,
    PV,
    chart,
    classic,
    may,
    plus,
    statistics,
)

BOTH = pytest.mark.parametrize(
    "month_of_rows",
    [
        lambda rows: plus({"day": statistics(**{PV: rows})}).month(MAY),
        lambda rows: classic(chart(PVGeneration=rows)).month(MAY),
    ],
    ids=["semsplus", "classic"],
)


def days(past):
    return {it.day.day: it.sums.pv_kwh for it in past.days}


@BOTH
def test_zeros_before_the_first_energy_are_not_known_to_be_zeros(month_of_rows):
    past = month_of_rows(may([0] * 9 + [5.0, 0, 0, 7.5] + [0] * 18))
    assert days(past) == {10: 5.0, 11: 0.0, 12: 0.0, 13: 7.5} | dict.fromkeys(
        range(14, 32), 0.0
    )
    assert [it.day.day for it in past.zeros] == list(range(1, 10))
    assert past.months[0].sums.pv_kwh == 12.5
    assert past.months[0].final


@BOTH
def test_a_month_of_nothing_but_zeros_is_true_only_if_the_station_was_there(
    month_of_rows,
):
    past = month_of_rows(may([0] * 31))
    assert (past.days, past.months, past.years) == ((), (), ())
    assert len(past.zeros) == 31
    (month,) = past.zero_months
    assert (month.key, month.sums.pv_kwh, month.final) == ("2026-05", 0.0, True)
    assert month_of_rows({}) == PeriodStatistics()


@BOTH
def test_a_month_with_a_missing_day_has_no_sum(month_of_rows):
    assert month_of_rows(may([2.0] * 31)).months[0].sums.pv_kwh == 62.0
    for kwh, days_left in ((2.0, 30), (0, 0)):
        rows = may([kwh] * 31)
        del rows["2026-05-17"]
        past = month_of_rows(rows)
        assert (len(past.days), past.months, past.zero_months) == (days_left, (), ())


@BOTH
@pytest.mark.parametrize(
    "stray",
    ["2026-04-30", "2026-06-01", "2025-05-01", "2026-05", "2026", "", "2026-05-32"],
)
def test_rows_of_other_dates_and_of_none_are_dropped(month_of_rows, stray):
    rows = may([1.0] * 31)
    assert month_of_rows(rows | {stray: 99.0}) == month_of_rows(rows)


@BOTH
def test_what_is_no_energy_is_unknown(month_of_rows):
    past = month_of_rows(may([3.0, "-", None, -1, 3.0]))
    assert days(past) == {1: 3.0, 5: 3.0}


def test_any_date_of_a_month_names_it():
    client = plus({"day": statistics(**{PV: may([1.0] * 31)})})
    assert client.month(MAY.replace(day=17)) == client.month(MAY)


def test_an_item_that_is_missing_on_a_day_is_unknown_there_and_in_the_sum():
    rows = {PV: may([0] * 2 + [1.0] * 29), LOAD: may([0] + [2.0] * 29)}
    past = plus({"day": statistics(**rows)}).month(MAY)
    first, last = past.days[0], past.days[-1]
    # A day without sun but with load is known.
    assert (first.day.day, first.sums.pv_kwh, first.sums.load_kwh) == (2, 0.0, 2.0)
    assert last.sums.load_kwh is None
    whole = past.months[0].sums
    assert (whole.pv_kwh, whole.load_kwh) == (29.0, None)


def test_the_month_under_way_is_not_final_and_ends_today():
    rows = {f"2026-06-{n:02d}": 1.0 for n in range(1, 31)}
    past = plus({"day": statistics(**{PV: rows})}).month(JUNE)
    assert [it.final for it in past.days] == [True] * 20 + [False]
    assert (past.months[0].sums.pv_kwh, past.months[0].final) == (21.0, False)


@pytest.mark.parametrize(
    ("told", "income", "currency"),
    [
        ({INCOME: 12.5, "currency": "AUD"}, 12.5, "AUD"),
        ({INCOME: 0, "currency": "AUD"}, None, None),
        ({"currency": "AUD"}, None, None),
        ({INCOME: 12.5}, 12.5, None),
    ],
)
def test_a_profit_of_nothing_is_no_tariff(told, income, currency):
    rows = statistics(**{PV: may([1.0] * 31)})
    whole = plus({"day": rows}, ok(told)).month(MAY).months[0].sums
    assert (whole.income, whole.currency) == (income, currency)


def test_a_profit_alone_makes_no_month():
    client = plus({"day": statistics()}, ok({INCOME: 5.0, "currency": "EUR"}))
    assert client.month(MAY) == PeriodStatistics()


def test_self_use_without_a_meter_was_measured_by_nobody():
    rows = {PV: may([1.0] * 31), "proSelfConsumStats": may([1.0] * 31)}
    past = plus({"day": statistics(**rows)}).month(MAY)
    assert {it.sums.self_use_kwh for it in past.days} == {None}
    metered = rows | {"proGridStats": may([0.5] * 31)}
    past = plus({"day": statistics(**metered)}).month(MAY)
    assert {it.sums.self_use_kwh for it in past.days} == {1.0}
