"""The figures of the day as tiles, in even rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from sems_tray.core.words import labelled

from .theme import STEP, Text, font_of, theme_for
from .widgets import Card

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent

    from sems_tray.core.tiles import Tile

_PADDING = 10
_FEWEST_COLUMNS = 3


class TileCard(Card):
    """One figure of the day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tile: Tile | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def copy_text(self) -> str:
        """What "Copy value" copies."""
        return self._tile.text if self._tile else ""

    @property
    def line(self) -> str:
        """The tile as a line of "Copy all"."""
        tile = self._tile
        return labelled(tile.label, tile.text) if tile else ""

    def show_tile(self, tile: Tile) -> None:
        """Show a figure; the same one is not painted again."""
        if tile == self._tile:
            return
        self._tile = tile
        self.setAccessibleName(f"{tile.label} {tile.text}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for label and figure."""
        label, number, unit = self._metrics()
        tile = self._tile
        wide = 0.0
        if tile is not None:
            figure = number.horizontalAdvance(tile.number)
            figure += unit.horizontalAdvance(f" {tile.unit}")
            wide = max(label.horizontalAdvance(tile.label), figure)
        high = label.height() + STEP / 2 + number.height()
        return QSize(round(wide + 2 * _PADDING + 2), round(high + 2 * _PADDING - 2))

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self.updateGeometry()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint label, number and unit."""
        theme, tile = theme_for(self), self._tile
        painter = QPainter(self)
        self.paint_ground(painter, theme)
        if tile is not None:
            label, number, unit = self._metrics()
            top = (self.height() - label.height() - STEP / 2 - number.height()) / 2
            base = top + label.ascent()
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            painter.setFont(self._font(Text.CAPTION))
            painter.setPen(theme.muted)
            wide = label.horizontalAdvance(tile.label)
            painter.drawText(QPointF(self._start(wide), base), tile.label)
            base = top + label.height() + STEP / 2 + number.ascent()
            painter.setFont(self._font(Text.FIGURE))
            unknown = tile.old or not tile.unit
            painter.setPen(theme.muted if unknown else theme.text)
            wide = number.horizontalAdvance(tile.number)
            wide += unit.horizontalAdvance(" ")
            left = self._start(wide + unit.horizontalAdvance(tile.unit))
            painter.drawText(QPointF(left, base), tile.number)
            left += wide
            painter.setFont(self._font(Text.CAPTION))
            painter.setPen(theme.muted)
            painter.drawText(QPointF(left, base), tile.unit)
        painter.end()

    def _start(self, wide: float) -> float:
        """Return where words begin that are so wide."""
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return self.width() - _PADDING - wide if mirrored else float(_PADDING)

    def _font(self, step: Text) -> QFont:
        return font_of(step, self.font())

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF, QFontMetricsF]:
        caption = QFontMetricsF(self._font(Text.CAPTION))
        return caption, QFontMetricsF(self._font(Text.FIGURE)), caption


class TileGrid(QWidget):
    """Lays tiles out in even rows, as many columns as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[TileCard] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def cards(self) -> tuple[TileCard, ...]:
        """The tiles as they stand."""
        return tuple(self._cards)

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show figures; cards are kept while their number stays."""
        counted = len(tiles) != len(self._cards)
        while len(self._cards) > len(tiles):
            gone = self._cards.pop()
            gone.hide()  # at once: it may be a while until it is deleted
            gone.deleteLater()
        while len(self._cards) < len(tiles):
            card = TileCard(self)
            card.show()
            self._cards.append(card)
        before = self._cell()
        for card, tile in zip(self._cards, tiles, strict=True):
            card.show_tile(tile)
        if counted or self._cell() != before:
            self.updateGeometry()
            self._place()

    def columns(self, width: int) -> int:
        """Return how many tiles stand in a row.

        One row more is a fair price for rows that are all full; otherwise they are
        filled as evenly as can be.
        """
        count = len(self._cards)
        if not count:
            return 1
        most = max(1, (width + STEP) // (self._cell().width() + STEP))
        rows = -(-count // most)
        for full in (rows, rows + 1):
            if count % full == 0 and count // full >= _FEWEST_COLUMNS:
                return count // full
        return -(-count // rows)

    def hasHeightForWidth(self) -> bool:
        """Fewer columns need more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        rows = -(-len(self._cards) // self.columns(width))
        return max(rows * (self._cell().height() + STEP) - STEP, 0)

    def sizeHint(self) -> QSize:
        """Return the size of three columns."""
        width = 3 * (self._cell().width() + STEP) - STEP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the width of one column."""
        return self._cell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self.updateGeometry()
            self._place()

    def _cell(self) -> QSize:
        hints = [it.sizeHint() for it in self._cards]
        return QSize(
            max((it.width() for it in hints), default=0),
            max((it.height() for it in hints), default=0),
        )

    def _place(self) -> None:
        columns, cell = self.columns(self.width()), self._cell()
        room = self.width() + STEP
        for number, card in enumerate(self._cards):
            row, column = divmod(number, columns)
            left, right = room * column // columns, room * (column + 1) // columns
            top = row * (cell.height() + STEP)
            box = QRect(left, top, right - left - STEP, cell.height())
            card.setGeometry(
                QStyle.visualRect(self.layoutDirection(), self.rect(), box)
            )
