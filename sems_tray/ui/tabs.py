"""The row of pages: words, and a line under the one in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from sems_tray.core.language import trc

from .theme import KEYED, RADIUS, STEP, Text, font_of, mix, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QPaintEvent

    from .theme import Theme

_LINE = 2


class TabRow(QWidget):
    """The tabs, their words in line with the page, on a line from edge to edge."""

    def __init__(self, tabs: Tabs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP // 2, 0, STEP // 2, 0)
        row.addWidget(tabs)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        line = theme_for(self).border
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        painter.end()


class Tabs(QTabBar):
    """Flat tabs, like the pages below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)  # the window is as wide as they are
        self.setAccessibleName(trc("screen reader", "Pages"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._keyed = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self._keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def tabSizeHint(self, index: int) -> QSize:
        """Return the room for the word in bold: choosing it moves nothing."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        wide = metrics.horizontalAdvance(self.tabText(index))
        return QSize(wide + 3 * STEP, metrics.height() + 2 * STEP)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the words."""
        theme = theme_for(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self.count()):
            self._paint_tab(painter, index, theme)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int, theme: Theme) -> None:
        box, current = self.tabRect(index), index == self.currentIndex()
        if current and self._keyed and self.hasFocus():
            painter.setPen(QPen(theme.accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = QRectF(box).adjusted(2, 2, -2, -STEP / 2)
            painter.drawRoundedRect(inner, RADIUS / 2, RADIUS / 2)
        elif not current and box.contains(self.mapFromGlobal(self.cursor().pos())):
            ground = mix(theme.window, theme.text, 0.05)
            painter.fillRect(box.adjusted(0, 0, 0, -1), ground)
        painter.setFont(font_of(Text.STRONG if current else Text.BODY, self.font()))
        painter.setPen(theme.text if current else theme.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
        if current:
            line = QRect(box.left(), box.bottom() - _LINE + 1, box.width(), _LINE)
            painter.fillRect(line, theme.accent)
