from dataclasses import replace
from datetime import date

import pytest

from sems_tray.domain.energy import DayTotals
from sems_tray.domain.model import EnergySums
from sems_tray.domain.statistics import Span
from sems_tray.widgets.charts.bar_layout import (
    Amount,
    lay_out_bars,
    lifetime_chart,
    month_chart,
    year_chart,
)
from sems_tray.widgets.charts.day_layout import DayChart, Series, lay_out_day
from sems_tray.widgets.charts.readout import (
    chart_title,
    describe,
    nothing,
    readout_of,
    series_words,
)
from tests.kit.charts import MADRID, TEXT, points
from tests.kit.speaking import pseudo  # noqa: F401

JUNE = date(2026, 6, 21)
DAY = DayChart(
    day=JUNE,
    where=MADRID,
    points=points(
        JUNE,
        (705, 710, 715),
        pv_w=[5100.0, 5400.0, 5200.0],
        load_w=[800.0, 900.0, None],
        grid_w=[1200.0, -40.0, 5.0],
        battery_w=[-1200.0, 300.0, -5.0],
        soc_percent=[30, 52, 76],
    ),
    sums=EnergySums(pv_kwh=18.4),
)
TOTALS = [
    DayTotals(day=date(2026, 6, n), sums=EnergySums(pv_kwh=float(n)), final=n != 12)
    for n in (10, 11, 12)
]
MONTH = month_chart(TOTALS, JUNE, date(2026, 6, 12))


def day_layout(chart=DAY):
    return lay_out_day(chart, 460, 260, TEXT)


def bar_layout(chart=MONTH):
    return lay_out_bars(chart, 460, 260, TEXT)


def test_a_readout_says_directions_in_words():
    assert readout_of(day_layout(), 0).text == (
        "11:45, Solar 5.1 kW, House 0.8 kW, Grid exporting 1.2 kW,"
        " Battery charging 1.2 kW, Charge 30 %"
    )
    assert readout_of(day_layout(), 1).text == (
        "11:50, Solar 5.4 kW, House 0.9 kW, Grid importing 0.04 kW,"
        " Battery discharging 0.3 kW, Charge 52 %"
    )


def test_what_is_unknown_or_not_shown_is_left_out():
    shown = frozenset({Series.PV, Series.LOAD})
    layout = day_layout(replace(DAY, shown=shown))
    assert readout_of(layout, 2).text == "11:55, Solar 5.2 kW"


def test_next_to_nothing_has_no_direction():
    assert series_words(Series.GRID, 5.0) == "balanced"
    assert series_words(Series.BATTERY, -5.0) == "idle"


def test_the_hour_that_comes_twice_is_told_apart():
    day = date(2026, 10, 25)
    chart = replace(DAY, day=day, points=points(day, (150, 210), pv_w=[0.0, 0.0]))
    layout = day_layout(chart)
    assert readout_of(layout, 0).title == "02:30 summer time"
    assert readout_of(layout, 1).title == "02:30 winter time"


def test_a_bar_reads_out_its_date_energy_and_what_is_missing():
    layout = bar_layout()
    assert readout_of(layout, 10).text == "Thursday, 11 June 2026, Solar 11.0 kWh"
    found = readout_of(layout, 11)
    assert found.text == "Friday, 12 June 2026, Solar 12.0 kWh, so far"
    assert found.reach == pytest.approx(layout.plot.w / 60)
    assert readout_of(layout, 20).text == "Sunday, 21 June 2026, no data"


def test_a_readout_is_where_its_instant_or_bar_is():
    for layout in (day_layout(), bar_layout()):
        places = [readout_of(layout, n).x for n in range(layout.count)]
        assert [layout.index_at(it) for it in places] == [*range(layout.count)]


def test_a_day_is_described_in_a_sentence():
    assert describe(DAY) == (
        "Sunday, 21 June 2026: solar up to 5.4 kW at 11:50, 18.4 kWh;"
        " house up to 0.9 kW at 11:50; battery 30 to 76 %"
    )


def test_a_readout_has_the_unit_of_its_axis():
    years = [
        Span(first=date(y, 1, 1), last=date(y, 12, 31), sums=EnergySums(pv_kwh=kwh))
        for y, kwh in ((2024, 40.0), (2025, 12_400.0))
    ]
    layout = bar_layout(lifetime_chart(years))
    assert layout.labels[0].text == "MWh"
    values = [readout_of(layout, n).rows[0].value for n in (0, 1)]
    assert values == ["0.04 MWh", "12.4 MWh"]


def test_a_description_has_one_unit():
    months = ((date(2025, 1, 1), 900.0), (date(2025, 6, 1), 9_900.0))
    spans = [Span(first=m, last=m, sums=EnergySums(pv_kwh=v)) for m, v in months]
    assert describe(year_chart(spans, 2025)) == (
        "2025: solar 10.8 MWh, most 9.9 MWh in June"
    )


def test_a_dark_day_has_no_time_of_its_peak():
    dark = DayChart(
        day=JUNE, where=MADRID, points=points(JUNE, (0, 5), pv_w=[0.0, 0.0])
    )
    assert describe(dark) == "Sunday, 21 June 2026: solar up to 0 kW"


def test_totals_without_a_curve_are_told_too():
    assert describe(replace(DAY, points=())) == "Sunday, 21 June 2026: solar 18.4 kWh"
    empty = DayChart(day=JUNE, where=MADRID)
    assert describe(empty) == "Sunday, 21 June 2026: no data"


def test_bars_are_described_in_a_sentence():
    assert describe(MONTH) == (
        "June 2026: solar 33.0 kWh, most 12.0 kWh on 12 June; 1 of 30 incomplete"
    )
    load = replace(MONTH, shown=frozenset({Amount.LOAD}))
    assert describe(load) == "June 2026: no data"


def span(year, month=1):
    first = date(year, month, 1)
    return Span(
        first=first, last=first, sums=EnergySums(pv_kwh=9.0), known_days=1, all_days=1
    )


def test_months_and_years_have_titles():
    year = year_chart([span(2026, 5)], 2026)
    life = lifetime_chart([span(2019), span(2026)])
    assert [chart_title(it) for it in (MONTH, year, life)] == [
        "June 2026",
        "2026",
        "2019 to 2026",
    ]
    assert chart_title(lifetime_chart([])) == "Lifetime"
    assert describe(year) == "2026: solar 9.0 kWh, most 9.0 kWh in May"
    assert describe(life).endswith("most 9.0 kWh in 2019")
    layouts = [bar_layout(it) for it in (year, life)]
    assert [readout_of(it, 4).title for it in layouts] == ["May 2026", "2023"]


def test_an_empty_chart_says_what_is_missing():
    charts = (DAY, MONTH, year_chart([], 2026), lifetime_chart([]))
    assert [nothing(it) for it in charts] == [
        "No data for this day",
        "No data for this month",
        "No data for this year",
        "No data yet",
    ]


@pytest.mark.usefixtures("pseudo")
def test_charts_are_described_in_another_language():
    year = year_chart([span(2026, 5)], 2026)
    assert describe(year) == ("⟦2026: ⟦solar 9,0 kWh⟧, ⟦most 9,0 kWh in ⟦May⟧⟧⟧")
    day = describe(DAY)
    assert "⟦solar up to 5,4 kW at 11:50⟧, 18,4 kWh; " in day
    assert day.endswith("⟦battery 30 to 76 %⟧⟧")
    assert readout_of(day_layout(), 1).rows[0].name == "⟦Solar⟧"
    assert series_words(Series.GRID, -1200.0) == "⟦importing 1,2 kW⟧"
