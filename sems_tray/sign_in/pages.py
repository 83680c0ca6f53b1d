"""The pages after a sign-in: which station, and where to look from now on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QSystemTrayIcon,
    QVBoxLayout,
    QWidget,
)

from sems_tray.i18n.language import tr
from sems_tray.widgets.cards import Card
from sems_tray.widgets.forms import Ink, WrappedLabel
from sems_tray.widgets.theme import RADIUS, STEP, Text, font_of, mix, theme_for

from . import advice as says
from .parts import Head

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QFontMetrics
    from PySide6.QtWidgets import QStyleOptionViewItem

    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station


_GAP = STEP + STEP // 2
_MOST_ROWS = 6
_BAR = 3
_ID, _LINE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class _Rows(QStyledItemDelegate):
    """A name, and below it what the station is; the chosen one with a bar."""

    def sizeHint(
        self, option: QStyleOptionViewItem, _: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the room for two lines."""
        return QSize(0, 2 * _metrics(option).height() + 2 * STEP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint both lines."""
        view = option.widget
        theme = theme_for(view)
        box: QRect = option.rect
        state = option.state
        mirrored = view.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # English stays English where the layout is mirrored.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(theme.card, theme.text, 0.1))
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), RADIUS / 2, RADIUS / 2)
            painter.setBrush(theme.accent)
            left = box.right() - _BAR - 1 if mirrored else box.left() + 2
            painter.drawRect(left, box.top() + STEP, _BAR, box.height() - 2 * STEP)
        way = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = way | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        line: str = index.data(_LINE)
        room = box.adjusted(_GAP, STEP, -_GAP, -STEP)
        high = room.height() // 2 if line else room.height()
        parts = (
            (index.data(Qt.ItemDataRole.DisplayRole), Text.STRONG, theme.text, 0),
            (line, Text.CAPTION, theme.muted, high),
        )
        for text, step, ink, below in parts:
            painter.setFont(font_of(step, view.font()))
            painter.setPen(ink)
            where = QRect(room.left(), room.top() + below, room.width(), high)
            elide = Qt.TextElideMode.ElideRight
            cut = painter.fontMetrics().elidedText(text, elide, room.width())
            painter.drawText(where, int(flags), cut)
        painter.restore()


def _metrics(option: QStyleOptionViewItem) -> QFontMetrics:
    return option.fontMetrics


class StationsPage(QWidget):
    """Asks which of several stations is to be shown."""

    activated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setObjectName("stations")
        self.list.setAccessibleName(tr("Stations"))
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setAutoFillBackground(False)
        self.list.itemDoubleClicked.connect(self._on_activated)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        box.addWidget(
            Head(
                tr("Which station?"),
                tr(
                    "Its power is what the icon shows. Another can be chosen in the"
                    " tray's menu at any time."
                ),
            )
        )
        box.addWidget(Card().filled_with(self.list, STEP // 2))
        box.addStretch(1)

    def fill(self, stations: tuple[Station, ...], chosen: str) -> None:
        """List the stations; the chosen one is marked, else the first."""
        self.list.clear()
        for station in stations:
            name, line = says.station_name(station), says.station_line(station)
            row = QListWidgetItem(name)
            row.setData(_ID, station.id)
            row.setData(_LINE, line)
            spoken = ", ".join(part for part in (name, line) if part)
            row.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            self.list.addItem(row)
        found = [it.id for it in stations]
        self.list.setCurrentRow(found.index(chosen) if chosen in found else 0)
        rows = min(len(stations), _MOST_ROWS)
        # The delegate's rows, and half of one more where there are more.
        more = 0.5 if len(stations) > rows else 0.0
        high = max(self.list.sizeHintForRow(0), 1)
        self.list.setFixedHeight(round(high * (rows + more)) + 2)

    @property
    def station(self) -> str:
        """The id of the marked station."""
        row = self.list.currentItem()
        return str(row.data(_ID)) if self.list.count() else ""

    @Slot()
    def _on_activated(self) -> None:
        self.activated.emit()


def panel_edge(whole: QRect, free: QRect) -> says.Edge | None:
    """Return the one edge of the screen that is not free, None if there are more."""
    taken = {
        says.Edge.TOP: free.top() > whole.top(),
        says.Edge.BOTTOM: free.bottom() < whole.bottom(),
        says.Edge.LEFT: free.left() > whole.left(),
        says.Edge.RIGHT: free.right() < whole.right(),
    }
    found = [edge for edge, is_taken in taken.items() if is_taken]
    return found[0] if len(found) == 1 else None


def _panel_edge() -> says.Edge | None:
    screen = QGuiApplication.primaryScreen()  # where a panel with a tray lies
    return panel_edge(screen.geometry(), screen.availableGeometry())


class DonePage(QWidget):
    """Says where the icon is, and where the password."""

    def __init__(self) -> None:
        super().__init__()
        has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self.head = Head(
            tr("SEMS Tray is in your tray now")
            if has_tray
            else tr("SEMS Tray is ready"),
            says.where_the_icon_is(
                sys.platform,
                os.environ.get("XDG_CURRENT_DESKTOP", ""),
                has_tray=has_tray,
                edge=_panel_edge(),
            ),
        )
        self._trouble = WrappedLabel(ink=Ink.TROUBLE, step=Text.BODY)
        self._kept = WrappedLabel(ink=Ink.PLAIN, step=Text.BODY)
        self._kept.setObjectName("kept")
        card = Card()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        rows.setSpacing(STEP)
        rows.addWidget(self._kept)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        for widget in (self.head, self._trouble, card):
            box.addWidget(widget)
        box.addStretch(1)

    @property
    def text(self) -> str:
        """All that is said."""
        parts = (self.head.title, self.head.about, self._trouble, self._kept)
        return " ".join(it.text() for it in parts if it.text())

    def fill(self, custody: PasswordStorage, trouble: str) -> None:
        """Show where the password is, and what is still wrong."""
        self._kept.say(custody.line)
        self._trouble.say(trouble)
