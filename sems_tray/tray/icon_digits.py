"""Digits of the tray icon, drawn so that their edges fall on pixels.

A system font at 16 px is mush: hinting, size and weight differ from desktop to
desktop.  These glyphs are strokes on whole-pixel lines instead, so that a vertical
stem is the same two pixels everywhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

if TYPE_CHECKING:
    from collections.abc import Callable


class _Pen:
    """Draws a glyph along five lines: left, right, top, middle, bottom.

    They are the middles of the strokes; beyond them, half a stroke away, are the edges.
    """

    def __init__(self, width: int, height: int, stroke: int) -> None:
        half = stroke / 2
        self.path = QPainterPath()
        self.stroke = stroke
        self.l, self.r = half, width - half
        self.t, self.m = half, half + (height - stroke) // 2
        self.b = height - half
        self.left, self.right, self.top, self.bottom = 0.0, width, 0.0, height
        least = min(width - stroke, (height - stroke) / 2)
        self.radius = 0.5 if stroke == 1 else least * 0.42

    def line(self, *way: tuple[float, float]) -> None:
        """Run straight from point to point."""
        self.path.moveTo(*way[0])
        for point in way[1:]:
            self.path.lineTo(*point)

    def turn(self, *way: tuple[float, float]) -> None:
        """Run through the points with round corners, straight in and straight out."""
        self.path.moveTo(*way[0])
        for before, corner, after in zip(way, way[1:], way[2:], strict=False):
            self.path.lineTo(_towards(corner, before, self.radius))
            out = _towards(corner, after, self.radius)
            self.path.quadTo(QPointF(*corner), out)
        self.path.lineTo(*way[-1])

    def box(self, top: float, bottom: float) -> None:
        """Draw a ring from side to side."""
        box = QRectF(self.l, top, self.r - self.l, bottom - top)
        self.path.addRoundedRect(box, self.radius, self.radius)


def _towards(a: tuple[float, float], b: tuple[float, float], step: float) -> QPointF:
    run = abs(b[0] - a[0]) + abs(b[1] - a[1])  # lines are level or plumb
    part = min(1.0, step / run) if run else 0.0
    return QPointF(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)


def _zero(p: _Pen) -> None:
    p.box(p.t, p.b)


def _one(p: _Pen) -> None:
    p.line((p.left, p.t), (p.r, p.t), (p.r, p.bottom))


def _two(p: _Pen) -> None:
    p.turn((p.left, p.t), (p.r, p.t), (p.r, p.m), (p.l, p.m), (p.l, p.bottom))
    p.line((p.l, p.b), (p.right, p.b))


def _three(p: _Pen) -> None:
    p.turn((p.left, p.t), (p.r, p.t), (p.r, p.m), (p.l + p.stroke / 4, p.m))
    p.turn((p.r - p.radius, p.m), (p.r, p.m), (p.r, p.b), (p.left, p.b))


def _four(p: _Pen) -> None:
    p.line((p.l, p.top), (p.l, p.m), (p.r, p.m))
    p.line((p.r, p.top), (p.r, p.bottom))


def _five(p: _Pen) -> None:
    p.line((p.right, p.t), (p.l, p.t), (p.l, p.m))
    p.turn((p.l, p.m), (p.r, p.m), (p.r, p.b), (p.left, p.b))


def _six(p: _Pen) -> None:
    p.box(p.m, p.b)
    end = p.right - max(1.0, p.stroke / 4)
    p.turn((end, p.t), (p.l, p.t), (p.l, p.b - p.radius))


def _seven(p: _Pen) -> None:
    foot, half = p.l + (p.r - p.l) * 0.4, (p.m - p.t) / 2
    p.line(
        (p.left, p.t),
        (p.r, p.t),
        (p.r, p.t + half),
        (foot, p.m + half),
        (foot, p.bottom),
    )


def _eight(p: _Pen) -> None:
    p.box(p.t, p.m)
    p.box(p.m, p.b)


def _nine(p: _Pen) -> None:
    p.box(p.t, p.m)
    end = p.left + max(1.0, p.stroke / 4)
    p.turn((end, p.b), (p.r, p.b), (p.r, p.t + p.radius))


def _dot(p: _Pen) -> None:
    p.line((p.left, p.b), (p.right, p.b))


def _minus(p: _Pen) -> None:
    p.line((p.left, p.m), (p.right, p.m))


def _percent(p: _Pen) -> None:
    p.line((p.r, p.t), (p.l, p.b))
    p.line((p.left, p.stroke), (p.stroke, p.stroke))
    p.line((p.right - p.stroke, p.b - p.stroke / 2), (p.right, p.b - p.stroke / 2))


def _kilo(p: _Pen) -> None:
    p.line((p.l, p.top), (p.l, p.bottom))
    p.line(
        (p.r, p.m - (p.b - p.m) * 0.6),
        (p.l, p.m + p.stroke / 2),
        (p.r, p.bottom),
    )


_GLYPHS: dict[str, Callable[[_Pen], None]] = {
    "0": _zero,
    "1": _one,
    "2": _two,
    "3": _three,
    "4": _four,
    "5": _five,
    "6": _six,
    "7": _seven,
    "8": _eight,
    "9": _nine,
    ".": _dot,
    ",": _dot,
    "-": _minus,
    "\N{EN DASH}": _minus,  # alone: there is no value
    "%": _percent,
    "k": _kilo,
}


def _advance(char: str, stroke: int, wide: int) -> int:
    if char in ".,":
        return stroke
    if char == "1":
        return min(wide, stroke + max(1, wide // 3))
    if char in "-\N{EN DASH}":
        return max(stroke + 1, wide - 2)
    return wide


def _glyph(char: str, width: int, height: int, stroke: int, wide: int) -> QPainterPath:
    """Return one outline in the box from 0, 0; fat stems where there is room."""
    bold = stroke == 1 and wide >= 5 and width >= 3
    if bold:
        width -= 1
    pen = _Pen(width, height, stroke)
    _GLYPHS[char](pen)
    stroker = QPainterPathStroker()
    stroker.setWidth(stroke)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    outline = stroker.createStroke(pen.path)
    outline.setFillRule(Qt.FillRule.WindingFill)
    if char == "k":  # the ends of its arms are cut across, not level
        frame = QPainterPath()
        frame.addRect(QRectF(0, 0, width, height))
        outline = outline.intersected(frame)
    if bold:
        twin = outline.translated(1, 0)
        outline.addPath(twin)
    return outline


@lru_cache(maxsize=256)
def text_path(text: str, width: int, height: int) -> QPainterPath:
    """Return the text as large as it goes, centred in a box from 0, 0.

    Raises:
        ValueError: the text is not one to three of the characters drawn here.
    """
    if not 1 <= len(text) <= 3 or any(char not in _GLYPHS for char in text):
        raise ValueError(f"no icon text: {text!r}")
    stroke, wide, gap = _fit(text, width, height)
    tall = height - (height - stroke) % 2  # the middle bar, too, on whole pixels
    widths = [_advance(char, stroke, wide) for char in text]
    x = (width - sum(widths) - gap * (len(text) - 1)) // 2
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for char, advance in zip(text, widths, strict=True):
        path.addPath(
            _glyph(char, advance, tall, stroke, wide).translated(
                x, (height - tall) // 2
            )
        )
        x += advance + gap
    return path


def _fit(text: str, width: int, height: int) -> tuple[int, int, int]:
    """Return stroke, digit width and gap: the boldest first, then the widest."""
    # A lone digit, and one flat above a badge, may spread out.
    broad = 0.9 if height < 10 else 0.75 if len(text) == 1 else 0.62
    for stroke in range(max(1, round(height / 6 - 0.1)), 0, -1):
        gap = max(1, round(stroke * 0.6))
        counter = max(1, stroke // 2)
        for wide in range(round(height * broad), 2 * stroke + counter - 1, -1):
            need = sum(_advance(char, stroke, wide) for char in text)
            if need + gap * (len(text) - 1) <= width:
                return stroke, wide, gap
    return 1, 3, 1
