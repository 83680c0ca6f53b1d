"""Labels of the window's frame: quieter ones, and ones that give way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QLabel

from .theme import font_of, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from .theme import Text

_LEAST_LETTERS = 10


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
        """Stand where reading begins in this window."""
        # Qt aligns words that wrap by their own direction, not by the window's.
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        absolute = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(side | absolute)


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
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), flags, self._shown())
        painter.end()

    def _shown(self) -> str:
        dots = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.text(), dots, self.width())
