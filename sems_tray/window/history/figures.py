"""The table of figures below the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QSizePolicy

from sems_tray.i18n.formatting import labelled
from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.cards import Card
from sems_tray.widgets.labels import dress, leading
from sems_tray.widgets.pages import copy_text, discard
from sems_tray.widgets.theme import STEP, Text, font_of, theme_for

from .table_model import FigureTable

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent


_THEMES = frozenset(
    {
        QEvent.Type.PaletteChange,
        QEvent.Type.FontChange,
        QEvent.Type.LayoutDirectionChange,
    }
)


class FiguresCard(Card):
    """The table of figures; its labels stay while its shape does."""

    def __init__(self) -> None:
        super().__init__()
        self._table = FigureTable()
        self._heads: list[tuple[QLabel, QLabel]] = []
        self._labels: list[list[QLabel]] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(trc("screen reader", "Figures"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP // 2)
        self._grid.setHorizontalSpacing(2 * STEP)
        self._grid.setVerticalSpacing(0)

    @property
    def table(self) -> FigureTable:
        """What it shows."""
        return self._table

    def show_table(self, table: FigureTable) -> None:
        """Show figures; what did not change is not laid out again."""
        if table == self._table:
            return
        old, self._table = self._table, table
        same = len(old.columns) == len(table.columns)
        if not same or len(old.rows) != len(table.rows):
            self._lay_out()
        for (title, note), column in zip(self._heads, table.columns, strict=True):
            title.setText(column.title)
            note.setText(column.note)
        for labels, row in zip(self._labels, table.rows, strict=True):
            labels[0].setText(row.label)
            for label, cell, column in zip(
                labels[1:], row.cells, table.columns, strict=True
            ):
                label.setText(cell)
                head = f"{row.label}, {column.title}"
                label.setAccessibleName(labelled(head, cell))
        self.setAccessibleDescription(table.text.replace("\t", ", "))
        self.update()

    @Slot()
    def copy(self) -> None:
        """Copy the table."""
        if self._table.rows:
            copy_text(self._table.text)

    def menu(self) -> QMenu:
        """Return the menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(tr("Copy table"))
        action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        action.setEnabled(bool(self._table.rows))
        action.triggered.connect(self.copy)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        self.menu().popup(event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with the usual key."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        super().changeEvent(event)
        if event.type() in _THEMES and hasattr(self, "_grid"):
            self._style()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, and a fine line above each row."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(theme_for(self).grid_line, 1))
        margins = self._grid.contentsMargins()
        for labels in self._labels:
            y = labels[0].geometry().top()
            painter.drawLine(
                margins.left() - 4, y, self.width() - margins.right() + 3, y
            )
        painter.end()

    def sizeHint(self) -> QSize:
        """Return the room of all rows."""
        return self._grid.sizeHint()

    def _lay_out(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            discard(item.widget())
        self._heads, self._labels = [], []
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for n, _ in enumerate(self._table.columns, 1):
            title, note = self._label(right), self._label(right)
            self._grid.addWidget(title, 0, n)
            self._grid.addWidget(note, 1, n)
            self._heads.append((title, note))
        for n, row in enumerate(self._table.rows, 2):
            labels = [self._label(Qt.AlignmentFlag.AlignVCenter)]
            labels += [self._label(right) for _ in row.cells]
            for column, label in enumerate(labels):
                self._grid.addWidget(label, n, column)
            self._labels.append(labels)
        self._grid.setColumnStretch(0, 1)
        self._style()

    def _label(self, alignment: Qt.AlignmentFlag) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(alignment)
        label.show()
        return label

    def _style(self) -> None:
        theme = theme_for(self)
        caption = font_of(Text.CAPTION, self.font())
        strong = font_of(Text.STRONG, caption)
        body = font_of(Text.BODY, self.font())
        first = font_of(Text.STRONG, self.font())
        for title, note in self._heads:
            dress(title, strong, theme.muted)
            dress(note, caption, theme.muted)
            note.setContentsMargins(0, 0, 0, STEP // 2)
        for labels in self._labels:
            dress(labels[0], body, theme.muted)
            labels[0].setAlignment(leading(self) | Qt.AlignmentFlag.AlignVCenter)
            for n, label in enumerate(labels[1:]):
                dress(label, body if n else first, theme.text)
            for label in labels:
                label.setContentsMargins(0, STEP // 2, 0, STEP // 2)
