"""The list of the settings' pages: beside the page, or above it where it is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
)

from sems_tray.core.language import trc

from .theme import KEYED, RADIUS, STEP, Text, font_of, mix, theme_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

_BAR = 3
_GAP = STEP + STEP // 2


class NavList(QListWidget):
    """The names of the pages; arrows go through them."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("pages")
        self.setAccessibleName(trc("settings", "Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(off)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setItemDelegate(_Painter(self))
        self.addItems(list(names))
        self.setFixedWidth(self.wide())
        self.keyed = False
        self.currentRowChanged.connect(self.chosen)

    def wide(self) -> int:
        """Return the room for the longest name, in bold."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        names = (self.item(it).text() for it in range(self.count()))
        longest = max((metrics.horizontalAdvance(it) for it in names), default=0)
        return longest + 4 * STEP

    def turn(self, row: int) -> None:
        """Show which page is in front, and tell nobody."""
        self.blockSignals(True)
        self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self.keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whoever presses keys looks for the focus."""
        self.keyed = True
        super().keyPressEvent(event)


class _Painter(QStyledItemDelegate):
    """Paints a name: bold, with a bar before it, if its page is in front."""

    def __init__(self, names: NavList) -> None:
        super().__init__(names)
        self._names = names

    def sizeHint(
        self, _: QStyleOptionViewItem, __: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the room for one name."""
        metrics = QFontMetrics(font_of(Text.STRONG, self._names.font()))
        return QSize(self._names.wide(), metrics.height() + 2 * STEP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one name."""
        names = self._names
        theme = theme_for(names)
        current = index.row() == names.currentRow()
        state = QStyle.StateFlag
        hovered = bool(option.state & state.State_MouseOver)
        rect: QRect = option.rect
        box = rect.adjusted(STEP // 2, 2, -STEP // 2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = current and names.keyed and names.hasFocus()
        painter.setPen(QPen(theme.accent, 1.5) if focused else Qt.PenStyle.NoPen)
        share = 0.09 if current else 0.05 if hovered else 0.0
        painter.setBrush(mix(theme.window, theme.text, share))
        painter.drawRoundedRect(box, RADIUS - 2, RADIUS - 2)
        mirrored = names.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if current:
            bar = QRect(box.left(), box.top() + 6, _BAR, box.height() - 12)
            if mirrored:
                bar.moveRight(box.right())
            painter.fillRect(bar, theme.accent)
        painter.setFont(font_of(Text.STRONG if current else Text.BODY, names.font()))
        painter.setPen(theme.text if current or theme.high_contrast else theme.muted)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        inner = box.adjusted(_GAP, 0, -_GAP, 0)
        painter.drawText(inner, int(flags), str(index.data()))
        painter.restore()
