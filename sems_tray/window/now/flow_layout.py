"""Where rings and links of the flow picture lie, from the room and the font."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QFontMetricsF, QPainterPath

from sems_tray.domain.model import BatteryState
from sems_tray.domain.station_state import battery_word, grid_direction
from sems_tray.i18n.language import trc
from sems_tray.widgets.theme import STEP, Text, font_of

from .flow_model import Part, part_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QFont

    from .flow_model import FlowPicture, PowerLink


# The widest value: the rings must not grow and shrink with what they say.
_WIDEST_VALUE = "8.88"
_ANY_W = 1000.0
_SIGN = 2.1  # of the value's capitals
_THINNEST, _THICKEST = 2.2, 9.0
_HEAD = 9.0
_BENT = 0.5  # 0 is a straight link, 1 one through the middle of the picture
_DOTS_EVERY, _GROWS_BY = 26.0, 8.0
_USUAL_HEIGHT = 16.0
_LARGEST, _LARGEST_ALONE = 1.6, 2.0
# Between the rings, in steps, across and down; a pentagon needs more than a diamond.
_LEAST, _LEAST_OF_FIVE = (3, 7), (3, 12)
# From here on the rings grow with the room: until then the links do, which tell more.
_AMPLE, _AMPLE_OF_FIVE = (10, 14), (10, 18)
# Between what something may flow; the car hangs behind the house.
_WIRED = (
    (Part.SOLAR, Part.HOUSE),
    (Part.SOLAR, Part.BATTERY),
    (Part.SOLAR, Part.GRID),
    (Part.BATTERY, Part.HOUSE),
    (Part.GRID, Part.HOUSE),
    (Part.HOUSE, Part.CAR),
)
_WIDEST, _HIGHEST = 1.9, 0.8  # of the other side


@dataclass(frozen=True, slots=True)
class Track:
    """One link as it is painted: its line, its arrow head, and points for the dots."""

    link: PowerLink
    line: QPainterPath
    head: QPainterPath
    width: float
    points: tuple[QPointF, ...]
    length: float

    def at(self, distance: float) -> QPointF:
        """Return the point so far along the line."""
        place = distance / self.length * (len(self.points) - 1)
        low = min(max(int(place), 0), len(self.points) - 2)
        one, other = self.points[low], self.points[low + 1]
        return one + (other - one) * (place - low)

    def dots(self, travelled: float) -> list[tuple[QPointF, float]]:
        """Return where the dots are after so many points on the way, and how grown.

        They grow out of one end and shrink into the other.
        """
        count = max(1, round(self.length / _DOTS_EVERY))
        gap = self.length / count
        places = [travelled % gap + number * gap for number in range(count)]
        return [
            (
                self.at(place),
                min(place / _GROWS_BY, (self.length - place) / _GROWS_BY, 1.0),
            )
            for place in places
        ]


@dataclass(frozen=True, slots=True)
class RingShape:
    """A ring's measures, from its middle; the same for all rings of a picture."""

    radius: float
    sign: float
    top: float
    value_base: float
    word_base: float
    value: QFont
    word: QFont  # and the unit


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture in the widget's coordinates."""

    scale: float
    ring: RingShape
    centres: Mapping[Part, QPointF]
    tracks: tuple[Track, ...]
    wires: tuple[QPainterPath, ...]


def ring_shape(font: QFont, scale: float = 1.0) -> RingShape:
    """Return a ring in which every value and word has its place."""
    value, word = font_of(Text.RING, font, scale), font_of(Text.CAPTION, font, scale)
    tall, low = QFontMetricsF(value), QFontMetricsF(word)
    sign = tall.capHeight() * _SIGN
    # Sign, value and word stand on each other; the stack is centred by what is inked.
    high, flat = tall.capHeight(), low.capHeight()
    stack = sign + high * 1.7 + flat * 1.9
    value_base = sign - stack / 2 + high * 1.5
    word_base = value_base + flat * 1.95
    half_word = max(low.horizontalAdvance(it) for it in _ring_words()) / 2
    half_value = tall.horizontalAdvance(_WIDEST_VALUE) / 2
    half_value += low.horizontalAdvance(" kW") / 2
    radius = max(
        math.hypot(half_word, word_base),
        math.hypot(half_value, value_base),
        math.hypot(sign / 2, stack / 2),
    )
    return RingShape(
        radius=math.ceil(radius + 3.5 * scale * _stretch(font)),
        sign=sign,
        top=-stack / 2,
        value_base=value_base,
        word_base=word_base,
        value=value,
        word=word,
    )


def _ring_words() -> list[str]:
    """Return all that a ring may say below its value, in the language spoken."""
    ways = (_ANY_W, -_ANY_W, 0.0)
    return [
        *(part_name(it) for it in Part),
        *(battery_word(it) for it in BatteryState),
        *(grid_direction(it) for it in ways),
        trc("grid", "lost"),
    ]


def least_size(font: QFont, picture: FlowPicture) -> QSizeF:
    """Return the room that the picture needs at the least."""
    return _size(font, picture, _LEAST_OF_FIVE if _is_five(picture) else _LEAST)


def _is_five(picture: FlowPicture) -> bool:
    return len(picture.nodes) == 5


def _size(font: QFont, picture: FlowPicture, gaps: tuple[int, int]) -> QSizeF:
    diameter, step = ring_shape(font).radius * 2, STEP * _stretch(font)
    columns = min(len({node.x for node in picture.nodes}) or 1, 3)
    rows = min(len({node.y for node in picture.nodes}) or 1, 2)
    wide = diameter * columns + step * gaps[0] * (columns - 1)
    high = diameter * rows + step * gaps[1] * (rows - 1)
    return QSizeF(wide + 2 * STEP, high + 2 * STEP)


def layout(picture: FlowPicture, room: QRectF, font: QFont) -> Layout:
    """Return the picture, as large as the room allows within reason."""
    ample = _size(font, picture, _AMPLE_OF_FIVE if _is_five(picture) else _AMPLE)
    scale = min(room.width() / ample.width(), room.height() / ample.height())
    alone = len(picture.nodes) == 1
    scale = min(max(scale, 1.0), _LARGEST_ALONE if alone else _LARGEST)
    ring = ring_shape(font, scale)
    scale *= _stretch(font)
    edge = ring.radius + STEP
    high = min(room.height(), room.width() * _HIGHEST)
    height = max(high - 2 * edge, 0.0)
    width = max(min(room.width(), high * _WIDEST) - 2 * edge, 0.0)
    left, top = room.center().x() - width / 2, room.center().y() - height / 2
    centres = {
        node.part: QPointF(left + node.x * width, top + node.y * height)
        for node in picture.nodes
    }
    middle = room.center()
    return Layout(
        scale=scale,
        ring=ring,
        centres=centres,
        tracks=tuple(
            _track(link, centres, middle, ring.radius, scale) for link in picture.links
        ),
        wires=_wires(picture, centres, middle, ring.radius + 3 * scale),
    )


def _wires(
    picture: FlowPicture,
    centres: Mapping[Part, QPointF],
    middle: QPointF,
    radius: float,
) -> tuple[QPainterPath, ...]:
    """Return the lines on which nothing flows now."""
    taken = {frozenset((it.source, it.sink)) for it in picture.links}
    found = []
    for pair in _WIRED:
        if frozenset(pair) in taken or not centres.keys() >= set(pair):
            continue
        start, end = (centres[it] for it in pair)
        bend = _bend(start, end, middle)
        path = QPainterPath(start + _towards(start, bend) * radius)
        path.quadTo(bend, end + _towards(end, bend) * radius)
        found.append(path)
    return tuple(found)


def _stretch(font: QFont) -> float:
    """Return how much larger than usual the system's font is: lines grow with it."""
    return max(QFontMetricsF(font).height() / _USUAL_HEIGHT, 0.75)


def _track(
    link: PowerLink,
    centres: Mapping[Part, QPointF],
    middle: QPointF,
    radius: float,
    scale: float,
) -> Track:
    start, end = centres[link.source], centres[link.sink]
    bend = _bend(start, end, middle)
    width = (_THINNEST + (_THICKEST - _THINNEST) * link.width) * scale
    head = _HEAD * scale + width * 0.6
    out = start + _towards(start, bend) * (radius + 3 * scale)
    back = _towards(end, bend)
    tip = end + back * (radius + 3 * scale)
    neck = tip + back * head
    line = QPainterPath(out)
    line.quadTo(bend, neck)
    points = tuple(line.pointAtPercent(step / 40) for step in range(41))
    return Track(
        link, line, _head(tip, neck, head), width, points, line.length() or 1.0
    )


def _bend(start: QPointF, end: QPointF, middle: QPointF) -> QPointF:
    return (start + end) * 0.5 * (1 - _BENT) + middle * _BENT


def _head(tip: QPointF, neck: QPointF, size: float) -> QPainterPath:
    side = (tip - neck) / size
    across = QPointF(-side.y(), side.x()) * (size * 0.55)
    path = QPainterPath(tip)
    path.lineTo(neck + across)
    path.lineTo(neck - across)
    path.closeSubpath()
    return path


def _towards(start: QPointF, end: QPointF) -> QPointF:
    away = end - start
    length = math.hypot(away.x(), away.y())
    return away / length if length else QPointF(0, 1)
