"""What the "History" page shows, made anew from the whole situation each time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.energy import Period
from sems_tray.domain.model import NO_SUMS
from sems_tray.i18n.language import mark, tr
from sems_tray.widgets.charts.bar_layout import (
    Amount,
    lifetime_chart,
    month_chart,
    year_chart,
)
from sems_tray.widgets.charts.day_layout import (
    ALL_SERIES,
    DayChart,
    Series,
)

from .table_model import as_told_now, figure_table, month_spans, since_begun, year_spans

if TYPE_CHECKING:
    from datetime import date

    from sems_tray.history.query import (
        ChartStation,
        HistoryData,
        Selection,
        StationClock,
    )
    from sems_tray.widgets.charts.bar_layout import Bar, BarChart

    from .table_model import FigureTable

_SOLAR = frozenset({Amount.PV})
_WITHIN = {
    Period.MONTH: Period.DAY,
    Period.YEAR: Period.MONTH,
    Period.TOTAL: Period.YEAR,
}
_NOTHING_YET = {
    Period.DAY: mark("Nothing is kept of this day yet"),
    Period.MONTH: mark("Nothing is kept of this month yet"),
    Period.YEAR: mark("Nothing is kept of this year yet"),
    Period.TOTAL: mark("Nothing is kept yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOptions:
    """What the owner chose to see."""

    curves: frozenset[Series] = ALL_SERIES
    bars: frozenset[Amount] = _SOLAR
    fixed_scale: bool = False

    def chosen(
        self, offered: frozenset[object], shown: frozenset[object]
    ) -> ChartOptions:
        """Return what to see after a choice; what was not offered stays as it is."""
        on = (self.curves | self.bars) - offered | shown
        return ChartOptions(
            curves=frozenset(it for it in Series if it in on),
            bars=frozenset(it for it in Amount if it in on),
            fixed_scale=self.fixed_scale,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """The page as a value; ``legend`` has the series of which anything is known."""

    selection: Selection
    chart: DayChart | BarChart
    table: FigureTable
    first: date  # before it there is nothing to look for
    today: date
    legend: tuple[Series, ...] | tuple[Amount, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.legend


def history_view(
    selection: Selection,
    data: HistoryData,
    clock: StationClock,
    station: ChartStation,
    options: ChartOptions,
) -> HistoryView:
    """Return the page for a selection."""
    data = since_begun(as_told_now(data, selection, clock.today, station.energy))
    chart = history_chart(selection, data, clock, station, options)
    return HistoryView(
        selection=selection,
        chart=chart,
        table=figure_table(selection, data, clock, station.tariffs),
        first=data.earliest(clock.today),
        today=clock.today,
        legend=chart.known,
    )


def history_chart(
    selection: Selection,
    data: HistoryData,
    clock: StationClock,
    station: ChartStation,
    options: ChartOptions,
) -> DayChart | BarChart:
    """Return the chart of a selection."""
    day, today = selection.day, clock.today
    match selection.kind:
        case Period.DAY:
            return DayChart(
                day=day,
                where=station.where,
                points=data.points,
                shown=options.curves,
                capacity_kwp=station.capacity_kwp if options.fixed_scale else None,
                sums=next((it.sums for it in data.days if it.day == day), NO_SUMS),
                now=clock.now if day == today else None,
            )
        case Period.MONTH:
            return month_chart(data.days, day, today, options.bars)
        case Period.YEAR:
            return year_chart(month_spans(data, clock), day.year, today, options.bars)
        case Period.TOTAL:
            return lifetime_chart(year_spans(data, clock), today, options.bars)
        case _:
            assert_never(selection.kind)


def chosen_by(selection: Selection, bar: Bar) -> Selection:
    """Return where a bar leads: a month's to its day, a year's to its month."""
    return replace(selection, kind=_WITHIN[selection.kind], day=bar.first)


def nothing_yet(kind: Period) -> str:
    """Return what stands in an empty chart until the portal was asked."""
    return tr(_NOTHING_YET[kind])
