"""Digits of the tray icon, drawn so that their edges fall on pixels.

A system font at 16 px is mush: hinting, size and weight differ from desktop to
desktop.  These glyphs are strokes on whole-pixel lines instead, so that a vertical
stem is the same two pixels everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class _Pen:
    """The lines on which a glyph's strokes run: left, right, top, middle, bottom."""

    l: float  # noqa: E741 - five lines, five letters
    r: float
    t: float
    m: float
    b: float
    k: float  # radius of the corners
    stroke: float

    def turn(self, path: QPainterPath, *way: tuple[float, float]) -> None:
        """Run through the points with round corners, straight in and straight out."""
        path.moveTo(*way[0])
        for before, corner, after in zip(way, way[1:], way[2:], strict=False):
            path.lineTo(_towards(corner, before, self.k))
            path.quadTo(QPointF(*corner), _towards(corner, after, self.k))
        path.lineTo(*way[-1])


def _towards(a: tuple[float, float], b: tuple[float, float], step: float) -> QPointF:
    run = abs(b[0] - a[0]) + abs(b[1] - a[1])  # lines are level or plumb
    part = min(1.0, step / run) if run else 0.0
    return QPointF(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)


def _box(p: _Pen, path: QPainterPath, top: float, bottom: float) -> None:
    path.addRoundedRect(QRectF(p.l, top, p.r - p.l, bottom - top), p.k, p.k)


def _zero(p: _Pen, path: QPainterPath) -> None:
    _box(p, path, p.t, p.b)


def _one(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.l - p.stroke / 2, p.t)
    path.lineTo(p.r, p.t)
    path.lineTo(p.r, p.b + p.stroke / 2)


def _two(p: _Pen, path: QPainterPath) -> None:
    low = p.b + p.stroke / 2
    p.turn(
        path,
        (p.l - p.stroke / 2, p.t),
        (p.r, p.t),
        (p.r, p.m),
        (p.l, p.m),
        (p.l, low),
    )
    path.moveTo(p.l, p.b)
    path.lineTo(p.r + p.stroke / 2, p.b)


def _three(p: _Pen, path: QPainterPath) -> None:
    left = p.l - p.stroke / 2
    p.turn(path, (left, p.t), (p.r, p.t), (p.r, p.m), (p.l + p.stroke / 4, p.m))
    p.turn(path, (p.r - p.k, p.m), (p.r, p.m), (p.r, p.b), (left, p.b))


def _four(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.l, p.t - p.stroke / 2)
    path.lineTo(p.l, p.m)
    path.lineTo(p.r, p.m)
    path.moveTo(p.r, p.t - p.stroke / 2)
    path.lineTo(p.r, p.b + p.stroke / 2)


def _five(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.r + p.stroke / 2, p.t)
    path.lineTo(p.l, p.t)
    path.lineTo(p.l, p.m)
    p.turn(path, (p.l, p.m), (p.r, p.m), (p.r, p.b), (p.l - p.stroke / 2, p.b))


def _six(p: _Pen, path: QPainterPath) -> None:
    _box(p, path, p.m, p.b)
    right = p.r + p.stroke / 2 - max(1.0, p.stroke / 4)
    p.turn(path, (right, p.t), (p.l, p.t), (p.l, p.b - p.k))


def _seven(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.l - p.stroke / 2, p.t)
    path.lineTo(p.r, p.t)
    path.lineTo(p.r, p.t + (p.m - p.t) / 2)
    foot = p.l + (p.r - p.l) * 0.4
    path.lineTo(foot, p.m + (p.m - p.t) / 2)
    path.lineTo(foot, p.b + p.stroke / 2)


def _eight(p: _Pen, path: QPainterPath) -> None:
    _box(p, path, p.t, p.m)
    _box(p, path, p.m, p.b)


def _nine(p: _Pen, path: QPainterPath) -> None:
    _box(p, path, p.t, p.m)
    left = p.l - p.stroke / 2 + max(1.0, p.stroke / 4)
    p.turn(path, (left, p.b), (p.r, p.b), (p.r, p.t + p.k))


def _dot(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.l - p.stroke / 2, p.b)
    path.lineTo(p.r + p.stroke / 2, p.b)


def _minus(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.l - p.stroke / 2, p.m)
    path.lineTo(p.r + p.stroke / 2, p.m)


def _percent(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.r, p.t)
    path.lineTo(p.l, p.b)
    path.moveTo(p.l - p.stroke / 2, p.t + p.stroke / 2)
    path.lineTo(p.l + p.stroke / 2, p.t + p.stroke / 2)
    path.moveTo(p.r - p.stroke / 2, p.b - p.stroke / 2)
    path.lineTo(p.r + p.stroke / 2, p.b - p.stroke / 2)


def _kilo(p: _Pen, path: QPainterPath) -> None:
    path.moveTo(p.l, p.t - p.stroke / 2)
    path.lineTo(p.l, p.b + p.stroke / 2)
    path.moveTo(p.r, p.m - (p.b - p.m) * 0.6)
    path.lineTo(p.l, p.m + p.stroke / 2)
    path.lineTo(p.r, p.b + p.stroke / 2)


_GLYPHS: dict[str, Callable[[_Pen, QPainterPath], None]] = {
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
    half = stroke / 2
    pen = _Pen(
        l=half,
        r=width - half,
        t=half,
        m=half + (height - stroke) // 2,
        b=height - half,
        k=0.5 if stroke == 1 else min(width - stroke, (height - stroke) / 2) * 0.42,
        stroke=stroke,
    )
    line = QPainterPath()
    _GLYPHS[char](pen, line)
    stroker = QPainterPathStroker()
    stroker.setWidth(stroke)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    outline = stroker.createStroke(line)
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
