"""Curves of one day: what is drawn, where it breaks, and how it is made short."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from sems_tray.domain.energy import day_span
from sems_tray.domain.model import NO_SUMS
from sems_tray.i18n.language import markc, tr, trc

from .layout import (
    GAP,
    LINE_EVERY,
    STEPS_H,
    Align,
    Label,
    axis_labels,
    hours,
    plot_box,
    same_clock,
    scale,
    spread,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from sems_tray.domain.model import CurvePoint, EnergySums

    from .layout import Box, Scale, TextSize


Values = list[float | None]

_MISSED_STEPS = 2.5
_NEIGHBOURS = 3
_MINUTE_S = 60.0
# Pollers may be set to half an hour; what is further apart was never one curve.
_LONGEST_STEP_S = _MISSED_STEPS * 30 * _MINUTE_S
_USUAL_STEP_S = 15 * _MINUTE_S  # of two lone points: thinned history has this step
_DOT = 1.5  # half the width of a point on its own


class Series(Enum):
    """The curves of a day chart, in the order of the legend."""

    PV = "Solar"
    LOAD = "House"
    GRID = "Grid"
    BATTERY = "Battery"
    SOC = "Charge"

    @property
    def label(self) -> str:
        """The name in the legend."""
        return trc(*_LABELS[self])


_LABELS = {
    Series.PV: ("part of the plant", markc("part of the plant", "Solar")),
    Series.LOAD: ("part of the plant", markc("part of the plant", "House")),
    Series.GRID: ("part of the plant", markc("part of the plant", "Grid")),
    Series.BATTERY: ("part of the plant", markc("part of the plant", "Battery")),
    Series.SOC: ("state of charge", markc("state of charge", "Charge")),
}

SIGNED = frozenset({Series.GRID, Series.BATTERY})


def values_of(points: Sequence[CurvePoint], series: Series) -> Values:
    """Return one curve's values: W, or % for the state of charge."""
    match series:
        case Series.PV:
            return [it.power.pv_w for it in points]
        case Series.LOAD:
            return [it.power.load_w for it in points]
        case Series.GRID:
            return [it.power.grid_w for it in points]
        case Series.BATTERY:
            return [it.power.battery_w for it in points]
        case Series.SOC:
            return [it.soc_percent for it in points]


def gaps(times_s: Sequence[float]) -> list[int]:
    """Return the places before which something is missing.

    A curve may be made of minutes, of the portal's five and of thinned quarters of an
    hour.  So a step is too long by what is usual around it, not on the whole day.
    """
    steps = [b - a for a, b in pairwise(times_s)]
    surely_fine = min(min(steps, default=0.0), _USUAL_STEP_S)
    if max(steps, default=0.0) <= surely_fine:
        return []
    return [
        n + 1
        for n, step in enumerate(steps)
        if step > surely_fine and step > _longest(steps, n)
    ]


def _longest(steps: list[float], n: int) -> float:
    """Return how long one step may be, by those before and after it."""
    around = steps[max(n - _NEIGHBOURS, 0) : n] + steps[n + 1 : n + 1 + _NEIGHBOURS]
    usual = sorted(around)[len(around) // 2] if around else _USUAL_STEP_S
    return min(_MISSED_STEPS * usual, _LONGEST_STEP_S)


def runs(values: Values, breaks: Sequence[int]) -> list[tuple[int, int]]:
    """Return the unbroken stretches as from and up to, but not including."""
    found = []
    for first, end in pairwise((0, *breaks, len(values))):
        part = values[first:end]
        if None not in part:
            found.append((first, end))
            continue
        begin = first
        for n, value in enumerate(part, first):
            if value is None:
                if begin < n:
                    found.append((begin, n))
                begin = n + 1
        if begin < end:
            found.append((begin, end))
    return [(a, b) for a, b in found if a < b]


def columns(xs: Sequence[float]) -> list[int]:
    """Return the places at which a new column of pixels begins, and the end."""
    pixels = array("q", map(int, xs))
    starts = [n for n, (a, b) in enumerate(pairwise(pixels), 1) if a != b]
    return [0, *starts, len(xs)]


def polyline(
    xs: Sequence[float], values: Sequence[float], zero_y: float, per_unit: float
) -> array[float]:
    """Return x, y, x, y ... of an unbroken stretch; a lone point becomes a dash."""
    if len(xs) == 1:
        y = zero_y - values[0] * per_unit
        return array("d", (xs[0] - _DOT, y, xs[0] + _DOT, y))
    line = array("d", bytes(16 * len(xs)))
    line[::2] = array("d", xs)
    line[1::2] = array("d", [zero_y - it * per_unit for it in values])
    return line


def thinned(
    xs: Sequence[float], values: Sequence[float], starts: Sequence[int], least: float
) -> tuple[list[float], list[float]]:
    """Return the lowest and the highest value of each column of pixels.

    Both stay, so no peak is lost however narrow it is; where they differ by less than
    can be seen, one is enough, and of a level stretch its two ends.
    """
    places, kept = [xs[0]], [values[0]]
    level = False
    for first, end in pairwise(starts):
        part = values[first:end]
        low, high = min(part), max(part)
        if high - low >= least:
            places += (xs[first], xs[end - 1])
            kept += (low, high) if part[0] <= part[-1] else (high, low)
            level = False
        elif level and low == high == kept[-1]:
            places[-1] = xs[end - 1]
        else:
            level = low == high == kept[-1]
            places.append(xs[end - 1])
            kept.append(part[-1])
    return places, kept


# The chart of one day: powers as curves, and the state of charge beside them.
#
# Above the zero line is what there is: solar and house, and what goes out of the
# battery and to the grid.  Below it is what comes from the grid and goes into the
# battery, as in GoodWe's own charts; a caption says so in words.


ALL_SERIES = frozenset(Series)
REACH = 16.0  # pixels from the mouse within which an instant is meant
_UNIT = "kW"
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

    @property
    def known(self) -> tuple[Series, ...]:
        """The curves of which anything is known: a legend's entries."""
        return tuple(
            series
            for series in Series
            if any(it is not None for it in values_of(self.points, series))
        )


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

    @property
    def count(self) -> int:
        """How many instants can be read."""
        return len(self.points)

    def index_at(self, x: float) -> int | None:
        """Return the number of the instant nearest to an x, if it is near enough."""
        if not self.xs:
            return None
        after = min(bisect_left(self.xs, x), self.count - 1)
        before = max(after - 1, 0)
        found = before if x - self.xs[before] <= self.xs[after] - x else after
        return found if abs(self.xs[found] - x) <= REACH else None


def lay_out_day(
    chart: DayChart, width: float, height: float, text: TextSize
) -> DayLayout:
    """Return the layout of a day in so many pixels."""
    start, end = day_span(chart.day, chart.where)
    points = _of_day(chart.points, start, end)
    values = {it: values_of(points, it) for it in Series if it in chart.shown}
    values = {it: v for it, v in values.items() if v.count(None) < len(v)}
    axis = _axis(chart, values, height)
    right = text.width("100" if Series.SOC in values else "24") + GAP
    plot = plot_box(axis, _UNIT, right, (width, height), text)
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
            *axis_labels(axis, _UNIT, plot, zero_y, per_kw),
            *_soc_labels(values, plot, text),
            *hour_labels,
        ),
        caption=_caption(values, plot, zero_y, text),
        curves=tuple(
            drawer.curve(curve, known, scales.get(curve, power))
            for curve, known in values.items()
        ),
        now_x=plot.x + (chart.now - start).total_seconds() * per_s
        if live and chart.now is not None
        else None,
        points=tuple(points[n] for n in places),
        xs=array("d", [xs[n] for n in places]),
    )


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
            Label(
                f"{tick:.0f}",
                x,
                plot.bottom - tick / _FULL_PERCENT * plot.h,
                Align.LEFT,
            )
            for tick in ticks
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
        Label(hour.text, plot.x + (hour.at - start).total_seconds() * per_s, y)
        for hour in hours(chart.day, chart.where, step_h)
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
