"""What every face of the tray icon is painted with: colours, gaps and whole pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from sems_tray.core.icon import Badge, Face, Mark

from .icon_badges import badge_path, clearing, extent
from .icon_signs import sign_paths

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from sems_tray.core.icon import IconSpec

_CLEAR = QPainter.CompositionMode.CompositionMode_DestinationOut
_OVER = QPainter.CompositionMode.CompositionMode_SourceOver
_FADED = 0.6  # dark enough for 3:1 on either panel


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours on one panel, each at least 3:1 against it."""

    ink: str
    halo: str | None
    solar: str
    battery: str
    grid: str
    alarm: str
    blue: str
    gauge_alpha: float = 1.0  # a mask has no colour, so its gauge is lighter instead


class Canvas:
    """One picture in the making: a square of `n` pixels, and what is drawn on it."""

    def __init__(self, spec: IconSpec, palette: Palette, picture: QPixmap) -> None:
        self.spec = spec
        self.palette = palette
        self.n = picture.width()
        self.stroke = max(2, round(self.n / 9))
        # A slash through digits leaves no digits: a number gets a cross as a badge.
        self.slashed = spec.badge is Badge.OFFLINE and spec.face is not Face.NUMBER
        self.badged = spec.badge is not Badge.NONE and not self.slashed
        self.signed = spec.low or spec.mark is not Mark.NONE
        self.painter = QPainter(picture)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(Qt.PenStyle.NoPen)

    def finish(self) -> None:
        """Paint slash or badge over what is there."""
        if self.slashed:
            self._slash()
        elif self.badged:
            self._badge()

    def ink(self) -> QColor:
        """Return the neutral of the structure, paler for old values."""
        colour = QColor(self.palette.ink)
        colour.setAlphaF(_FADED if self.spec.faded else 1.0)
        return colour

    def alarm(self) -> QColor:
        """Return the warning colour, or ink when there is nothing to warn of."""
        return QColor(self.palette.alarm if self.spec.low else self.palette.ink)

    def gauge(self, healthy: str) -> QColor:
        """Return the colour of an amount."""
        colour = QColor(self.palette.alarm if self.spec.low else healthy)
        colour.setAlphaF(self.palette.gauge_alpha)
        return colour

    @staticmethod
    def even(wish: float, within: int) -> int:
        """Return a whole length that leaves the same room on both sides."""
        length = round(wish)
        return length + (within - length) % 2

    def fill(self, path: QPainterPath, x: float, y: float, colour: QColor) -> None:
        """Fill a path that was made for 0, 0."""
        self.painter.translate(x, y)
        self.painter.fillPath(path, colour)
        self.painter.translate(-x, -y)

    def erase(self, path: QPainterPath, x: float, y: float) -> None:
        """Clear, really, and not in the panel's colour: on Linux nobody knows it."""
        self.painter.setCompositionMode(_CLEAR)
        self.fill(path, x, y, QColor(Qt.GlobalColor.black))
        self.painter.setCompositionMode(_OVER)

    def wipe(self, x: int, y: int, width: int, height: int) -> None:
        """Clear whole pixels."""
        self.painter.setCompositionMode(_CLEAR)
        self.painter.fillRect(x, y, width, height, Qt.GlobalColor.black)
        self.painter.setCompositionMode(_OVER)

    def _level_rows(self, rows: int) -> int:
        """Return the filled rows: never none for something, never all for less."""
        level = self.spec.level
        if level is None or level <= 0:
            return 0
        if level >= 100:
            return rows
        return min(rows - 1, max(1, round(rows * level / 100)))

    def level(self, box: QRect) -> list[QRect]:
        """Return what is filled of the box, from below; bars when values are old."""
        rows = self._level_rows(box.height())
        if not rows:
            return []
        top = box.y() + box.height() - rows
        if not self.spec.faded:
            return [QRect(box.x(), top, box.width(), rows)]
        bar, gap = _stripes(box.width(), max(2, self.n // 9))
        columns = range(box.x(), box.x() + box.width(), bar + gap)
        return [QRect(x, top, bar, rows) for x in columns]

    def sign(self, box: QRect) -> None:
        """Put arrow or exclamation mark, whichever the spec has, into the box.

        What lies there already is cut out around it, as around a badge.
        """
        spec = self.spec
        if not self.signed:
            return
        if spec.mark is Mark.NONE:
            wide, tall = self.stroke, min(box.height(), self.stroke * 4)
        else:
            wide = min(box.width(), box.height()) // 2 * 2
            tall = min(box.height(), round(wide * 1.3))
        x = box.x() + (box.width() - wide) // 2
        y = box.y() + (box.height() - tall) // 2
        path, gap = sign_paths(spec.mark, wide, tall, self.n, low=spec.low)
        # Faster than joining the two first, and most signs are painted only once.
        self.erase(gap, x, y)
        self.erase(path, x, y)
        self.fill(path, x, y, self.alarm())

    def _slash(self) -> None:
        n, stroke = self.n, self.stroke
        self._diagonal(stroke + 2 * max(1.5, n / 14), erase=True)
        self._diagonal(stroke, erase=False)

    def _diagonal(self, width: float, *, erase: bool) -> None:
        self.painter.setCompositionMode(_CLEAR if erase else _OVER)
        pen = QPen(QColor(self.palette.ink), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.painter.setPen(pen)
        n = self.n
        edge = 0 if erase else self.stroke / 2
        self.painter.drawLine(QPointF(edge, edge), QPointF(n - edge, n - edge))
        self.painter.setPen(Qt.PenStyle.NoPen)

    def _badge(self) -> None:
        n, badge, palette = self.n, self.spec.badge, self.palette
        wide, tall = extent(n)
        x, y = n - wide, n - tall
        self.erase(clearing(badge, n), x, y)
        colour = {
            Badge.NIGHT: palette.blue,
            Badge.SIGN_IN: palette.blue,
            Badge.FAULT: palette.alarm,
            Badge.GRID_LOST: palette.grid,
        }.get(badge, palette.ink)
        self.fill(badge_path(badge, n), x, y, QColor(colour))


@lru_cache(maxsize=64)
def _stripes(room: int, wish: int) -> tuple[int, int]:
    """Return bar and gap that fill the room exactly, a bar at either side."""
    gaps = range(max(1, wish // 2), room)
    fitting = (
        (bar, gap)
        for gap in gaps
        for bar in (wish, wish + 1, wish - 1, wish + 2)
        if bar > 0 and (room + gap) % (bar + gap) == 0
    )
    return next(fitting, (room, 1))


def frame(box: QRect, stroke: int, radius: float) -> QPainterPath:
    """Return a rounded outline within the box: filled where only one rect is."""
    inner = max(0.0, radius - stroke)
    path = QPainterPath()
    path.addRoundedRect(QRectF(box), radius, radius)
    inside = QRectF(box.adjusted(stroke, stroke, -stroke, -stroke))
    path.addRoundedRect(inside, inner, inner)
    return path
