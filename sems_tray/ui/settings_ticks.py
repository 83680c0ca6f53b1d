"""Check boxes and radio buttons as large as the font, seen on every palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QRadioButton, QSizePolicy

from .theme import KEYED, STEP, mix, theme_for

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QFocusEvent, QPaintEvent
    from PySide6.QtWidgets import QAbstractButton

_ROOM = 3  # around it, for the ring of the focus


class CheckTick(QCheckBox):
    """On or off: a square with a hook."""

    keyed = False

    def sizeHint(self) -> QSize:
        """Return a square as high as a line."""
        return tick_size(self)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return tick_size(self)

    def hitButton(self, pos: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(pos)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self.keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        paint_tick(self, keyed=self.keyed, round_=False)


class RadioTick(QRadioButton):
    """One of several: a ring with a dot."""

    keyed = False

    def sizeHint(self) -> QSize:
        """Return a square as high as a line."""
        return tick_size(self)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return tick_size(self)

    def hitButton(self, pos: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(pos)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self.keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        paint_tick(self, keyed=self.keyed, round_=True)


def as_tick(button: QAbstractButton) -> None:
    """Let a button be no larger than it is painted."""
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    button.setAttribute(Qt.WidgetAttribute.WA_Hover)


def tick_size(button: QAbstractButton) -> QSize:
    """Return a square a little higher than a line of the font."""
    side = button.fontMetrics().height() + 4
    return QSize(side, side)


def paint_tick(button: QAbstractButton, *, keyed: bool, round_: bool) -> None:
    """Paint a button: filled with the ink of words while it is on."""
    theme, on = theme_for(button), button.isChecked()
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not button.isEnabled():
        painter.setOpacity(0.45)
    box = QRectF(button.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
    radius = box.width() / 2 if round_ else STEP / 3
    if keyed and button.hasFocus():
        painter.setPen(QPen(theme.accent, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = box.adjusted(-2, -2, 2, 2)
        painter.drawRoundedRect(ring, radius + 2, radius + 2)
    edge = mix(theme.card, theme.text, 1.0 if theme.high_contrast else 0.55)
    ink = mix(theme.card, theme.text, 1.0 if theme.high_contrast else 0.85)
    painter.setPen(QPen(ink if on else edge, 1.2))
    painter.setBrush(mix(theme.card, theme.text, 0.08 if button.underMouse() else 0.0))
    if on and not round_:
        painter.setBrush(ink)
    painter.drawRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), radius, radius)
    if on and round_:
        side = box.width() * 0.26
        painter.setBrush(ink)
        painter.drawEllipse(box.center(), side, side)
    elif on:
        _paint_hook(painter, box, QPen(theme.card, max(box.width() / 7, 1.6)))
    painter.end()


def _paint_hook(painter: QPainter, box: QRectF, pen: QPen) -> None:
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    steps = ((0.25, 0.53), (0.43, 0.71), (0.76, 0.31))
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(box.left() + x * box.width(), box.top() + y * box.height())
                for x, y in steps
            ]
        )
    )
