"""Cards, chips and bars: painted from the theme, sized by the system's font."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from .theme import KEYED, RADIUS, STEP, Series, Text, font_of, mix, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFocusEvent, QPaintEvent, QResizeEvent

    from .theme import Theme

_CHIP_PAD = 1.25 * STEP
_CHIP_LETTERS = 12


class Card(QFrame):
    """A panel with a fine edge; what lies on it is in its layout, if it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keyed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def filled_with(self, widget: QWidget, margin: int = STEP) -> Card:
        """Put one widget on the card."""
        box = QVBoxLayout(self)
        box.setContentsMargins(margin, margin, margin, margin)
        box.addWidget(widget)
        return self

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by keyboard."""
        self._keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground and edge."""
        painter = QPainter(self)
        self.paint_ground(painter, theme_for(self))
        painter.end()

    def paint_ground(self, painter: QPainter, theme: Theme) -> None:
        """Paint the card itself, with a stronger edge while it has the focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._keyed and self.hasFocus()
        width = 2.0 if focused or theme.high_contrast else 1.0
        painter.setPen(QPen(theme.accent if focused else theme.border, width))
        painter.setBrush(theme.card)
        inset = width / 2
        edge = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(edge, RADIUS, RADIUS)


class Chip(QWidget):
    """A state in a word or two, on a pale ground with a shape before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._series: Series | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_state(self, text: str, series: Series | None) -> None:
        """Show words; ALARM has a triangle before them, None is neutral."""
        if (text, series) == (self._text, self._series):
            return
        self._text, self._series = text, series
        self.setAccessibleName(text)
        self._offer()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for the words."""
        metrics = QFontMetricsF(font_of(Text.STRONG, self.font()))
        wide = metrics.horizontalAdvance(self._text) + self._sign_room(metrics)
        return QSize(ceil(wide + 2 * _CHIP_PAD), round(metrics.height() + STEP))

    def minimumSizeHint(self) -> QSize:
        """Long words give way to the title, but not all of them."""
        whole = self.sizeHint()
        metrics = QFontMetricsF(font_of(Text.STRONG, self.font()))
        few = metrics.averageCharWidth() * _CHIP_LETTERS + 2 * _CHIP_PAD
        return QSize(min(whole.width(), round(few)), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text where it is cut off."""
        super().resizeEvent(event)
        self._offer()

    def _offer(self) -> None:
        cut = self.width() < self.sizeHint().width()
        self.setToolTip(self._text if cut else "")

    def _sign_room(self, metrics: QFontMetricsF) -> float:
        return metrics.capHeight() + STEP * 0.75 if self._series else 0.0

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground, the sign and the words."""
        theme, series = theme_for(self), self._series
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = theme.ink(series) if series else theme.muted
        ground = theme.wash(series) if series else theme.track
        round_by = self.height() / 2
        painter.setPen(
            QPen(ink, 1.5) if theme.high_contrast else QPen(Qt.PenStyle.NoPen)
        )
        painter.setBrush(ground)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(1, 1, -1, -1), round_by, round_by
        )
        font = font_of(Text.STRONG, self.font())
        metrics = QFontMetricsF(font)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        sign = self._sign_room(metrics)
        if series is not None:
            size = metrics.capHeight()
            left = self.width() - _CHIP_PAD - size if mirrored else _CHIP_PAD
            box = QRectF(left, (self.height() - size) / 2, size, size)
            painter.fillPath(_sign(series, box), ink)
        painter.setFont(font)
        painter.setPen(ink)
        base = (self.height() + metrics.capHeight()) / 2
        room = self.width() - 2 * _CHIP_PAD - sign
        # Half a pixel of rounding is no reason for dots.
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room + 1)
        start = _CHIP_PAD if mirrored else _CHIP_PAD + sign
        painter.drawText(QPointF(start, base), text)
        painter.end()


def paint_bar(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    share: float | None,
    colour: QColor,
    tick: float | None = None,
) -> None:
    """Paint a bar filled to a share, with a tick where something ends."""
    radius = box.height() / 2
    track = QPainterPath()
    track.addRoundedRect(box, radius, radius)
    painter.fillPath(track, theme.track)
    if share:
        filled = QRectF(box)
        filled.setWidth(box.width() * min(max(share, 0.0), 1.0))
        part = QPainterPath()
        part.addRect(filled)
        painter.fillPath(track.intersected(part), colour)
    if theme.high_contrast:
        painter.strokePath(track, QPen(theme.text, 1.0))
    if tick is not None and 0 < tick < 1:
        x = round(box.left() + box.width() * tick)
        mark = QRectF(x - 1, box.top(), 2, box.height())
        on_fill = share is not None and share >= tick
        off_fill = mix(theme.card, theme.text, 0.6)
        painter.fillRect(mark, theme.card if on_fill else off_fill)


def _sign(series: Series, box: QRectF) -> QPainterPath:
    path = QPainterPath()
    if series is Series.ALARM:
        path.moveTo(box.center().x(), box.top())
        path.lineTo(box.bottomRight())
        path.lineTo(box.bottomLeft())
        path.closeSubpath()
    else:
        path.addEllipse(box.adjusted(1, 1, -1, -1))
    return path
