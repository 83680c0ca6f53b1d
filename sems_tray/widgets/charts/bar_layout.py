"""Bars for the dates of a month, the months of a year, and the years of a lifetime.

What is not known has no bar, nothing is a hairline, and a bar that some days are
missing from is marked.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from sems_tray.domain.energy import Period
from sems_tray.domain.model import NO_SUMS
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import month_short
from sems_tray.i18n.language import markc, tr, trc, trn

from .layout import GAP, LINE_EVERY, Box, Label, axis_labels, plot_box, scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sems_tray.domain.energy import DayTotals
    from sems_tray.domain.model import EnergySums
    from sems_tray.domain.statistics import Span

    from .layout import TextSize


_LEAST_KWH = 0.5
_FILLED = 0.7  # of a bar's place; the rest keeps it from the next
_GROUP_FILLED = 0.85
_WIDEST = 44.0


class Amount(Enum):
    """The energies that may have bars, in the order of the legend: fields of sums."""

    PV = "pv_kwh"
    LOAD = "load_kwh"
    IMPORT = "import_kwh"
    EXPORT = "export_kwh"
    CHARGE = "charge_kwh"
    DISCHARGE = "discharge_kwh"

    @property
    def label(self) -> str:
        """The name in the legend and in the table."""
        return trc(*_LABELS[self])


_LABELS = {
    Amount.PV: ("part of the plant", markc("part of the plant", "Solar")),
    Amount.LOAD: ("part of the plant", markc("part of the plant", "House")),
    Amount.IMPORT: ("energy", markc("energy", "Imported")),
    Amount.EXPORT: ("energy", markc("energy", "Exported")),
    Amount.CHARGE: ("energy", markc("energy", "Charged")),
    Amount.DISCHARGE: ("energy", markc("energy", "Discharged")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The energies from a date to another; ``note`` says why they are not all."""

    first: date
    last: date
    sums: EnergySums = NO_SUMS
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """What a bar chart shows: the bars of a month, a year or (TOTAL) a lifetime."""

    period: Period
    bars: tuple[Bar, ...]
    shown: frozenset[Amount] = frozenset({Amount.PV})

    @property
    def known(self) -> tuple[Amount, ...]:
        """The energies of which anything is known: a legend's entries."""
        return tuple(
            amount
            for amount in Amount
            if any(amount_of(it.sums, amount) is not None for it in self.bars)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BarBox:
    """One painted bar; without height it is a hairline."""

    index: int
    amount: Amount
    box: Box
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BarLayout:
    """Where everything of a bar chart is."""

    chart: BarChart
    width: float
    height: float
    plot: Box
    zero_y: float
    rules: tuple[float, ...]
    labels: tuple[Label, ...]
    boxes: tuple[BarBox, ...]
    energy: Callable[[float | None], str] = field(repr=False)  # in the axis's unit

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known."""
        return not self.chart.known

    @property
    def count(self) -> int:
        """How many bars can be read."""
        return len(self.chart.bars)

    def index_at(self, x: float) -> int | None:
        """Return the number of the bar whose place holds an x."""
        if not self.plot.x <= x < self.plot.right or not self.count:
            return None
        return min(int((x - self.plot.x) / self.plot.w * self.count), self.count - 1)

    def middle(self, index: int) -> float:
        """Return the x of the middle of a bar's place."""
        return self.plot.x + (index + 0.5) * self.plot.w / self.count


def month_chart(
    days: Iterable[DayTotals],
    month: date,
    today: date | None = None,
    shown: frozenset[Amount] = frozenset({Amount.PV}),
) -> BarChart:
    """Return a bar for each date of the month that holds a date."""
    known = {it.day: it for it in days}
    count = calendar.monthrange(month.year, month.month)[1]
    bars = []
    for n in range(1, count + 1):
        day = month.replace(day=n)
        totals = known.get(day)
        note = "" if totals is None or totals.final else tr("may be incomplete")
        bars.append(
            Bar(
                first=day,
                last=day,
                sums=totals.sums if totals else NO_SUMS,
                note=tr("so far") if totals and day == today else note,
            )
        )
    return BarChart(period=Period.MONTH, bars=tuple(bars), shown=shown)


def year_chart(
    months: Iterable[Span],
    year: int,
    today: date | None = None,
    shown: frozenset[Amount] = frozenset({Amount.PV}),
) -> BarChart:
    """Return a bar for each month of a year."""
    known = {it.first.replace(day=1): it for it in months}
    bars = []
    for n in range(1, 13):
        first = date(year, n, 1)
        last = date(year, n, calendar.monthrange(year, n)[1])
        bars.append(_bar(known.get(first), first, last, today))
    return BarChart(period=Period.YEAR, bars=tuple(bars), shown=shown)


def lifetime_chart(
    years: Iterable[Span],
    today: date | None = None,
    shown: frozenset[Amount] = frozenset({Amount.PV}),
) -> BarChart:
    """Return a bar for each year, those between of which nothing is known too."""
    known = {it.first.year: it for it in years}
    numbers = range(min(known), max(known) + 1) if known else range(0)
    bars = [
        _bar(known.get(number), date(number, 1, 1), date(number, 12, 31), today)
        for number in numbers
    ]
    return BarChart(period=Period.TOTAL, bars=tuple(bars), shown=shown)


def amount_of(sums: EnergySums, amount: Amount) -> float | None:
    """Return one of the energies."""
    value: float | None = getattr(sums, amount.value)
    return value


def days_known(span: Span) -> str:
    """Return "12 of 31 days known"."""
    text = trn(
        "{known} of {count} day known", "{known} of {count} days known", span.all_days
    )
    return text.format(known=span.known_days, count=span.all_days)


def lay_out_bars(
    chart: BarChart, width: float, height: float, text: TextSize
) -> BarLayout:
    """Return the layout of a bar chart in so many pixels."""
    most = max(
        (
            value
            for bar in chart.bars
            for amount in chart.shown
            if (value := amount_of(bar.sums, amount)) is not None
        ),
        default=0.0,
    )
    energy = formatting.energies(most)
    in_mwh = energy is formatting.megawatt_hours
    unit, divisor = ("MWh", 1000.0) if in_mwh else ("kWh", 1.0)
    axis = scale(
        0.0, max(most / divisor, _LEAST_KWH), max(int(height / LINE_EVERY) - 1, 2)
    )
    plot = plot_box(axis, unit, GAP, (width, height), text)
    per_unit = plot.h / axis.high
    return BarLayout(
        chart=chart,
        width=width,
        height=height,
        plot=plot,
        zero_y=plot.bottom,
        rules=tuple(plot.bottom - it * per_unit for it in axis.ticks),
        labels=(
            *axis_labels(axis, unit, plot, plot.bottom, per_unit),
            *bar_names(chart, plot, text),
        ),
        boxes=tuple(_boxes(chart, plot, per_unit / divisor)),
        energy=energy,
    )


def _bar(span: Span | None, first: date, last: date, today: date | None) -> Bar:
    if span is None:
        return Bar(first=first, last=last)
    note = ""
    if span.partial:
        note = days_known(span)
    elif today is not None and first <= today <= last:
        note = tr("so far")
    return Bar(first=first, last=last, sums=span.sums, note=note)


def _boxes(chart: BarChart, plot: Box, per_kwh: float) -> Iterable[BarBox]:
    amounts = [it for it in chart.known if it in chart.shown]
    if not amounts:
        return
    place = plot.w / len(chart.bars)
    filled = _FILLED if len(amounts) == 1 else _GROUP_FILLED
    group = min(place * filled, _WIDEST * len(amounts))
    # Whole pixels, or neighbours of one value would look different.
    each = max(float(int(group / len(amounts))), 1.0)
    for index, bar in enumerate(chart.bars):
        left = round(plot.x + (index + 0.5) * place - each * len(amounts) / 2)
        for n, amount in enumerate(amounts):
            value = amount_of(bar.sums, amount)
            if value is None:
                continue
            h = max(value, 0.0) * per_kwh
            box = Box(left + n * each, plot.bottom - h, each, h)
            yield BarBox(index=index, amount=amount, box=box, partial=bool(bar.note))


# The names below the bars of a chart.


_EVERY = (1, 2, 5, 10, 20, 50)


def bar_names(chart: BarChart, plot: Box, text: TextSize) -> list[Label]:
    """Return the names that have room; letters for months where it is narrow."""
    names = [_name(chart.period, it.first) for it in chart.bars]
    if not names:
        return []
    place = plot.w / len(names)
    widest = max(map(text.width, names)) + GAP
    letters = all(it[:1].isalpha() for it in names)  # not "1" for "10th"
    if chart.period is Period.YEAR and widest > place and letters:
        names = [it[:1] for it in names]
        widest = max(map(text.width, names))
    every = next((it for it in _EVERY if it * place >= widest), len(names))
    y = plot.bottom + GAP + text.height / 2
    return [
        Label(name, plot.x + (n + 0.5) * place, y)
        for n, name in enumerate(names)
        if n % every == 0
    ]


def _name(period: Period, first: date) -> str:
    match period:
        case Period.MONTH:
            return str(first.day)
        case Period.YEAR:
            return month_short(first.month)
        case _:
            return str(first.year)
