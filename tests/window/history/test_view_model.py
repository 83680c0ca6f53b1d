from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sems_tray.domain.energy import DayTotals, Period, PeriodTotals
from sems_tray.domain.model import CurvePoint, Energy, EnergySums, Powers
from sems_tray.history.query import ChartStation, HistoryData, Selection, StationClock
from sems_tray.widgets.charts.bar_layout import Amount, BarChart
from sems_tray.widgets.charts.day_layout import DayChart, Series
from sems_tray.window.history.view_model import (
    ChartOptions,
    history_view,
    nothing_yet,
)
from sems_tray.window.now.view_model import now_view
from tests.kit.readings import MEASURED, by_day, reading

NOW = datetime(2026, 6, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
CLOCK = StationClock(now=NOW, where=UTC, settled=TODAY)
HOME = ChartStation(id="plant-1", where=UTC, capacity_kwp=10.1)
SUMS = EnergySums(pv_kwh=18.4, load_kwh=5.0)
POINT = CurvePoint(at=NOW, power=Powers(pv_w=4000, load_w=600))
DATA = HistoryData(
    points=(POINT,),
    days=(DayTotals(day=TODAY, sums=SUMS),),
    months=(PeriodTotals(key="2026-05", sums=SUMS, final=True),),
)


def view(kind, options=ChartOptions(), day=TODAY, data=DATA):  # noqa: B008 (frozen)
    selection = Selection(kind=kind, day=day)
    return history_view(selection, data, CLOCK, HOME, options)


def test_a_day_has_its_curve_and_the_time_of_now():
    found = view(Period.DAY)
    assert isinstance(found.chart, DayChart)
    assert (found.chart.points, found.chart.sums) == ((POINT,), SUMS)
    assert found.chart.now == NOW
    assert found.legend == (Series.PV, Series.LOAD)
    assert not found.empty
    other = view(Period.DAY, day=date(2026, 6, 20)).chart
    assert isinstance(other, DayChart)
    assert other.now is None


@pytest.mark.parametrize(
    ("kind", "bars"), [(Period.MONTH, 30), (Period.YEAR, 12), (Period.TOTAL, 1)]
)
def test_longer_periods_are_bars(kind, bars):
    found = view(kind)
    assert isinstance(found.chart, BarChart)
    assert found.chart.period is kind
    assert len(found.chart.bars) == bars
    assert found.legend == (Amount.PV, Amount.LOAD)
    assert found.chart.shown == {Amount.PV}


def test_without_data_it_is_empty():
    for kind in Period:
        assert view(kind, data=HistoryData()).empty
        assert nothing_yet(kind).startswith("Nothing is kept")


def test_what_is_not_offered_stays_hidden_or_shown():
    options = ChartOptions().chosen(
        frozenset({Series.PV, Series.LOAD}), frozenset({Series.LOAD})
    )
    assert options.curves == frozenset(Series) - {Series.PV}
    assert options.bars == {Amount.PV}
    assert options.chosen(frozenset(Amount), frozenset()).bars == frozenset()


def test_periods_under_way_are_as_the_newest_reading_tells_them():
    """The day's totals may have been fetched into the store a minute later."""
    told = Energy(
        today=EnergySums(pv_kwh=18.1, load_kwh=5.0, import_kwh=0.5),
        month=EnergySums(pv_kwh=350.0),
        year=EnergySums(pv_kwh=2100.0),
        total=EnergySums(pv_kwh=16_000.0),
    )
    kept = HistoryData(
        days=(DayTotals(day=TODAY, sums=replace(SUMS, import_kwh=0.4)),),
        months=(PeriodTotals(key="2026-06", sums=EnergySums(pv_kwh=350.3)),),
        years=(PeriodTotals(key="2026", sums=EnergySums(pv_kwh=2100.3)),),
        total=EnergySums(pv_kwh=16_000.3),
    )
    home = replace(HOME, energy=told)
    for kind, figure in (
        (Period.DAY, "18.1 kWh"),
        (Period.MONTH, "350.0 kWh"),
        (Period.YEAR, "2,100.0 kWh"),
        (Period.TOTAL, "16,000 kWh"),
    ):
        found = history_view(
            Selection(kind=kind, day=TODAY), kept, CLOCK, home, ChartOptions()
        )
        assert found.table.rows[0].cells[0] == figure
    now = now_view(reading(energy=told), MEASURED, by_day)
    shares = {it.label: it.text for it in now.tiles}
    day = history_view(Selection(day=TODAY), kept, CLOCK, home, ChartOptions())
    figures = {it.label: it.cells[0] for it in day.table.rows}
    assert shares["Solar today"] == figures["Solar"]
    assert shares["Self-powered"] == figures["Self-powered"]


def test_what_no_reading_tells_is_as_it_is_kept():
    plain = view(Period.DAY)
    late = Energy(month=EnergySums(pv_kwh=1.0))
    home = replace(HOME, energy=late)
    assert (
        history_view(Selection(day=TODAY), DATA, CLOCK, home, ChartOptions()) == plain
    )
