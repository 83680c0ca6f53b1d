"""The glyphs of the flow picture: outlines on a grid of 24 units."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from sems_tray.core.flow import Part

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

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
