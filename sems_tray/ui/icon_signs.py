"""Arrow and exclamation mark of the tray icon."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

from sems_tray.core.icon import Mark

from .icon_badges import gap_around

_CRISP = 12  # up to this width an arrow head is a staircase: antialiasing would blur it


@lru_cache(maxsize=256)
def arrow_path(mark: Mark, width: int, height: int, *, broken: bool) -> QPainterPath:
    """Return an arrow in a box from 0, 0: up when charging, down when discharging.

    A broken arrow (low battery) has its shaft apart from its head: another shape,
    for those who do not see another colour.
    """
    head = (width + 1) // 2
    shaft = max(2 - width % 2, width // 3)
    shaft += (width - shaft) % 2
    left = (width - shaft) / 2
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    mid = width / 2
    steps = range(head) if width <= _CRISP else ()
    slope = [QPointF(mid, 0)] if width > _CRISP else []
    for row in steps:
        out = mid + 1 - width % 2 / 2 + row
        slope += [QPointF(out, row), QPointF(out, row + 1)]
    if width > _CRISP:
        slope.append(QPointF(width, head))
    mirrored = [QPointF(width - point.x(), point.y()) for point in reversed(slope)]
    path.addPolygon(QPolygonF(slope + mirrored))
    path.closeSubpath()
    rest = height - head
    gap = min(rest - 1, max(2, width // 4)) if broken else 0
    path.addRect(QRectF(left, head + gap, shaft, rest - gap))
    if mark is Mark.DISCHARGING:
        return QTransform(1, 0, 0, -1, 0, height).map(path)
    return path


@lru_cache(maxsize=64)
def alert_path(width: int, height: int) -> QPainterPath:
    """Return an exclamation mark in a box from 0, 0."""
    dot = width
    gap = max(1, width // 2)
    path = QPainterPath()
    path.addRect(QRectF(0, 0, width, height - dot - gap))
    path.addRect(QRectF(0, height - dot, width, dot))
    return path


@lru_cache(maxsize=256)
def sign_paths(
    mark: Mark, width: int, height: int, size: int, *, low: bool
) -> tuple[QPainterPath, QPainterPath]:
    """Return the sign and the gap along its edge, on an icon of that size."""
    if mark is Mark.NONE:
        path = alert_path(width, height)
    else:
        path = arrow_path(mark, width, height, broken=low)
    return path, gap_around(path, size)
