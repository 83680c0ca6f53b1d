"""The badge in the icon's corner: every trouble has a silhouette of its own.

On the smallest icons a badge is a picture of pixels, since no curve survives there;
on larger ones it is a shape on a grid of 12 units, which is 12 px at 20 to 24 px.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPen, QPolygonF, QTransform

from .view_model import Badge

_GRID = 12.0
_SMALL = 20  # from this icon size on, shapes; below, pixels

# Nine by eight, the row above stays free for the gap under a number of seven rows.
_PIXELS: dict[Badge, str] = {
    Badge.NIGHT: """
        ...##....
        ..##.....
        .###.....
        .###.....
        .####....
        .######.#
        ..######.
        ...####..""",
    Badge.WAITING: """
        .#######.
        ..#####..
        ...###...
        ....#....
        ....#....
        ...###...
        ..#####..
        .#######.""",
    Badge.SILENT: """
        ..#####..
        .###.###.
        ####.####
        ####.####
        ####...##
        #########
        .#######.
        ..#####..""",
    Badge.UNREACHABLE: """
        ...###...
        ..#####..
        .########
        #########
        ##.....##
        ##.....##
        #########
        .#######.""",
    Badge.THROTTLED: """
        ..#####..
        .#######.
        ##..#..##
        ##..#..##
        ##..#..##
        ##..#..##
        .#######.
        ..#####..""",
    Badge.SIGN_IN: """
        .........
        .####....
        ##..##...
        #....####
        #....####
        ##..##.##
        .####..##
        .........""",
    Badge.FAULT: """
        ....#....
        ...###...
        ...#.#...
        ..##.##..
        ..##.##..
        .#######.
        .###.###.
        #########""",
    Badge.OFFLINE: """
        ##.....##
        ###...###
        .###.###.
        ..#####..
        ..#####..
        .###.###.
        ###...###
        ##.....##""",
    Badge.GRID_LOST: """
        ...####..
        ..####...
        .####....
        ######...
        ..###....
        ..##..#.#
        .##....#.
        .#....#.#""",
}


def extent(size: int) -> tuple[int, int]:
    """Return the width and height of the badge on an icon of that size."""
    if size < _SMALL:
        return 9, 8
    side = 12 if size < 28 else round(size * 0.56)
    return side, side


@lru_cache(maxsize=128)
def badge_path(badge: Badge, size: int) -> QPainterPath:
    """Return the badge's shape in its box from 0, 0."""
    width, _ = extent(size)
    if size < _SMALL:
        return _from_pixels(_PIXELS[badge])
    scale = width / _GRID
    return QTransform.fromScale(scale, scale).map(_shape(badge))


@lru_cache(maxsize=128)
def clearing(badge: Badge, size: int) -> QPainterPath:
    """Return what is cleared under the badge: itself, its bays, a gap around it."""
    if size < _SMALL:
        return _from_pixels(_PIXELS[badge], gap=1)
    shape = badge_path(badge, size)
    hull, box = QPainterPath(), shape.boundingRect()
    if badge is Badge.NIGHT:
        hull.addEllipse(box)
    elif badge in (Badge.WAITING, Badge.GRID_LOST):
        hull.addRect(box)
    else:
        hull = shape
    return gap_around(hull, size).united(hull)


def gap_around(shape: QPainterPath, size: int) -> QPainterPath:
    """Return the gap along the shape's edge, without what lies deeper inside."""
    pen = QPen(Qt.GlobalColor.black, 2 * max(1, round(size / 18)))
    # Square corners at pixel sizes: a round one would leave half-erased pixels.
    joins = Qt.PenJoinStyle
    pen.setJoinStyle(joins.MiterJoin if size < _SMALL else joins.RoundJoin)
    return QPainterPathStroker(pen).createStroke(shape)


def _from_pixels(picture: str, gap: int = 0) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for y, row in enumerate(line.strip() for line in picture.split("\n")[1:]):
        for run in re.finditer("#+", row):
            path.addRect(
                QRectF(run.start(), y, len(run[0]), 1).adjusted(-gap, -gap, gap, gap)
            )
    return path


@lru_cache(maxsize=len(Badge))
def _shape(badge: Badge) -> QPainterPath:
    return _SHAPES[badge]()  # set operations on paths are slow: each is made once


def _disc(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _rect(x: float, y: float, width: float, height: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(x, y, width, height))
    return path


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _line(a: tuple[float, float], b: tuple[float, float], width: float) -> QPainterPath:
    dx, dy = b[0] - a[0], b[1] - a[1]
    nx, ny = (part * width / 2 / math.hypot(dx, dy) for part in (-dy, dx))
    return _polygon(
        (a[0] + nx, a[1] + ny),
        (b[0] + nx, b[1] + ny),
        (b[0] - nx, b[1] - ny),
        (a[0] - nx, a[1] - ny),
    )


def _night() -> QPainterPath:
    """Return a moon."""
    return _disc(6, 6, 6).subtracted(_disc(8.6, 3.4, 4.9))


def _waiting() -> QPainterPath:
    glass = _polygon((2, 2), (10, 2), (7, 6), (10, 10), (2, 10), (5, 6))
    return glass.united(_rect(1, 0, 10, 2)).united(_rect(1, 10, 10, 2))


def _silent() -> QPainterPath:
    return _disc(6, 6, 6).subtracted(_rect(5, 2, 2, 6)).subtracted(_rect(5, 6, 5, 2))


def _unreachable() -> QPainterPath:
    cloud = _disc(3, 8, 3).united(_disc(6.6, 4.5, 3.5)).united(_disc(9.5, 8.5, 2.5))
    cloud = cloud.united(_rect(3, 5, 6.5, 6))
    return cloud.subtracted(_rect(3, 7, 6, 2))


def _throttled() -> QPainterPath:
    return _disc(6, 6, 6).subtracted(_rect(3, 3, 2, 6)).subtracted(_rect(7, 3, 2, 6))


def _offline() -> QPainterPath:
    return _line((1, 1), (11, 11), 2.8).united(_line((11, 1), (1, 11), 2.8))


def _sign_in() -> QPainterPath:
    ring = _disc(3.5, 6.5, 3.5).subtracted(_disc(3.5, 6.5, 1.5))
    key = ring.united(_rect(6, 6, 6, 2))
    return key.united(_rect(10, 7, 2, 4)).united(_rect(8, 7, 1, 3))


def _fault() -> QPainterPath:
    sign = _polygon((5, 0), (7, 0), (12, 10.5), (12, 12), (0, 12), (0, 10.5))
    return sign.subtracted(_rect(5, 3, 2, 5)).subtracted(_rect(5, 9, 2, 2))


def _grid_lost() -> QPainterPath:
    bolt = _polygon((4, 0), (9, 0), (7, 4), (9.5, 4), (2, 12), (3.5, 7), (1, 7))
    cross = _line((7.2, 7.2), (11.8, 11.8), 1.4)
    return bolt.united(cross).united(_line((11.8, 7.2), (7.2, 11.8), 1.4))


_SHAPES = {
    Badge.NIGHT: _night,
    Badge.WAITING: _waiting,
    Badge.SILENT: _silent,
    Badge.UNREACHABLE: _unreachable,
    Badge.THROTTLED: _throttled,
    Badge.SIGN_IN: _sign_in,
    Badge.FAULT: _fault,
    Badge.OFFLINE: _offline,
    Badge.GRID_LOST: _grid_lost,
}
