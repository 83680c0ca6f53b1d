"""Buttons whose signs are painted: no icon theme, no picture files, any scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton

from sems_tray.core.language import tr

from .theme import KEYED, RADIUS, STEP, mix, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QFocusEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from .theme import Theme


class GlyphButton(QAbstractButton):
    """A square button with a painted sign."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._keyed = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self._keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        """Return a square as high as a line with room around it."""
        side = round(QFontMetricsF(self.font()).height() + 1.5 * STEP)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, edge and sign."""
        theme = theme_for(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isEnabled() and (self.isDown() or self.underMouse())
        ground = mix(theme.card, theme.text, 0.08) if lit else theme.card
        focused = self._keyed and self.hasFocus()
        edge = theme.accent if focused else theme.border
        painter.setPen(QPen(edge, 2.0 if focused else 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS
        )
        ink = theme.text if self.isEnabled() else theme.muted
        painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        side = min(self.width(), self.height()) * 0.46
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        self.paint_sign(painter, box, theme)
        painter.end()

    def paint_sign(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Paint the sign into a box; the pen is set."""
        raise NotImplementedError


class RefreshButton(GlyphButton):
    """An arrow that goes round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Refresh now"), parent)
        self.setObjectName("refresh")

    def paint_sign(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Paint most of a circle, and an arrow head at its end."""
        del theme
        path = QPainterPath()
        path.arcMoveTo(box, 50)
        path.arcTo(box, 50, 290)
        painter.drawPath(path)
        # The head: a filled triangle at the arc's beginning, along its tangent.
        tip, size = path.pointAtPercent(0), box.width() * 0.34
        head = QPainterPath()
        head.moveTo(tip.x() + size * 0.75, tip.y() + size * 0.85)
        head.lineTo(tip.x() + size * 0.55, tip.y() - size * 0.75)
        head.lineTo(tip.x() - size * 0.85, tip.y() + size * 0.45)
        head.closeSubpath()
        painter.fillPath(head, painter.pen().color())
