"""What every chart is laid out in: boxes, labels, and how wide a text is.

Lengths are logical pixels, x to the right and y downwards.  A layout is everything that
a painter needs and nothing that it must decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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

    index: int
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


def spread(labels: list[Label], text: TextSize, gap: float = GAP) -> tuple[Label, ...]:
    """Return the centred labels, left to right, without those that would collide."""
    found: list[Label] = []
    free = float("-inf")
    for it in labels:
        half = text.width(it.text) / 2
        if it.x - half >= free:
            found.append(it)
            free = it.x + half + gap
    return tuple(found)
