from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sems_tray.domain.energy import DayTotals, Period, PeriodTotals, days_between
from sems_tray.domain.model import EnergySums, Tariffs
from sems_tray.history.query import HistoryData, Selection, StationClock
from sems_tray.i18n.formatting import DASH
from sems_tray.window.history.table_model import (
    FigureRow,
    figure_table,
    month_spans,
    since_begun,
    year_spans,
)

NOW = datetime(2026, 6, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
CLOCK = StationClock(now=NOW, where=UTC, settled=TODAY)
NO_TARIFFS = Tariffs()


def of(kind, day=TODAY):
    return Selection(kind=kind, day=day)


def day(at, pv_kwh, *, final=True, **more):
    return DayTotals(day=at, sums=EnergySums(pv_kwh=pv_kwh, **more), final=final)


def days(first, last, pv_kwh=1.0, **more):
    return tuple(day(it, pv_kwh, **more) for it in days_between(first, last))


def total(key, pv_kwh, *, final=True, **more):
    sums = EnergySums(pv_kwh=pv_kwh, **more)
    return PeriodTotals(key=key, sums=sums, final=final)


def table(selection, data, tariffs=NO_TARIFFS):
    return figure_table(selection, data, CLOCK, tariffs)


def heads(found):
    return [(it.title, it.note) for it in found.columns]


def row(found, label):
    return next(it.cells for it in found.rows if it.label == label)


def labels(found):
    return [it.label for it in found.rows]


def test_a_day_stands_beside_the_day_before_and_the_best_of_its_month():
    data = HistoryData(
        days=(
            day(date(2026, 5, 31), 70.0),
            day(date(2026, 6, 12), 58.2, load_kwh=11.0, import_kwh=0.0),
            day(date(2026, 6, 20), 31.0, load_kwh=10.0, import_kwh=0.9),
            day(TODAY, 18.4, final=False, load_kwh=5.0, import_kwh=0.15),
        )
    )
    found = table(of(Period.DAY), data)
    assert heads(found) == [
        ("today", "so far"),
        ("day before", "20 June"),
        ("best June day", "12 June"),
    ]
    assert row(found, "Solar") == ("18.4 kWh", "31.0 kWh", "58.2 kWh")
    assert row(found, "Self-powered") == ("97 %", "91 %", "100 %")


def test_the_whole_table_has_one_unit():
    years = (
        total("2025", 12_400.0, load_kwh=940.0),
        total("2026", 900.0, final=False, load_kwh=310.0),
    )
    found = table(
        of(Period.YEAR), HistoryData(years=years, first_month=date(2025, 1, 1))
    )
    assert row(found, "Solar")[:2] == ("900.0 kWh", "12,400 kWh")
    assert row(found, "House")[:2] == ("310.0 kWh", "940.0 kWh")
    large = tuple(replace(it, sums=EnergySums(pv_kwh=12_400.0)) for it in years)
    found = table(
        of(Period.YEAR), HistoryData(years=large, first_month=date(2025, 1, 1))
    )
    assert row(found, "Solar")[:2] == ("12.4 MWh", "12.4 MWh")


def test_the_day_before_the_first_of_a_month_is_no_candidate_for_its_best():
    data = HistoryData(days=(day(date(2026, 5, 31), 70.0), day(date(2026, 6, 1), 5.0)))
    found = table(of(Period.DAY, date(2026, 6, 1)), data)
    assert row(found, "Solar") == ("5.0 kWh", "70.0 kWh", "5.0 kWh")


def test_what_is_not_known_is_a_dash_and_what_is_never_known_has_no_row():
    unknown = day(date(2026, 6, 19), None, load_kwh=3.0)
    data = HistoryData(days=(unknown, day(date(2026, 6, 20), 0.0)))
    found = table(of(Period.DAY, date(2026, 6, 20)), data)
    assert labels(found) == ["Solar", "House"]
    assert row(found, "Solar")[:2] == ("0.0 kWh", DASH)
    assert row(found, "House") == (DASH, "3.0 kWh", DASH)


def test_a_past_day_that_was_only_watched_may_be_incomplete():
    data = HistoryData(days=(day(date(2026, 6, 20), 9.0, final=False),))
    found = table(of(Period.DAY, date(2026, 6, 20)), data)
    assert heads(found)[0] == ("this day", "may be incomplete")


def test_a_month_under_way_is_compared_with_last_years_up_to_the_same_date():
    data = HistoryData(
        days=(
            *days(date(2025, 6, 1), date(2025, 6, 30), 2.0),
            *days(date(2026, 5, 1), TODAY),
        )
    )
    found = table(of(Period.MONTH), data)
    assert heads(found) == [
        ("this month", "so far"),
        ("month before", "May 2026"),
        ("a year before", "to 21 June 2025"),
    ]
    assert row(found, "Solar") == ("21.0 kWh", "31.0 kWh", "42.0 kWh")


def test_a_finished_month_is_compared_with_whole_months():
    data = HistoryData(months=(total("2026-05", 500.0), total("2025-05", 450.0)))
    found = table(of(Period.MONTH, date(2026, 5, 3)), data)
    assert heads(found) == [
        ("this month", ""),
        ("month before", "April 2026"),
        ("a year before", "May 2025"),
    ]
    assert row(found, "Solar") == ("500.0 kWh", DASH, "450.0 kWh")


def test_a_partial_sum_says_of_how_many_days_it_is():
    data = HistoryData(days=days(date(2026, 5, 1), date(2026, 5, 12)))
    found = table(of(Period.MONTH, date(2026, 5, 3)), data)
    assert found.columns[0].note == "12 of 31 days known"


@pytest.mark.parametrize(
    ("more", "note"),
    [({}, "so far"), ({"load_kwh": 4.0}, "1 of 21 days known")],
    ids=["all of it", "of the sun alone"],
)
def test_a_total_of_the_month_under_way_counts_unseen_days_too(more, note):
    data = HistoryData(
        days=(day(TODAY, 10.0, final=False, **more),),
        months=(total("2026-06", 300.0, final=False),),
    )
    found = table(of(Period.MONTH), data)
    assert found.columns[0].note == note
    assert row(found, "Solar")[0] == "300.0 kWh"


def test_a_year_is_compared_with_the_whole_one_before_unless_its_days_are_known():
    years = (total("2026", 800.0, final=False), total("2025", 2000.0))
    months = (total("2026-04", 300.0), total("2026-05", 280.0))
    unknown = HistoryData(years=years, months=months)
    assert table(of(Period.YEAR), unknown).columns[1].note == "2025"
    found = table(of(Period.YEAR), replace(unknown, first_month=date(2024, 3, 1)))
    assert heads(found) == [
        ("this year", "so far"),
        ("year before", "all of 2025"),
        ("best month", "April"),
    ]
    assert row(found, "Solar") == ("800.0 kWh", "2,000.0 kWh", "300.0 kWh")
    known = HistoryData(years=years, days=days(date(2025, 1, 1), date(2025, 12, 31)))
    fair = table(of(Period.YEAR), known)
    assert fair.columns[1].note == "to 21 June 2025"
    assert row(fair, "Solar")[1] == "172.0 kWh"


def test_a_lifetime_has_its_best_month_and_day():
    data = HistoryData(
        days=(day(date(2025, 6, 12), 58.2),),
        months=(total("2025-06", 1200.0), total("2026-05", 1100.0)),
        years=(total("2025", 6000.0), total("2026", 3000.0, final=False)),
        total=EnergySums(pv_kwh=9400.0),
        first=date(2025, 4, 2),
        first_month=date(2025, 4, 1),
    )
    found = table(of(Period.TOTAL), data)
    assert heads(found) == [
        ("in all", "since April 2025"),
        ("best month", "June 2025"),
        ("best day", "12 June 2025"),
    ]
    assert row(found, "Solar") == ("9,400.0 kWh", "1,200.0 kWh", "58.2 kWh")
    # The first day that is kept is not the beginning of the portal's sum.
    unknown = table(of(Period.TOTAL), replace(data, first_month=None))
    assert heads(unknown)[0] == ("in all", "")


def test_the_portals_income_goes_before_the_owners_prices():
    prices = Tariffs(import_price=0.3, export_price=0.1, currency="GBP")
    data = HistoryData(
        days=(
            day(TODAY, 10.0, income=4.1, currency="EUR", export_kwh=2.0),
            day(date(2026, 6, 20), 5.0, export_kwh=1.0),
        )
    )
    found = table(of(Period.DAY), data, prices)
    assert row(found, "Income") == ("4.10 €", DASH, "4.10 €")


@pytest.mark.parametrize(
    ("prices", "label", "text"),
    [
        (
            Tariffs(import_price=0.3, export_price=0.1, currency="GBP"),
            "Saved",
            "1.90 £",
        ),
        (Tariffs(export_price=0.1, currency="CHF"), "Earned", "0.40 CHF"),
        (Tariffs(import_price=0.3), "Saved", "1.50"),
    ],
)
def test_savings_follow_the_owners_prices(prices, label, text):
    sums = {"load_kwh": 6.0, "import_kwh": 1.0, "export_kwh": 4.0}
    data = HistoryData(days=(day(TODAY, 10.0, **sums),))
    assert row(table(of(Period.DAY), data, prices), label)[0] == text
    assert label not in labels(table(of(Period.DAY), data))


def test_the_table_can_be_copied_into_a_spreadsheet():
    data = HistoryData(days=(day(TODAY, 18.4, final=False),))
    assert table(of(Period.DAY), data).text == (
        "\ttoday (so far)\tday before (20 June)\tbest June day (21 June)\n"
        "Solar\t18.4 kWh\t" + DASH + "\t18.4 kWh"
    )


def test_every_row_has_a_cell_for_each_column():
    for kind in Period:
        found = table(of(kind), HistoryData())
        assert found.rows == (FigureRow(label="Solar", cells=(DASH, DASH, DASH)),)
        assert len(found.columns) == 3


def test_zeros_from_before_the_station_are_nothing():
    data = since_begun(
        HistoryData(
            days=(day(date(2025, 5, 31), 0.0), day(date(2025, 6, 1), 0.0)),
            months=(total("2025-05", 0.0), total("2025-06", 4.0)),
            years=(total("2024", 0.0), total("2025", 4.0)),
            first=date(2025, 5, 1),
        )
    )
    assert [it.day for it in data.days] == [date(2025, 6, 1)]
    assert [it.key for it in data.months] == ["2025-06"]
    assert [it.key for it in data.years] == ["2025"]
    assert data.first == date(2025, 6, 1)
    nothing = HistoryData(days=(day(TODAY, 0.0),))
    assert since_begun(nothing) == nothing


def test_years_and_months_come_from_whatever_tells_of_them():
    data = HistoryData(
        days=(day(date(2026, 6, 20), 3.0),),
        months=(total("2025-12", 90.0),),
        years=(total("2024", 900.0),),
    )
    assert [(it.first.year, it.sums.pv_kwh) for it in year_spans(data, CLOCK)] == [
        (2024, 900.0),
        (2025, 90.0),
        (2026, 3.0),
    ]
    months = month_spans(data, CLOCK)
    assert [it.first for it in months] == [date(2025, 12, 1), date(2026, 6, 1)]
    assert [it.partial for it in months] == [False, True]
