"""Curves of one day: what is drawn, where it breaks, and how it is made short."""

from __future__ import annotations

from array import array
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from .language import markc, trc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import CurvePoint

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
