"""What is believed of a month's days and a year's months, reply by reply."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import PeriodStatistics
from sems_tray.domain.model import EnergySums
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.portal.classic.statistics import parse_pac_day
from tests.portal.scripted import ok
from tests.portal.totals import (
    INCOME,
    JUNE,
    LOAD,
    MAY,
    NONE,
    PV,
    WHERE,
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


FEW = {"2025-11": 3.0, "2025-12": 4.0}
MONTHS = {f"2025-{n:02d}": float(n) for n in range(1, 13)}


def test_a_year_is_what_it_is_told_to_be():
    months, year = statistics(**{PV: MONTHS}), statistics(**{PV: {"2025": 78.4}})
    earned = ok({INCOME: 9.0, "currency": "USD"})
    past = plus({"month": months, "year": year}, earned).year(2025)
    assert [it.sums.pv_kwh for it in past.months] == list(MONTHS.values())
    (whole,) = past.years
    assert whole.sums == EnergySums(pv_kwh=78.4, income=9.0, currency="USD")
    assert whole.final


@pytest.mark.parametrize(
    ("months", "told", "whole"),
    [
        (MONTHS, {"2025": 0}, 78.0),  # less than its months is wrong
        (MONTHS, {"2025": 77.5}, 77.5),  # rounding is not
        (MONTHS, {}, 78.0),
        (MONTHS, {"2024": 500.0}, 78.0),
        (MONTHS, {"2025": 80.0, "2025-01-01": 90.0}, 78.0),
        (FEW, {"2025": 7.0}, 7.0),
        (FEW, {"2025": 0}, None),
        (FEW, {}, None),
        ({}, {"2025": 7.0}, 7.0),
    ],
)
def test_a_year_is_never_less_than_its_months(months, told, whole):
    client = plus(
        {"month": statistics(**{PV: months}), "year": statistics(**{PV: told})}
    )
    past = client.year(2025)
    assert [it.sums.pv_kwh for it in past.years] == ([] if whole is None else [whole])
    assert len(past.months) == len(months)


@pytest.mark.parametrize("only", ["month", "year"])
def test_one_dimension_of_a_year_is_enough(only):
    rows = {"month": MONTHS, "year": {"2025": 78.0}}[only]
    past = plus({only: statistics(**{PV: rows})}).year(2025)
    assert past.years[0].sums.pv_kwh == 78.0
    assert len(past.months) == (12 if only == "month" else 0)


def test_a_year_of_which_both_dimensions_are_refused_is_unreadable():
    failed = plus({}).year(2025)
    assert isinstance(failed, PollFailed)
    assert failed.trouble is Trouble.UNREADABLE


def test_a_reply_that_changed_its_mind_about_a_month_is_not_believed():
    rows = MONTHS | {"2025-03-01": 99.0}
    client = plus({"month": statistics(**{PV: rows}), "year": NONE})
    past = client.year(2025)
    assert "2025-03" not in {it.key for it in past.months}
    assert past.years == ()


def test_a_years_first_months_of_zeros_are_set_aside():
    rows = {name: max(kwh - 2, 0.0) for name, kwh in MONTHS.items()}
    past = plus({"month": statistics(**{PV: rows})}).year(2025)
    assert [it.key for it in past.months] == list(rows)[2:]
    zeros = [(it.key, it.sums.pv_kwh, it.final) for it in past.zero_months]
    assert zeros == [("2025-01", 0.0, True), ("2025-02", 0.0, True)]
    past = plus({"month": statistics(**{PV: dict.fromkeys(rows, 0)})}).year(2025)
    assert (past.months, past.years, len(past.zero_months)) == ((), (), 12)


def flat(**lines):
    """Return bars that are the same on every day of May."""
    return chart(**{name: may([value] * 31) for name, value in lines.items()})


def test_classic_bars_by_all_their_names():
    lines = {"Generation(kWh)": 9.0, "Sell": 4.0, "Buy(kWh)": 2.0, "Consumption": 6.0}
    lines |= {"In-House": 5.0, "Charge": 1.0, "Discharge": 0.5, "Income": 0.25}
    past = classic(flat(**lines)).month(MAY)
    energies = {"pv_kwh": 9.0, "export_kwh": 4.0, "import_kwh": 2.0, "load_kwh": 6.0}
    energies |= {"self_use_kwh": 5.0, "charge_kwh": 1.0, "discharge_kwh": 0.5}
    expected = EnergySums(**energies, income=0.25, currency="CHF")
    assert past.days[4].sums == expected
    whole = past.months[0].sums
    assert (whole.pv_kwh, whole.income, whole.currency) == (279.0, 7.75, "CHF")


def test_classic_bars_of_0_of_what_is_not_fitted_are_unknown():
    names = ("Sell", "Buy", "SelfUse", "Charge", "Discharge", "Income")
    zeros = dict.fromkeys(names, 0.0)
    past = classic(flat(PVGeneration=5.0, Consumption=5.0, **zeros)).month(MAY)
    assert {it.sums for it in past.days} == {EnergySums(pv_kwh=5.0)}


def test_classic_stations_off_the_grid_have_a_load():
    lines = {"PVGeneration": 5.0, "Consumption": 4.0, "Charge": 2.0}
    past = classic(flat(**lines, Sell=0.0, Buy=0.0)).month(MAY)
    sums = past.days[0].sums
    assert (sums.load_kwh, sums.import_kwh) == (4.0, 0.0)


def test_a_classic_year_whose_months_are_missing_is_asked_for_as_one():
    years = {"2024": 90.0, "2025": 7.1}

    def answer(request):
        rows = {3: FEW, 4: years}.get(json.loads(request.body)["range"], {})
        return chart(PVGeneration=rows)

    past = classic(answer).year(2025)
    assert [it.key for it in past.months] == list(FEW)
    assert past.years[0].sums.pv_kwh == 7.1


def test_a_classic_year_is_asked_for_up_to_today():
    asked = []

    def answer(request):
        asked.append(json.loads(request.body)["date"])
        return chart()

    client = classic(answer)
    asked.clear()
    client.year(2026)
    client.year(2024)
    client.month(JUNE)
    client.month(date(2024, 2, 1))
    assert asked == ["2026-06-21", "2024-12-31", "2026-06-21", "2024-02-29"]


def test_an_older_curve_without_its_rows_is_empty():
    for raw in (b"null", b"{}", b"[]", b'{"pacs": null}'):
        assert parse_pac_day(raw, WHERE) == ()


def test_an_older_curve_of_another_day_is_not_of_this_one():
    pacs = [
        {"date": f"06/{day}/2026 12:0{n}:00", "pac": 100.0 * n}
        for day in (19, 20, 21)
        for n in (1, 2)
    ]
    client = classic(
        **{"*/GetPowerStationPacByDayForApp": ok({"today_power": 1, "pacs": pacs})}
    )
    points = client.day_curve(date(2026, 6, 20))
    noon = datetime(2026, 6, 20, 10, tzinfo=UTC)
    assert [it.at - noon for it in points] == [timedelta(minutes=n) for n in (1, 2)]
