"""What stands still of the flow picture: rings, glyphs, words and lines."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainterPath, QPen

from sems_tray.i18n.formatting import DEAD_BAND_W
from sems_tray.widgets.theme import ColourRole, mix

from .flow_model import Part

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from sems_tray.widgets.theme import Theme

    from .flow_layout import Layout, Track
    from .flow_model import FlowPicture, Node


class StillPicture:
    """Paints what does not move."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        at: Layout,
        picture: FlowPicture,
        *,
        dots: bool,
    ) -> None:
        self._painter, self._theme = painter, theme
        self._at, self._picture = at, picture
        self._dots = dots

    def paint(self) -> None:
        """Paint wires and links below, rings above."""
        self._wires()
        for track in self._at.tracks:
            self._link(track)
        for node in self._picture.nodes:
            self._node(node)

    def _colour(self, part: Part) -> QColor:
        if self._picture.old:
            return mix(self._theme.card, self._theme.text, 0.45)
        return self._theme.colour(series_of(part))

    def _wires(self) -> None:
        pen = QPen(self._theme.track, 1.4 * self._at.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for wire in self._at.wires:
            self._painter.drawPath(wire)

    def _link(self, track: Track) -> None:
        painter, colour = self._painter, self._colour(track.link.source)
        pale = self._dots and not self._theme.high_contrast
        line = mix(self._theme.card, colour, 0.45) if pale else colour
        pen = QPen(line, track.width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(track.line)
        painter.fillPath(track.head, colour)

    def _node(self, node: Node) -> None:
        painter, theme, ring = self._painter, self._theme, self._at.ring
        centre, scale = self._at.centres[node.part], self._at.scale
        colour = self._colour(node.part)
        quiet = node.power_w is None or abs(node.power_w) < DEAD_BAND_W
        gauge = node.level is not None and not theme.high_contrast
        edge = theme.colour(ColourRole.ALARM) if node.alert else colour
        dim = gauge or (quiet and not node.alert)
        plain = theme.high_contrast or not dim
        rim = edge if plain else mix(theme.card, colour, 0.4)
        painter.setPen(QPen(rim, 2.6 * scale))
        painter.setBrush(mix(theme.card, colour, 0.0 if quiet else 0.05))
        painter.drawEllipse(centre, ring.radius, ring.radius)
        if gauge and node.level:
            self._arc(centre, node.level, edge)
        lost = node.alert and not gauge and not self._picture.old
        self._inside(node, centre, edge if lost else colour)
        if node.alert:
            size = ring.sign * 0.72
            corner = centre + QPointF(ring.radius * 0.72, -ring.radius * 0.72)
            box = QRectF(0, 0, size, size * 0.9)
            box.moveCenter(corner)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.card)
            painter.drawEllipse(corner, size * 0.8, size * 0.8)
            painter.fillPath(alert_path(box), theme.colour(ColourRole.ALARM))

    def _arc(self, centre: QPointF, level: float, colour: QColor) -> None:
        """Paint how full a ring is, clockwise from the top."""
        pen = QPen(colour, 3.4 * self._at.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self._at.ring.radius
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        self._painter.drawArc(box, 90 * 16, -round(level * 360 * 16))

    def _inside(self, node: Node, centre: QPointF, colour: QColor) -> None:
        painter, theme, ring = self._painter, self._theme, self._at.ring
        box = QRectF(0, 0, ring.sign, ring.sign)
        box.moveTo(centre.x() - ring.sign / 2, centre.y() + ring.top)
        paint_sign(painter, node.part, box, colour, node.level)
        self._value(node.value, centre.x(), centre.y() + ring.value_base)
        painter.setFont(ring.word)
        warned = node.alert and not self._picture.old
        painter.setPen(theme.ink(ColourRole.ALARM) if warned else theme.muted)
        wide = QFontMetricsF(ring.word).horizontalAdvance(node.word)
        left = centre.x() - wide / 2
        painter.drawText(QPointF(left, centre.y() + ring.word_base), node.word)

    def _value(self, value: str, x: float, base: float) -> None:
        """Write "3.21 kW" around a middle, the unit smaller than the number."""
        painter, theme, ring = self._painter, self._theme, self._at.ring
        number, _, unit = value.rpartition(" ")
        number, unit = (number, unit) if number else (unit, "")
        tall, low = QFontMetricsF(ring.value), QFontMetricsF(ring.word)
        gap = low.horizontalAdvance(" ") * 0.9 if unit else 0.0
        wide = tall.horizontalAdvance(number)
        left = x - (wide + gap + low.horizontalAdvance(unit)) / 2
        painter.setPen(theme.muted if self._picture.old else theme.text)
        painter.setFont(ring.value)
        painter.drawText(QPointF(left, base), number)
        painter.setFont(ring.word)
        painter.drawText(QPointF(left + wide + gap, base), unit)


def series_of(part: Part) -> ColourRole:
    """Return the series that a part's colour stands for."""
    return ColourRole(part.value)


# The glyphs of the flow picture: outlines on a grid of 24 units.


GRID = 24.0
_STROKE = 1.8
_CELL = QRectF(6.5, 5.0, 11.0, 16.5)  # the battery's case


def paint_sign(
    painter: QPainter,
    part: Part,
    box: QRectF,
    colour: QColor,
    level: float | None = None,
) -> None:
    """Paint a part's glyph into a square; the battery is filled to its level."""
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(box.width() / GRID, box.height() / GRID)
    pen = QPen(colour, _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(sign_path(part))
    if part is Part.BATTERY and level is not None:
        room = _CELL.adjusted(2.2, 2.2, -2.2, -2.2)
        share = min(max(level, 0.0), 1.0)
        room.setTop(room.bottom() - room.height() * share)
        painter.fillRect(room, colour)
    painter.restore()


@lru_cache(maxsize=8)
def sign_path(part: Part) -> QPainterPath:
    """Return the outline of a glyph."""
    match part:
        case Part.SOLAR:
            return _sun()
        case Part.BATTERY:
            return _battery()
        case Part.HOUSE:
            return _house()
        case Part.GRID:
            return _pylon()
        case Part.CAR:
            return _car()


def alert_path(box: QRectF) -> QPainterPath:
    """Return a triangle with an exclamation mark cut out."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    path.moveTo(box.center().x(), box.top())
    path.lineTo(box.bottomRight())
    path.lineTo(box.bottomLeft())
    path.closeSubpath()
    unit = box.width() / 12
    x = box.center().x()
    path.addRect(QRectF(x - unit * 0.7, box.top() + 4 * unit, 1.4 * unit, 3.6 * unit))
    path.addRect(
        QRectF(x - unit * 0.7, box.bottom() - 2.7 * unit, 1.4 * unit, 1.4 * unit)
    )
    return path


def _lines(*strokes: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for first, *others in strokes:
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    return path


def _sun() -> QPainterPath:
    path = QPainterPath()
    middle = QPointF(12, 12)
    path.addEllipse(middle, 4.4, 4.4)
    for turn in range(8):
        angle = turn * math.pi / 4
        away = QPointF(math.cos(angle), math.sin(angle))
        path.moveTo(middle + away * 7.6)
        path.lineTo(middle + away * 10.2)
    return path


def _battery() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(_CELL, 2.0, 2.0)
    path.moveTo(10, 2.6)
    path.lineTo(14, 2.6)
    return path


def _house() -> QPainterPath:
    return _lines(
        ((2.8, 11.8), (12, 3.6), (21.2, 11.8)),
        ((5.4, 9.8), (5.4, 20.6), (18.6, 20.6), (18.6, 9.8)),
        ((9.7, 20.4), (9.7, 14.4), (14.3, 14.4), (14.3, 20.4)),
    )


def _pylon() -> QPainterPath:
    return _lines(
        ((6.2, 21.4), (11, 2.6), (13, 2.6), (17.8, 21.4)),
        ((4.2, 9.6), (4.2, 7.6), (19.8, 7.6), (19.8, 9.6)),
        ((2.8, 14.6), (2.8, 12.6), (21.2, 12.6), (21.2, 14.6)),
        ((8.4, 12.8), (16.8, 18.2)),
        ((15.6, 12.8), (7.2, 18.2)),
    )


def _car() -> QPainterPath:
    path = _lines(
        ((5.0, 17.2), (2.4, 17.2), (2.4, 12.4), (5.2, 11.2), (8.0, 6.8), (15.6, 6.8)),
        ((15.6, 6.8), (18.6, 11.2), (21.6, 12.4), (21.6, 17.2), (19.0, 17.2)),
        ((9.6, 17.2), (14.4, 17.2)),
        ((5.4, 11.2), (18.4, 11.2)),
    )
    for x in (7.3, 16.7):
        path.addEllipse(QPointF(x, 17.2), 2.2, 2.2)
    return path
