"""Cards, chips and bars: painted from the theme, sized by the system's font."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from .theme import KEYED, RADIUS, STEP, Series, Text, font_of, mix, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFocusEvent, QPaintEvent

    from .theme import Theme


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
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, text: str, series: Series | None) -> None:
        """Show words; ALARM has a triangle before them, None is neutral."""
        if (text, series) == (self._text, self._series):
            return
        self._text, self._series = text, series
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for the words."""
        metrics = QFontMetricsF(font_of(Text.STRONG, self.font()))
        sign = metrics.height() * 0.8 if self._series else 0.0
        wide = metrics.horizontalAdvance(self._text) + sign + 2.4 * STEP
        return QSize(round(wide), round(metrics.height() + STEP))

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()

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
        left = 1.2 * STEP
        if series is not None:
            size = metrics.capHeight()
            box = QRectF(left, (self.height() - size) / 2, size, size)
            painter.fillPath(_sign(series, box), ink)
            left += metrics.height() * 0.8
        painter.setFont(font)
        painter.setPen(ink)
        base = (self.height() + metrics.capHeight()) / 2
        painter.drawText(QPointF(left, base), self._text)
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
