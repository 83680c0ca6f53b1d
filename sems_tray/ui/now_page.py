"""The page "Now": the flow, the battery, and the day in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from sems_tray.core.language import tr, trc

from .copying import CopyMenu, copy_text
from .flow_view import FlowView
from .theme import STEP, Series, Text, font_of, mix, theme_for
from .tile_grid import TileCard, TileGrid
from .widgets import Card, paint_bar

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QContextMenuEvent, QPaintEvent
    from PySide6.QtWidgets import QMenu

    from sems_tray.core.now import BatteryCard, NowView

_PADDING = 14
_GAP = STEP + STEP // 2
_BAR = 10
_LEAST_HEIGHT = 240


class BatteryPanel(Card):
    """Charge, direction, and when it will be full or at its reserve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        colour = theme.colour(Series.ALARM if card.low else Series.BATTERY)
        if self._old:
            colour = mix(theme.card, theme.text, 0.45)
        painter.save()
        if self._mirrored:
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

    @property
    def _mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _write(self, painter: QPainter, base: float, text: str, *, first: bool) -> None:
        """Write at the side where reading begins, or at the other."""
        # "Battery 64 %" stays in its order whatever the window's direction.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        left = float(_PADDING)
        if first is self._mirrored:
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


class NowPage(QScrollArea):
    """Shows a view of now; scrolls where the screen is too small for the font."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: NowView | None = None
        self._flow = FlowView()
        self._battery = BatteryPanel()
        self._tiles = TileGrid()
        inner = self._inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        box.setSpacing(_GAP)
        box.addWidget(Card().filled_with(self._flow), 1)
        box.addWidget(self._battery)
        box.addWidget(self._tiles)
        self._battery.hide()
        self.setAccessibleName(trc("page", "Now"))
        self.setFocusProxy(self._flow)  # it has a name, and shows its focus
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy_all)

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
        found = self.childAt(point)
        if isinstance(found, TileCard):
            return found.copy_text
        if isinstance(found, BatteryPanel):
            return found.line
        if isinstance(found, FlowView):
            node = found.node_at(QPointF(found.mapFrom(self, point)))
            return node.value if node is not None and node.power_w is not None else ""
        return ""

    @Slot()
    def copy_all(self) -> None:
        """Copy every value of the page."""
        copy_text(self.all_text())

    def menu(self, point: QPoint) -> QMenu:
        """Return the menu for a point of the page."""
        menu = CopyMenu(self)
        menu.offer(tr("Copy value"), self.value_at(point))
        every = menu.offer(tr("Copy all"), self.all_text())
        every.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        self.menu(self.mapFromGlobal(event.globalPos())).popup(event.globalPos())
        event.accept()
