"""The chart of one day: powers as curves, and the state of charge beside them.

Above the zero line is what there is: solar and house, and what goes out of the battery
and to the grid.  Below it is what comes from the grid and goes into the battery, as in
GoodWe's own charts; a caption says so in words.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from .chart import GAP, LINE_EVERY, Align, Box, Label, spread
from .chart_axis import scale
from .chart_clock import STEPS_H, hours, same_clock
from .chart_curves import (
    SIGNED,
    Series,
    columns,
    gaps,
    polyline,
    runs,
    thinned,
    values_of,
)
from .history import day_span
from .language import markc, tr, trc
from .model import NO_SUMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from .chart import TextSize
    from .chart_axis import Scale
    from .chart_curves import Values
    from .model import CurvePoint, EnergySums

ALL_SERIES = frozenset(Series)
_LEAST_KW = 1.0  # a quiet night is not blown up to a mountain range
_FULL_PERCENT = 100.0
_SEEN_PX = 0.5  # what is lower than this is no peak to anybody
_SEEN_BELOW_PX = 4.0  # a part below zero that needs an explanation
_SOC_TICKS = (0.0, 50.0, 100.0)
_BELOW = {
    Series.GRID: ("grid", markc("grid", "importing")),
    Series.BATTERY: ("battery state", markc("battery state", "charging")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """What a day chart shows; with ``capacity_kwp`` its scale is the same every day."""

    day: date
    where: tzinfo
    points: tuple[CurvePoint, ...] = ()
    shown: frozenset[Series] = ALL_SERIES
    capacity_kwp: float | None = None
    sums: EnergySums = NO_SUMS
    now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One series as unbroken lines, each x, y, x, y ..."""

    series: Series
    lines: tuple[array[float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLayout:
    """Where everything of a day chart is."""

    chart: DayChart
    width: float
    height: float
    plot: Box
    zero_y: float
    rules: tuple[float, ...]
    hours: tuple[float, ...]
    labels: tuple[Label, ...]
    caption: Label | None
    curves: tuple[Curve, ...]
    now_x: float | None
    points: tuple[CurvePoint, ...] = field(repr=False)
    xs: array[float] = field(repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is known of the day."""
        return not self.points


def known_series(points: Sequence[CurvePoint]) -> frozenset[Series]:
    """Return the curves of which anything is known: a legend's entries."""
    return frozenset(
        it for it in Series if any(v is not None for v in values_of(points, it))
    )


def lay_out_day(
    chart: DayChart, width: float, height: float, text: TextSize
) -> DayLayout:
    """Return the layout of a day in so many pixels."""
    start, end = day_span(chart.day, chart.where)
    points = _of_day(chart.points, start, end)
    values = {it: values_of(points, it) for it in Series if it in chart.shown}
    values = {it: v for it, v in values.items() if v.count(None) < len(v)}
    axis = _axis(chart, values, height)
    plot = _plot(axis, values, width, height, text)
    per_kw = plot.h / (axis.high - axis.low)
    zero_y = plot.y + axis.high * per_kw
    times_s = [(it.at - start).total_seconds() for it in points]
    per_s = plot.w / (end - start).total_seconds()
    xs = [plot.x + it * per_s for it in times_s]
    drawer = _Drawer(xs, gaps(times_s))

    power = (zero_y, per_kw / 1000)
    scales = {Series.SOC: (plot.bottom, plot.h / _FULL_PERCENT)}
    ticks, hour_labels = _hours(chart, plot, text)
    live = chart.now is not None and start <= same_clock(chart.now) < end
    places = _places(values, len(points))
    return DayLayout(
        chart=chart,
        width=width,
        height=height,
        plot=plot,
        zero_y=zero_y,
        rules=tuple(zero_y - it * per_kw for it in axis.ticks),
        hours=ticks,
        labels=(
            *_power_labels(axis, plot, zero_y, per_kw),
            *_soc_labels(values, plot, text),
            *hour_labels,
        ),
        caption=_caption(values, plot, zero_y, text),
        curves=tuple(
            drawer.curve(it, known, scales.get(it, power))
            for it, known in values.items()
        ),
        now_x=plot.x + (chart.now - start).total_seconds() * per_s
        if live and chart.now is not None
        else None,
        points=tuple(points[n] for n in places),
        xs=array("d", [xs[n] for n in places]),
    )


def nearest(layout: DayLayout, x: float) -> int | None:
    """Return the place of the instant nearest to an x; None where there is none."""
    xs = layout.xs
    if not xs:
        return None
    after = min(bisect_left(xs, x), len(xs) - 1)
    before = max(after - 1, 0)
    return before if x - xs[before] <= xs[after] - x else after


def _of_day(
    points: Sequence[CurvePoint], start: datetime, end: datetime
) -> list[CurvePoint]:
    """Return the day's points in order; the later of two at one time counts."""
    found = {it.at: it for it in points if start <= it.at < end}
    return [found[at] for at in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Draws the curves of one day; most break at the same places."""

    xs: list[float]
    breaks: list[int]
    starts: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def curve(self, series: Series, values: Values, to_y: tuple[float, float]) -> Curve:
        known = cast("list[float]", values)  # runs() leaves out what is not known
        lines = []
        for first, end in runs(values, self.breaks):
            xs, numbers = self.xs[first:end], known[first:end]
            if end - first > 2 * (xs[-1] - xs[0]) + 2:
                starts = self.starts.get((first, end)) or columns(xs)
                self.starts[first, end] = starts
                xs, numbers = thinned(xs, numbers, starts, _SEEN_PX / to_y[1])
            lines.append(polyline(xs, numbers, *to_y))
        return Curve(series=series, lines=tuple(lines))


def _places(values: Mapping[Series, Values], count: int) -> list[int]:
    """Return the points of which anything shown is known."""
    if any(None not in it for it in values.values()):
        return list(range(count))
    none = (None,) * len(values)
    rows = zip(*values.values(), strict=True)
    return [n for n, row in enumerate(rows) if row != none]


def _axis(chart: DayChart, values: Mapping[Series, Values], height: float) -> Scale:
    low, high = 0.0, _LEAST_KW
    for series, known in values.items():
        if series is Series.SOC:
            continue
        numbers = cast(
            "list[float]",
            [it for it in known if it is not None] if None in known else known,
        )
        high = max(high, max(numbers) / 1000)
        if series in SIGNED:
            low = min(low, min(numbers) / 1000)
    if chart.capacity_kwp:
        high = max(high, chart.capacity_kwp)
        if SIGNED & set(values):
            low = min(low, -chart.capacity_kwp / 2)
    steps = max(int(height / LINE_EVERY) - 1, 2)
    return scale(low, high, steps, fixed=bool(chart.capacity_kwp))


def _plot(
    axis: Scale,
    values: Mapping[Series, Values],
    width: float,
    height: float,
    text: TextSize,
) -> Box:
    left = max(text.width(it) for it in [*map(axis.text, axis.ticks), "kW"]) + GAP
    right = text.width("100" if Series.SOC in values else "24") + GAP
    top = text.height + GAP
    return Box(
        left,
        top,
        max(width - left - right, 1.0),
        max(height - top - text.height - GAP, 1.0),
    )


def _power_labels(axis: Scale, plot: Box, zero_y: float, per_kw: float) -> list[Label]:
    x = plot.x - GAP
    unit = Label("kW", x, plot.y / 2 - GAP / 2, Align.RIGHT)
    return [
        unit,
        *(
            Label(axis.text(it), x, zero_y - it * per_kw, Align.RIGHT)
            for it in axis.ticks
        ),
    ]


def _soc_labels(
    values: Mapping[Series, Values], plot: Box, text: TextSize
) -> list[Label]:
    if Series.SOC not in values:
        return []
    x = plot.right + GAP
    ticks = _SOC_TICKS if plot.h > 4 * text.height else (0.0, _FULL_PERCENT)
    return [
        Label("%", x, plot.y / 2 - GAP / 2, Align.LEFT),
        *(
            Label(f"{it:.0f}", x, plot.bottom - it / _FULL_PERCENT * plot.h, Align.LEFT)
            for it in ticks
        ),
    ]


def _hours(
    chart: DayChart, plot: Box, text: TextSize
) -> tuple[tuple[float, ...], tuple[Label, ...]]:
    room = 2 * text.width("00") + 2 * GAP
    step_h = next((it for it in STEPS_H if plot.w / 24 * it >= room), STEPS_H[-1])
    start, end = day_span(chart.day, chart.where)
    per_s = plot.w / (end - start).total_seconds()
    y = plot.bottom + GAP + text.height / 2
    labels = [
        Label(it.text, plot.x + (it.at - start).total_seconds() * per_s, y)
        for it in hours(chart.day, chart.where, step_h)
    ]
    return tuple(it.x for it in labels), spread(labels, text)


def _caption(
    values: Mapping[Series, Values], plot: Box, zero_y: float, text: TextSize
) -> Label | None:
    """Return what the part below the zero line means, where there is room to say it."""
    said = " · ".join(trc(*word) for it, word in _BELOW.items() if it in values)
    if not said:
        return None
    # Translators: what the part of a chart below zero means: "below 0: importing"
    said = tr("below 0: {directions}").format(directions=said)
    if plot.bottom - zero_y < _SEEN_BELOW_PX or text.width(said) > plot.w:
        return None
    # Beside the unit: within the plot the curves would cross it.
    return Label(said, plot.x + GAP, plot.y / 2 - GAP / 2, Align.LEFT)
