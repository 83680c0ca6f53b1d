"""The page "Now": the flow, the battery, and the day in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from sems_tray.i18n.formatting import labelled
from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.cards import Card, paint_bar
from sems_tray.widgets.pages import CopyPage, discard
from sems_tray.widgets.theme import STEP, ColourRole, Text, font_of, mix, theme_for

from .flow_view import FlowView

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QMenu

    from .view_model import BatteryCard, NowView, Tile


_PADDING = 14
_GAP = STEP + STEP // 2
_BAR = 10
_LEAST_HEIGHT = 240


class BatteryPanel(Card):
    """Charge, direction, and when it will be full or at its reserve."""

    def __init__(self) -> None:
        super().__init__()
        self._card: BatteryCard | None = None
        self._old = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def line(self) -> str:
        """The card in words."""
        card = self._card
        if card is None:
            return ""
        parts = (card.title, card.doing, card.estimate, card.reserve)
        return ", ".join(it for it in parts if it)

    def show_card(self, card: BatteryCard, *, old: bool) -> None:
        """Show a battery; the same one is not painted again."""
        if (card, old) == (self._card, self._old):
            return
        self._card, self._old = card, old
        self.setAccessibleName(self.line)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for two lines and the bar between them."""
        strong, low = self._metrics()
        card = self._card
        wide = high = 0.0
        if card is not None:
            wide = strong.horizontalAdvance(card.title + "   " + card.doing)
            below = low.horizontalAdvance(card.estimate + "   " + card.reserve)
            wide = max(wide, below)
            high = low.height() + STEP * 0.75 if self._has_foot() else 0.0
        high += strong.height() + STEP + self._bar_height()
        return QSize(round(wide + 2 * _PADDING), round(high + 2 * _PADDING - STEP / 2))

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the card."""
        theme, card = theme_for(self), self._card
        painter = QPainter(self)
        self.paint_ground(painter, theme)
        if card is None:
            painter.end()
            return
        strong, low = self._metrics()
        left, right = float(_PADDING), float(self.width() - _PADDING)
        base = _PADDING - STEP / 4 + strong.ascent()
        painter.setPen(theme.muted if self._old else theme.text)
        painter.setFont(font_of(Text.STRONG, self.font()))
        self._write(painter, base, card.title, first=True)
        painter.setFont(font_of(Text.BODY, self.font()))
        self._write(painter, base, card.doing, first=False)
        top = base + strong.descent() + STEP * 0.75
        colour = theme.colour(ColourRole.ALARM if card.low else ColourRole.BATTERY)
        if self._old:
            colour = mix(theme.card, theme.text, 0.45)
        painter.save()
        if self.isRightToLeft():
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        paint_bar(
            painter,
            theme,
            QRectF(left, top, right - left, self._bar_height()),
            None if card.soc_percent is None else card.soc_percent / 100,
            colour,
            None if card.reserve_percent is None else card.reserve_percent / 100,
        )
        painter.restore()
        if self._has_foot():
            base = top + self._bar_height() + STEP * 0.75 + low.ascent()
            painter.setFont(font_of(Text.CAPTION, self.font()))
            painter.setPen(theme.muted)
            self._write(painter, base, card.estimate, first=True)
            self._write(painter, base, card.reserve, first=False)
        painter.end()

    def _write(self, painter: QPainter, base: float, text: str, *, first: bool) -> None:
        """Write at the side where reading begins, or at the other."""
        # "Battery 64 %" stays in its order whatever the window's direction.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        left = float(_PADDING)
        if first is self.isRightToLeft():
            wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
            left = self.width() - _PADDING - wide
        painter.drawText(QPointF(left, base), text)

    def _has_foot(self) -> bool:
        return self._card is not None and bool(
            self._card.estimate or self._card.reserve
        )

    def _bar_height(self) -> float:
        return max(_BAR, round(self._metrics()[0].height() * 0.6))

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        return (
            QFontMetricsF(font_of(Text.STRONG, self.font())),
            QFontMetricsF(font_of(Text.CAPTION, self.font())),
        )


class NowPage(CopyPage):
    """Shows a view of now; scrolls where the screen is too small for the font."""

    def __init__(self) -> None:
        self._inner = QWidget()
        super().__init__(self._inner)
        self._view: NowView | None = None
        self._flow = FlowView()
        self._battery = BatteryPanel()
        self._tiles = TileGrid()
        box = QVBoxLayout(self._inner)
        box.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        box.setSpacing(_GAP)
        box.addWidget(Card().filled_with(self._flow), 1)
        box.addWidget(self._battery)
        box.addWidget(self._tiles)
        self._battery.hide()
        self.setAccessibleName(trc("page", "Now"))
        self.setFocusProxy(self._flow)  # it has a name, and shows its focus

    def minimumSizeHint(self) -> QSize:
        """Return a width in which nothing is cut off; the height scrolls."""
        inner = self._inner.minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(inner.width() + bar, min(inner.height(), _LEAST_HEIGHT))

    def sizeHint(self) -> QSize:
        """Return a size at which nothing scrolls."""
        inner = self._inner.sizeHint()
        high = self._inner.heightForWidth(inner.width())
        return QSize(inner.width(), max(inner.height(), high))

    def show_view(self, view: NowView) -> None:
        """Show a view; what did not change is not painted again."""
        if view == self._view:
            return
        self._view = view
        self._flow.show_picture(view.flow, view.message)
        if view.battery is not None:
            self._battery.show_card(view.battery, old=view.old)
        self._battery.setVisible(view.battery is not None)
        self._tiles.show_tiles(view.tiles)
        self._tiles.setVisible(bool(view.tiles))
        self.updateGeometry()

    def allow_motion(self, allowed: bool) -> None:  # noqa: FBT001 (a switch)
        """Let the flow move, or not."""
        self._flow.allow_motion(allowed)

    def all_text(self) -> str:
        """Return everything on the page as lines of text."""
        view = self._view
        if view is None:
            return ""
        lines = [node.sentence for node in view.flow.nodes]
        if view.battery is not None:
            lines.append(self._battery.line)
        lines += [card.line for card in self._tiles.cards]
        return "\n".join(lines)

    def value_at(self, point: QPoint) -> str:
        """Return the value under a point of the page; "" where there is none."""
        found: QWidget | None = self.childAt(point)
        if isinstance(found, TileCard):
            return found.copy_text
        if isinstance(found, BatteryPanel):
            return found.line
        if isinstance(found, FlowView):
            node = found.node_at(QPointF(found.mapFrom(self, point)))
            return node.value if node is not None and node.power_w is not None else ""
        return ""

    def copies(self, _: QWidget | None, point: QPoint) -> list[tuple[str, str]]:
        """Return what can be copied at a point."""
        return [(tr("Copy value"), self.value_at(point))]

    def menu(self, point: QPoint) -> QMenu:
        """Return the menu for a point of the page; its key copies all."""
        menu = super().menu(point)
        menu.actions()[-1].setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        return menu


# The figures of the day as tiles, in even rows.


_TILE_PADDING = 10
_FEWEST_COLUMNS = 3


class TileCard(Card):
    """One figure of the day."""

    def __init__(self, parent: QWidget) -> None:
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
        return QSize(
            round(wide + 2 * _TILE_PADDING + 2), round(high + 2 * _TILE_PADDING - 2)
        )

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()

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
        mirrored = self.isRightToLeft()
        return self.width() - _TILE_PADDING - wide if mirrored else float(_TILE_PADDING)

    def _font(self, step: Text) -> QFont:
        return font_of(step, self.font())

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF, QFontMetricsF]:
        caption = QFontMetricsF(self._font(Text.CAPTION))
        return caption, QFontMetricsF(self._font(Text.FIGURE)), caption


class TileGrid(QWidget):
    """Lays tiles out in even rows, as many columns as there is room for."""

    def __init__(self) -> None:
        super().__init__()
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
            discard(self._cards.pop())
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
        if event.type() is QEvent.Type.FontChange:
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
