"""What every face of the tray icon is painted with: colours, gaps and whole pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from .icon_badges import badge_path, clearing, extent, gap_around
from .icon_digits import text_path
from .view_model import Badge, Face, Mark

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from .view_model import IconSpec


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


# The faces of the tray icon: battery, sun, number, and no reading yet.


def paint_face(c: Canvas) -> None:
    """Paint the body and its mark; slash and badge come later, on top."""
    match c.spec.face:
        case Face.BATTERY:
            _battery(c)
        case Face.SUN:
            _sun(c)
        case Face.NUMBER:
            _number(c)
        case Face.EMPTY:
            _empty(c)
        case _ as never:
            assert_never(never)


def _battery(c: Canvas) -> None:
    n, stroke, spec = c.n, c.stroke, c.spec
    wide = c.even(0.75 * n, n)
    x = (n - wide) // 2
    aside = c.badged or (c.slashed and c.signed)
    if aside:  # room for the sign in the upper right corner
        wide, x = round(0.58 * n), 0
    elif spec.low:
        x = 0
    body = QRect(x, stroke, wide, n - stroke)
    _shell(c, body)
    gap = 0 if n < 20 else max(1, round(n / 32))
    inset = stroke + gap
    for part in c.level(body.adjusted(inset, inset, -inset, -inset)):
        c.painter.fillRect(part, c.gauge(c.palette.battery))
    if aside:
        _, badge_h = extent(n)
        room = max(1, stroke // 2)
        side = n - wide - room
        c.sign(QRect(n - side, 0, side, n - badge_h - room))
        return
    if spec.mark is not Mark.NONE:
        tip = c.even((wide - 2 * stroke) * 0.75, wide)
        tall = min(round(tip * 1.25), n - 3 * stroke - 2)
        path = arrow_path(spec.mark, tip, tall, broken=False)
        y = body.y() + (body.height() - tall) // 2
        c.fill(path, x + (wide - tip) // 2, y, QColor(c.palette.ink))
    if spec.low:
        thick = max(stroke, round(n / 8))
        tall = round(n * 0.66)
        c.fill(alert_path(thick, tall), n - thick, n - tall, c.alarm())


def _shell(c: Canvas, body: QRect) -> None:
    """Draw outline and terminal; an old one has gaps in its walls."""
    n, stroke = c.n, c.stroke
    radius = max(2.0, n / 8)
    c.painter.fillPath(frame(body, stroke, radius), c.ink())
    cap = c.even(body.width() / 2, body.width())
    left = body.x() + (body.width() - cap) // 2
    crown = QPainterPath()
    crown.addRoundedRect(QRectF(left, 0, cap, n), stroke / 2, stroke / 2)
    c.painter.setClipRect(0, 0, n, stroke)
    c.painter.fillPath(crown, c.ink())
    c.painter.setClipping(False)
    if c.spec.faded:
        for part in (0.36, 0.64):
            c.wipe(0, round(n * part), n, max(1, round(n / 12)))


def _sun(c: Canvas) -> None:
    n = c.n
    disc = c.even(0.58 * n, n)
    at = (n - disc) // 2
    rim = max(1, round(n / 14))
    colour = c.gauge(c.palette.solar)
    colour.setAlphaF(1.0)  # nothing is drawn on it that a mask would lose
    whole = QRectF(at, at, disc, disc)
    hole = whole.adjusted(rim, rim, -rim, -rim)
    inset = at + rim
    room = disc - 2 * rim
    c.painter.setBrush(colour)
    for part in c.level(QRect(inset, inset, room, room)):
        # A clip of whole pixels is cheap and sharp, one of a circle is neither.
        c.painter.setClipRect(part)
        c.painter.drawEllipse(hole if c.spec.faded else whole)
    c.painter.setClipping(False)
    if c.spec.faded:
        colour = c.ink()  # paler solar would be too pale to be seen
    ring = QPainterPath()  # two ellipses, filled where only one of them is
    ring.addEllipse(whole)
    ring.addEllipse(hole)
    c.painter.fillPath(ring, colour)
    _rays(c, colour)
    _corner_sign(c)


def _rays(c: Canvas, colour: QColor) -> None:
    """Draw eight rays; an old sun has four."""
    n = c.n
    wide = c.even(2 * max(1, round(n / 18)), n)
    long = max(2, round(n * 0.14))
    mid, end = (n - wide) // 2, n - long
    for x, y, w, h in (
        (mid, 0, wide, long),
        (mid, end, wide, long),
        (0, mid, long, wide),
        (end, mid, long, wide),
    ):
        c.painter.fillRect(x, y, w, h, colour)
    if c.spec.faded:
        return
    if n < 28:
        near = round(n * 0.14)
        far = n - near - wide
        for x, y in ((near, near), (far, near), (near, far), (far, far)):
            c.painter.fillRect(x, y, wide, wide, colour)
        return
    c.painter.setPen(QPen(colour, wide, c=Qt.PenCapStyle.FlatCap))
    out, back = n / 2 * 0.70, n / 2 * 0.70 - long * 0.75
    for dx in (-1, 1):
        for dy in (-1, 1):
            a = QPointF(n / 2 + dx * out, n / 2 + dy * out)
            b = QPointF(n / 2 + dx * back, n / 2 + dy * back)
            c.painter.drawLine(a, b)
    c.painter.setPen(Qt.PenStyle.NoPen)


def _corner_sign(c: Canvas) -> None:
    """Put the sign where no badge is: in the lower right corner, else left."""
    n = c.n
    badge_w, badge_h = extent(n)
    gap = max(1, round(n / 18))
    wide = n - badge_w - gap
    box = QRect(n - wide, n - badge_h, wide, badge_h)
    if c.badged or c.slashed:
        box.moveLeft(0)
    if c.spec.faded and c.spec.face is Face.NUMBER:
        thin = _thin(n)
        _dashes(c, QRect(0, n - thin, wide - gap, thin), thin, c.ink())
        box.adjust(0, 0, 0, -2 * thin)
    c.sign(box)


def _number(c: Canvas) -> None:
    n, spec = c.n, c.spec
    ink = c.alarm() if spec.low else c.ink()
    foot = max(3, round(n * 0.2))
    if c.badged:
        _, badge_h = extent(n)
        path = text_path(spec.text, n, n - badge_h - 1)
        c.fill(path, 0, 0, ink)
        _corner_sign(c)
        return
    footed = spec.faded or c.signed
    tall = n - foot - 1 if footed else c.even(0.78 * n, n)
    y = 0 if footed else (n - tall) // 2
    c.fill(text_path(spec.text, n, tall), 0, y, ink)
    if footed:
        _footer(c, QRect(0, n - foot, n, foot), ink)


def _footer(c: Canvas, box: QRect, ink: QColor) -> None:
    """Underline a low number, dot an old one, dash both; point the way of charge."""
    spec, n = c.spec, c.n
    thin = _thin(n)
    y = box.y() + (box.height() - thin + 1) // 2
    line = QRect(box.x(), y, box.width(), thin)
    if spec.faded:
        _dashes(c, line, 2 * thin if spec.low else thin, ink)
    elif spec.low:
        c.painter.fillRect(line, ink)
    if spec.mark is not Mark.NONE:
        wide = c.even(box.height() * 2, n)
        x = (n - wide) // 2
        path = arrow_path(spec.mark, wide, box.height(), broken=False)
        c.wipe(x - thin, box.y(), wide + 2 * thin, n)
        c.fill(path, x, box.y(), ink)


def _dashes(c: Canvas, box: QRect, dash: int, ink: QColor) -> None:
    for x in range(box.left(), box.right() + 1, dash + 2 * box.height()):
        width = min(dash, box.right() + 1 - x)
        c.painter.fillRect(x, box.y(), width, box.height(), ink)


def _thin(n: int) -> int:
    return max(1, round(n / 11))


def _empty(c: Canvas) -> None:
    n, stroke = c.n, c.stroke
    room = n - 2 * stroke
    c.painter.fillPath(frame(QRect(0, 0, n, n), stroke, n / 4), c.ink())
    if c.slashed:
        return  # the slash would leave crumbs of the dots
    dot = c.even(n // 7, n)
    step = dot + max(1, round((room - 3 * dot) / 4))
    y = (n - extent(n)[1]) // 2 if c.badged else (n - dot) // 2
    x = (n - dot) // 2
    for place in (x - step, x, x + step):
        c.painter.fillRect(place, y, dot, dot, c.ink())


# Arrow and exclamation mark of the tray icon.


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
