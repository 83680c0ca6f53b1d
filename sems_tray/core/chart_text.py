"""What charts say in words: readouts under the mouse, and a summary of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from . import words
from .chart import Readout, ReadoutRow
from .chart_bars import Amount, BarLayout, amount_of, bar_at, bar_middle
from .chart_clock import clock_text
from .chart_curves import Series, values_of
from .chart_day import DayChart, DayLayout, nearest
from .date_words import date_text, day_title, month_title
from .history import Period

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from .chart_bars import Bar, BarChart
    from .model import CurvePoint

REACH = 16.0  # pixels from the mouse within which an instant is meant
Layout = DayLayout | BarLayout


def readout(layout: Layout, x: float) -> Readout | None:
    """Return what is at an x; None where nothing is near."""
    index = index_at(layout, x)
    return None if index is None else readout_of(layout, index)


def index_at(layout: Layout, x: float) -> int | None:
    """Return the number of the instant or bar at an x."""
    match layout:
        case DayLayout():
            index = nearest(layout, x)
            near = index is not None and abs(layout.xs[index] - x) <= REACH
            return index if near else None
        case BarLayout():
            return bar_at(layout, x)
        case _:
            assert_never(layout)


def count(layout: Layout) -> int:
    """Return how many instants or bars can be read."""
    match layout:
        case DayLayout():
            return len(layout.points)
        case BarLayout():
            return len(layout.chart.bars)
        case _:
            assert_never(layout)


def readout_of(layout: Layout, index: int) -> Readout:
    """Return what an instant or bar has, by its number."""
    match layout:
        case DayLayout():
            return _of_instant(layout, index)
        case BarLayout():
            return _of_bar(layout, index)
        case _:
            assert_never(layout)


def series_words(series: Series, value: float) -> str:
    """Return "4.9 kW", "exporting 1.2 kW", "charging 0.8 kW" or "65 %"."""
    match series:
        case Series.PV | Series.LOAD:
            return words.power(value)
        case Series.GRID:
            return _flow(value, "exporting", "importing", "balanced")
        case Series.BATTERY:
            return _flow(value, "discharging", "charging", "idle")
        case Series.SOC:
            return words.percent(value)
        case _:
            assert_never(series)


def bar_title(period: Period, bar: Bar) -> str:
    """Return "Friday, 12 June 2026", "June 2026" or "2026"."""
    match period:
        case Period.MONTH:
            return day_title(bar.first)
        case Period.YEAR:
            return month_title(bar.first)
        case _:
            return str(bar.first.year)


def chart_title(chart: BarChart) -> str:
    """Return "June 2026", "2026" or "2019 to 2026"."""
    if not chart.bars:
        return "Lifetime"
    first, last = chart.bars[0].first, chart.bars[-1].last
    match chart.period:
        case Period.MONTH:
            return month_title(first)
        case _ if first.year == last.year:
            return str(first.year)
        case _:
            return f"{first.year} to {last.year}"


def describe(chart: DayChart | BarChart) -> str:
    """Return the chart as one sentence, for those who do not see it."""
    if isinstance(chart, DayChart):
        return f"{day_title(chart.day)}: {_day_facts(chart) or 'no data'}"
    return f"{chart_title(chart)}: {_bar_facts(chart) or 'no data'}"


def subject(chart: DayChart | BarChart) -> tuple[object, ...]:
    """Return what a chart is about: charts of one subject differ in values only."""
    if isinstance(chart, DayChart):
        return (chart.day, chart.where)
    return (chart.period, chart.bars[0].first if chart.bars else None)


def nothing(chart: DayChart | BarChart) -> str:
    """Return what stands where there is nothing to draw."""
    if isinstance(chart, DayChart):
        return "No data for this day"
    match chart.period:
        case Period.MONTH:
            return "No data for this month"
        case Period.YEAR:
            return "No data for this year"
        case _:
            return "No data yet"


def _flow(value: float, out: str, back: str, still: str) -> str:
    if abs(value) < words.DEAD_BAND_W:
        return still
    return f"{out if value > 0 else back} {words.power(value)}"


def _of_instant(layout: DayLayout, index: int) -> Readout:
    point = layout.points[index]
    rows = []
    for series in Series:
        value = values_of((point,), series)[0]
        if series in layout.chart.shown and value is not None:
            words_ = series_words(series, value)
            rows.append(ReadoutRow(key=series, name=series.value, value=words_))
    return Readout(
        index=index,
        x=layout.xs[index],
        title=clock_text(point.at, layout.chart.where),
        rows=tuple(rows),
    )


def _of_bar(layout: BarLayout, index: int) -> Readout:
    bar, chart = layout.chart.bars[index], layout.chart
    known = [
        (it, value)
        for it in Amount
        if it in chart.shown and (value := amount_of(bar.sums, it)) is not None
    ]
    return Readout(
        index=index,
        x=bar_middle(layout, index),
        reach=layout.plot.w / len(chart.bars) / 2,
        title=bar_title(chart.period, bar),
        rows=tuple(
            ReadoutRow(key=it, name=it.value, value=words.energy(value))
            for it, value in known
        ),
        note=bar.note if known else "no data",
    )


def _day_facts(chart: DayChart) -> str:
    facts = []
    solar = _most(chart.points, Series.PV)
    energy = chart.sums.pv_kwh
    if solar is not None:
        power_w, point = solar
        facts.append(f"solar up to {_peak(power_w, point, chart.where)}")
        if energy is not None:
            facts[-1] += f", {words.energy(energy)}"
    elif energy is not None:
        facts.append(f"solar {words.energy(energy)}")
    house = _most(chart.points, Series.LOAD)
    if house is not None:
        facts.append(f"house up to {_peak(*house, chart.where)}")
    socs = [it.soc_percent for it in chart.points if it.soc_percent is not None]
    if socs:
        low, high = words.fixed(min(socs)), words.fixed(max(socs))
        facts.append(
            f"battery {low} %" if low == high else f"battery {low} to {high} %"
        )
    return "; ".join(facts)


def _peak(power_w: float, point: CurvePoint, where: tzinfo) -> str:
    at = f" at {clock_text(point.at, where)}" if power_w > 0 else ""
    return f"{words.power(power_w)}{at}"


def _most(
    points: tuple[CurvePoint, ...], series: Series
) -> tuple[float, CurvePoint] | None:
    values = zip(values_of(points, series), points, strict=True)
    known = [(value, point) for value, point in values if value is not None]
    return max(known, key=lambda it: it[0], default=None)


def _bar_facts(chart: BarChart) -> str:
    facts = []
    for amount in Amount:
        if amount not in chart.shown:
            continue
        known = [
            (value, bar)
            for bar in chart.bars
            if (value := amount_of(bar.sums, amount)) is not None
        ]
        if known:
            total = words.energy(sum(value for value, _ in known))
            most, best = max(known, key=lambda it: it[0])
            when = _short(chart.period, best.first)
            name = amount.value.lower()
            facts.append(f"{name} {total}, most {words.energy(most)} {when}")
    missing = sum(1 for it in chart.bars if it.note)
    if facts and missing:
        facts.append(f"{missing} of {len(chart.bars)} incomplete")
    return "; ".join(facts)


def _short(period: Period, first: date) -> str:
    match period:
        case Period.MONTH:
            return f"on {date_text(first)}"
        case Period.YEAR:
            return f"in {month_title(first).partition(' ')[0]}"
        case _:
            return f"in {first.year}"
