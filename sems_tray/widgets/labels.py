"""Labels of the window's frame: quieter ones, and ones that give way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPalette,
)
from PySide6.QtWidgets import QLabel

from sems_tray.domain.station_state import Shape, Tone

from .theme import ColourRole, font_of, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from sems_tray.domain.station_state import Sign

    from .theme import Text, Theme


_LEAST_LETTERS = 10


def leading(widget: QWidget) -> Qt.AlignmentFlag:
    """Return the side where reading begins in a window, whatever the words are."""
    # Qt aligns words that wrap by their own direction, not by the window's.
    mirrored = widget.isRightToLeft()
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


def dress(label: QLabel, font: QFont, ink: QColor) -> None:
    """Give a label a font and an ink; the same ones again cost nothing."""
    if label.font() != font:
        label.setFont(font)
    palette = label.palette()
    if palette.color(label.foregroundRole()) != ink:
        palette.setColor(label.foregroundRole(), ink)
        label.setPalette(palette)


class PlainLabel(QLabel):
    """Words as they are: the portal's are no markup."""

    def __init__(self, name: str, step: Text, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFont(font_of(step, parent.font()))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._align()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the window's direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        self.setAlignment(leading(self) | Qt.AlignmentFlag.AlignVCenter)


class QuietLabel(PlainLabel):
    """Words of less weight; a label that is disabled would be too pale to read."""

    def __init__(self, name: str, step: Text, parent: QWidget) -> None:
        super().__init__(name, step, parent)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.ParentChange}:
            self._follow()

    def _follow(self) -> None:
        above = self.parentWidget()
        if above is None:
            return
        muted = theme_for(above).muted
        role = QPalette.ColorRole.WindowText
        if self.palette().color(role) != muted:
            palette = QPalette()
            palette.setColor(role, muted)
            self.setPalette(palette)


class LineLabel(PlainLabel):
    """One line that is cut off with dots where it has no room, and then tells all."""

    def minimumSizeHint(self) -> QSize:
        """Return the room for a few letters."""
        whole = super().minimumSizeHint()
        few = self.fontMetrics().averageCharWidth() * _LEAST_LETTERS
        return QSize(min(whole.width(), few), whole.height())

    def setText(self, text: str) -> None:
        """Show other words; they need not change the label's size."""
        super().setText(text)
        self._offer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text where it is cut off."""
        super().resizeEvent(event)
        self._offer()

    def _offer(self) -> None:
        self.setToolTip("" if self._shown() == self.text() else self.text())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        flags = leading(self) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), flags, self._shown())
        painter.end()

    def _shown(self) -> str:
        dots = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.text(), dots, self.width())


# A state's shape and word, and lines of text that end before their room does.


_GAP = 0.55  # between shape and word, of the capitals' height


def sign_width(sign: Sign, metrics: QFontMetricsF) -> float:
    """Return the room for shape and word."""
    word = metrics.horizontalAdvance(sign.word)
    high = metrics.capHeight()
    return high + word + (high * _GAP if sign.word else 0)


def sign_ink(sign: Sign, theme: Theme) -> QColor:
    """Return the colour of a state; shape and word say the same."""
    match sign.tone:
        case Tone.GOOD:
            return theme.ink(ColourRole.BATTERY)
        case Tone.BAD:
            return theme.ink(ColourRole.ALARM)
        case Tone.CALM:
            return theme.muted


def paint_sign(
    painter: QPainter, box: QRectF, base: float, sign: Sign, theme: Theme
) -> None:
    """Paint shape and word from the leading edge of a box, on a baseline."""
    metrics = QFontMetricsF(painter.font())
    high = metrics.capHeight()
    mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    left = box.right() - high if mirrored else box.left()
    ink = sign_ink(sign, theme)
    painter.fillPath(shape_path(sign.shape, QRectF(left, base - high, high, high)), ink)
    painter.setPen(ink)
    rest = box.adjusted(0, 0, -high * (1 + _GAP), 0)
    if not mirrored:
        rest = rest.translated(high * (1 + _GAP), 0)
    paint_line(painter, rest, base, sign.word)


def shape_path(shape: Shape, box: QRectF) -> QPainterPath:
    """Return a filled outline that is told apart without colour."""
    path, size, mid = QPainterPath(), box.width(), box.center()
    match shape:
        case Shape.DOT:
            path.addEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
        case Shape.RING:
            inset = size * 0.14
            path.addEllipse(box.adjusted(inset, inset, -inset, -inset))
            return _stroked(path, size * 0.2)
        case Shape.MOON:
            whole, bite = QPainterPath(), QPainterPath()
            whole.addEllipse(box)
            bite.addEllipse(box.translated(size * 0.38, -size * 0.2))
            return whole.subtracted(bite)
        case Shape.CROSS:
            edge = box.adjusted(size * 0.15, size * 0.15, -size * 0.15, -size * 0.15)
            path.moveTo(edge.topLeft())
            path.lineTo(edge.bottomRight())
            path.moveTo(edge.topRight())
            path.lineTo(edge.bottomLeft())
            return _stroked(path, size * 0.22)
        case Shape.TRIANGLE:
            wide = size * 0.08
            path.moveTo(mid.x(), box.top())
            path.lineTo(box.right() + wide, box.bottom())
            path.lineTo(box.left() - wide, box.bottom())
            path.closeSubpath()
        case Shape.DIAMOND:
            half = size * 0.6
            for number, (x, y) in enumerate(((0, -half), (half, 0), (0, half))):
                corner = QPointF(mid.x() + x, mid.y() + y)
                path.lineTo(corner) if number else path.moveTo(corner)
            path.lineTo(QPointF(mid.x() - half, mid.y()))
            path.closeSubpath()
    return path


def triangle(box: QRectF) -> QPainterPath:
    """Return a triangle that fills a box, its point above."""
    path = QPainterPath(QPointF(box.center().x(), box.top()))
    path.lineTo(box.bottomRight())
    path.lineTo(box.bottomLeft())
    path.closeSubpath()
    return path


def paint_line(
    painter: QPainter, box: QRectF, base: float, text: str, *, end: bool = False
) -> None:
    """Paint one line on a baseline, from the leading edge or up to the other.

    What does not fit ends in "…".
    """
    metrics = QFontMetricsF(painter.font())
    shown = elided(metrics, text, box.width())
    reading = painter.layoutDirection()
    left = box.left()
    if end is not (reading is Qt.LayoutDirection.RightToLeft):
        left = box.right() - metrics.horizontalAdvance(shown)
    # Within a line the words decide: "3.2 kW" is not to become "kW 3.2".
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(QPointF(left, base), shown)
    painter.setLayoutDirection(reading)


def elided(metrics: QFontMetricsF, text: str, width: float) -> str:
    """Return the text, cut where it is wider; half a pixel is no reason to cut."""
    if metrics.horizontalAdvance(text) <= width + 0.5:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0.0))


def placed(widget: QWidget, box: QRectF) -> QRectF:
    """Return a box where it lies in the widget's direction of reading."""
    if not widget.isRightToLeft():
        return box
    return QRectF(
        widget.width() - box.left() - box.width(), box.top(), box.width(), box.height()
    )


def _stroked(path: QPainterPath, width: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    return stroker.createStroke(path)
