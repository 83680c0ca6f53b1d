"""What every chart is laid out in: boxes, labels, and how wide a text is.

Lengths are logical pixels, x to the right and y downwards.  A layout is everything that
a painter needs and nothing that it must decide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from sems_tray.domain.energy import day_span
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo


GAP = 6.0  # between an axis and its labels
LINE_EVERY = 34.0  # one horizontal line per so many pixels at most


class Align(Enum):
    """Which part of a label is at its x."""

    LEFT = auto()
    CENTRE = auto()
    RIGHT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSize:
    """The font's measures, as the painter knows them."""

    width: Callable[[str], float]
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.h


@dataclass(frozen=True, slots=True)
class Label:
    """A text; ``y`` is the middle of its line."""

    text: str
    x: float
    y: float
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadoutRow:
    """One value of a readout; ``key`` names the series whose colour it has."""

    key: object
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """The values at one place, in words.

    The place is a line at ``x``, or a band that reaches so far to both sides of it.
    """

    x: float
    reach: float = 0.0
    title: str
    rows: tuple[ReadoutRow, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """The same in one line, for a screen reader."""
        parts = [f"{it.name} {it.value}" for it in self.rows]
        return ", ".join([self.title, *parts, *([self.note] if self.note else [])])


def spread(labels: list[Label], text: TextSize) -> tuple[Label, ...]:
    """Return the centred labels, left to right, without those that would collide."""
    found: list[Label] = []
    free = float("-inf")
    for label in labels:
        half = text.width(label.text) / 2
        if label.x - half >= free:
            found.append(label)
            free = label.x + half + GAP
    return tuple(found)


# Axes with round numbers: steps of 1, 2 or 5 times a power of ten.


_NEARLY = 1e-9  # of a step: what a float may miss a whole number by


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A value axis: where it begins and ends, and its round numbers."""

    low: float
    high: float
    ticks: tuple[float, ...]
    digits: int

    def text(self, value: float) -> str:
        """Return a tick's number."""
        return formatting.fixed(value, self.digits)


def plot_box(
    axis: Scale, unit: str, right: float, size: tuple[float, float], text: TextSize
) -> Box:
    """Return the room for the curves or bars: what the labels leave of a size.

    ``right`` is how much is needed for labels on that side.
    """
    left = max(text.width(it) for it in [*map(axis.text, axis.ticks), unit]) + GAP
    top = text.height + GAP
    return Box(
        left,
        top,
        max(size[0] - left - right, 1.0),
        max(size[1] - top - text.height - GAP, 1.0),
    )


def axis_labels(
    axis: Scale, unit: str, plot: Box, zero_y: float, per_unit: float
) -> list[Label]:
    """Return the unit above a value axis, and the number of each tick beside it."""
    x = plot.x - GAP
    return [
        Label(unit, x, plot.y / 2 - GAP / 2, Align.RIGHT),
        *(
            Label(axis.text(tick), x, zero_y - tick * per_unit, Align.RIGHT)
            for tick in axis.ticks
        ),
    ]


def scale(low: float, high: float, most_steps: int, *, fixed: bool = False) -> Scale:
    """Return an axis that holds ``low <= 0`` and ``high > 0``.

    It ends at a round number above, unless its end is ``fixed``, and at the low itself:
    a little import would else take a whole step from the rest.
    """
    low = min(low, 0.0)
    step, power = _step((high - low) / max(most_steps, 1))
    last = max(math.ceil(high / step - _NEARLY), 1)
    short = fixed and last * step > high * (1 + _NEARLY)
    first = math.ceil(low / step - _NEARLY)
    factor = 10.0**power
    mantissa = round(step / factor)
    return Scale(
        low=low,
        high=high if fixed else _tick(last, mantissa, power),
        ticks=tuple(
            _tick(n, mantissa, power) for n in range(first, last + (0 if short else 1))
        ),
        digits=max(-power, 0),
    )


def _step(least: float) -> tuple[float, int]:
    """Return the smallest round step of at least so much, and its power of ten."""
    least = max(least, 1e-6)
    power = math.floor(math.log10(least))
    for mantissa in (1, 2, 5):
        step = mantissa * 10.0**power
        if step >= least * (1 - _NEARLY):
            return step, power
    return 10.0 ** (power + 1), power + 1


def _tick(n: int, mantissa: int, power: int) -> float:
    """Return n steps without what floats add up to (0.30000000000000004)."""
    return round(n * mantissa * 10.0**power, max(-power, 0)) + 0.0


# The hours of one local date on a line: 23, 24 or 25 of them.


STEPS_H = (1, 2, 3, 4, 6, 12)
# Zones are whole quarters of an hour from UTC, and so are the clock's jumps.
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour of the local clock and its true time."""

    at: datetime
    text: str


def hours(day: date, where: tzinfo, step_h: int) -> tuple[Hour, ...]:
    """Return every so many hours of the local clock, and the end of the day as "24".

    An hour that the clock skips is missing; one that it repeats is there twice.
    """
    start, end = day_span(day, where)
    found = []
    for n in range((end - start) // _QUARTER):
        at = start + n * _QUARTER
        local = at.astimezone(where)
        if local.minute == 0 and local.hour % step_h == 0:
            found.append(Hour(at, f"{local:%H}"))
    return (*found, Hour(end, "24"))


def clock_text(at: datetime, where: tzinfo) -> str:
    """Return "02:30", and in an hour that comes twice which of the two it is."""
    local = at.astimezone(where)
    other = local.replace(fold=1 - local.fold)
    if local.utcoffset() == other.utcoffset():
        return f"{local:%H:%M}"
    # The clock goes back from summer to winter: the first pass is summer's.
    text = tr("{clock} winter time") if local.fold else tr("{clock} summer time")
    return text.format(clock=f"{local:%H:%M}")


def same_clock(at: datetime) -> datetime:
    """Return a time as UTC, in which differences are true ones.

    Python subtracts two times of one zone by their clocks, across its jumps.
    """
    return at.astimezone(UTC)
