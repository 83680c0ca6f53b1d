"""The faces of the tray icon: battery, sun, number, and no reading yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from sems_tray.core.icon import Face, Mark

from .icon_badges import extent
from .icon_canvas import frame
from .icon_digits import text_path
from .icon_signs import alert_path, arrow_path

if TYPE_CHECKING:
    from .icon_canvas import Canvas


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
