"""What charts say in words: readouts under the mouse, and a summary of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.energy import Period
from sems_tray.domain.wording import battery_flow, grid_flow
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import date_text, day_title, month_name, month_title
from sems_tray.i18n.language import mark, tr, trc, trn

from .bar_layout import Amount, BarLayout, amount_of
from .day_layout import DayChart, DayLayout, Series, values_of
from .layout import Readout, ReadoutRow, clock_text

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sems_tray.domain.model import CurvePoint

    from .bar_layout import Bar, BarChart


Layout = DayLayout | BarLayout
_AMOUNTS = {
    Amount.PV: mark("solar {energy}"),
    Amount.LOAD: mark("house {energy}"),
    Amount.IMPORT: mark("imported {energy}"),
    Amount.EXPORT: mark("exported {energy}"),
    Amount.CHARGE: mark("charged {energy}"),
    Amount.DISCHARGE: mark("discharged {energy}"),
}


_NOTHING = {
    Period.DAY: mark("No data for this day"),
    Period.MONTH: mark("No data for this month"),
    Period.YEAR: mark("No data for this year"),
    Period.TOTAL: mark("No data yet"),
}


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
    """Return "4.9 kW", "exporting 1.2 kW", "charging 0.8 kW" or "65 %".

    Always in kW, as the axis.
    """
    match series:
        case Series.PV | Series.LOAD:
            return formatting.kilowatts(value)
        case Series.GRID:
            return grid_flow(value, formatting.kilowatts)
        case Series.BATTERY:
            return battery_flow(value, formatting.kilowatts)
        case Series.SOC:
            return formatting.percent(value)
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


def chart_title(chart: DayChart | BarChart) -> str:
    """Return "Friday, 12 June 2026", "June 2026", "2026" or "2019 to 2026"."""
    if isinstance(chart, DayChart):
        return day_title(chart.day)
    if not chart.bars:
        return trc("period", "Lifetime")
    first, last = chart.bars[0].first, chart.bars[-1].last
    match chart.period:
        case Period.MONTH:
            return month_title(first)
        case _ if first.year == last.year:
            return str(first.year)
        case _:
            # Translators: years, the first and the last
            text = tr("{first} to {last}")
            return text.format(first=first.year, last=last.year)


def describe(chart: DayChart | BarChart) -> str:
    """Return the chart as one sentence, for those who do not see it."""
    facts = _day_facts(chart) if isinstance(chart, DayChart) else _bar_facts(chart)
    # Translators: {period} is a day, a month or a year; what is known of it follows
    text = tr("{period}: {facts}")
    return text.format(period=chart_title(chart), facts=facts or tr("no data"))


def subject(chart: DayChart | BarChart) -> tuple[object, ...]:
    """Return what a chart is about: charts of one subject differ in values only."""
    if isinstance(chart, DayChart):
        return (chart.day, chart.where)
    return (chart.period, chart.bars[0].first if chart.bars else None)


def nothing(chart: DayChart | BarChart) -> str:
    """Return what stands where there is nothing to draw."""
    return tr(_NOTHING[Period.DAY if isinstance(chart, DayChart) else chart.period])


def _of_instant(layout: DayLayout, index: int) -> Readout:
    point = layout.points[index]
    rows = []
    for series in Series:
        value = values_of((point,), series)[0]
        if series in layout.chart.shown and value is not None:
            words_ = series_words(series, value)
            rows.append(ReadoutRow(key=series, name=series.label, value=words_))
    return Readout(
        x=layout.xs[index],
        title=clock_text(point.at, layout.chart.where),
        rows=tuple(rows),
    )


def _of_bar(layout: BarLayout, index: int) -> Readout:
    bar, chart = layout.chart.bars[index], layout.chart
    known = [
        (amount, value)
        for amount in Amount
        if amount in chart.shown and (value := amount_of(bar.sums, amount)) is not None
    ]
    return Readout(
        x=layout.middle(index),
        reach=layout.plot.w / len(chart.bars) / 2,
        title=bar_title(chart.period, bar),
        rows=tuple(
            ReadoutRow(key=series, name=series.label, value=layout.energy(value))
            for series, value in known
        ),
        note=bar.note if known else tr("no data"),
    )


def _day_facts(chart: DayChart) -> str:
    facts = []
    solar, house = _most(chart.points, Series.PV), _most(chart.points, Series.LOAD)
    energy = chart.sums.pv_kwh
    if solar is not None:
        peak = _peak(
            solar,
            chart.where,
            tr("solar up to {power}"),
            tr("solar up to {power} at {clock}"),
        )
        facts.append(peak if energy is None else f"{peak}, {formatting.energy(energy)}")
    elif energy is not None:
        facts.append(tr("solar {energy}").format(energy=formatting.energy(energy)))
    if house is not None:
        peak = _peak(
            house,
            chart.where,
            tr("house up to {power}"),
            tr("house up to {power} at {clock}"),
        )
        facts.append(peak)
    socs = [it.soc_percent for it in chart.points if it.soc_percent is not None]
    if socs:
        facts.append(_charge(min(socs), max(socs)))
    return "; ".join(facts)


def _charge(low: float, high: float) -> str:
    if formatting.fixed(low) == formatting.fixed(high):
        return tr("battery {percent}").format(percent=formatting.percent(low))
    # Translators: "battery 20 to 90 %", the lowest and the highest charge of a day
    text = tr("battery {low} to {high}")
    return text.format(low=formatting.fixed(low), high=formatting.percent(high))


def _peak(
    most: tuple[float, CurvePoint], where: tzinfo, nothing: str, text: str
) -> str:
    """Return the highest power, and when it was if it was any."""
    power_w, point = most
    return (text if power_w > 0 else nothing).format(
        power=formatting.kilowatts(power_w), clock=clock_text(point.at, where)
    )


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
            total = sum(value for value, _ in known)
            most, best = max(known, key=lambda it: it[0])
            energy = formatting.energies(total, most)
            text = tr(_AMOUNTS[amount]).format(energy=energy(total))
            facts.append(f"{text}, {_when(chart.period, energy(most), best.first)}")
    missing = sum(1 for it in chart.bars if it.note)
    if facts and missing:
        count = len(chart.bars)
        # Translators: how many bars of a chart do not show all
        text = trn(
            "{missing} of {count} incomplete", "{missing} of {count} incomplete", count
        )
        facts.append(text.format(missing=missing, count=count))
    return "; ".join(facts)


def _when(period: Period, energy: str, first: date) -> str:
    match period:
        case Period.MONTH:
            # Translators: the day with the most energy: "most 20.1 kWh on 12 June"
            text = tr("most {energy} on {date}")
            return text.format(energy=energy, date=date_text(first))
        case Period.YEAR:
            # Translators: the month with the most energy, its name in its basic form
            text = tr("most {energy} in {month}")
            return text.format(energy=energy, month=month_name(first.month))
        case _:
            # Translators: the year with the most energy
            text = tr("most {energy} in {year}")
            return text.format(energy=energy, year=first.year)
