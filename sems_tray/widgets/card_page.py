"""A page of cards: scrolled, kept over updates, copied by key and by menu."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sems_tray.i18n.language import tr

from .cards import Facts
from .table import Table
from .theme import STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QContextMenuEvent


_GAP = STEP + STEP // 2


@runtime_checkable
class Copyable(Protocol):
    """A card or table that Ctrl+C copies."""

    @property
    def copy_text(self) -> str:
        """What is copied."""


class CardPage(QScrollArea):
    """Scrolls a column of widgets, each known by a key.

    A widget stays as long as its key does: an update neither scrolls nor takes the
    focus, whatever comes or goes around it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: dict[str, QWidget] = {}
        self._inner = QWidget()
        self._box = QVBoxLayout(self._inner)
        self._box.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        self._box.setSpacing(_GAP)
        self._box.addStretch(1)
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy_focused)

    def arrange(self, wanted: Sequence[tuple[str, Callable[[], QWidget]]]) -> None:
        """Put the widgets in this order; new ones are made, the others kept."""
        if [key for key, _ in wanted] == list(self._parts):
            return
        before, self._parts = self._parts, {}
        while self._box.count():
            self._box.takeAt(0)
        for key, make in wanted:
            found = before.pop(key, None)
            self._parts[key] = part = make() if found is None else found
            self._box.addWidget(part)
        self._box.addStretch(1)
        for gone in before.values():
            gone.hide()
            gone.deleteLater()
        self.chain()

    def part(self, key: str) -> QWidget | None:
        """Return the widget of a key."""
        return self._parts.get(key)

    def chain(self) -> None:
        """Let Tab go from top to bottom, whenever the widgets were made."""
        stops = [
            child
            for part in self._parts.values()
            for child in (part, *part.findChildren(QWidget))
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def all_text(self) -> str:
        """Return everything on the page as text."""
        texts = (
            part.copy_text
            for part in self._parts.values()
            if isinstance(part, Copyable)
        )
        return "\n\n".join(text for text in texts if text)

    @Slot()
    def copy_focused(self) -> None:
        """Copy what has the focus, else everything."""
        focus = QApplication.focusWidget()
        found = self._above(focus) if focus is not None else None
        copy_text(self.all_text() if found is None else found.copy_text)

    def menu(self, point: QPoint) -> QMenu:
        """Return the menu for a point of the page."""
        under = self.childAt(point)
        menu = CopyMenu(self)
        for label, text in self.copies(under, point):
            menu.offer(label, text)
        return menu

    def copies(self, under: QWidget | None, point: QPoint) -> list[tuple[str, str]]:
        """Return what can be copied at a point: labels and texts."""
        value = ""
        if isinstance(under, (Table, Facts)):
            value = under.value_at(QPointF(under.mapFrom(self, point)))
        found = [(tr("Copy value"), value)]
        if isinstance(under, Table):
            found.append((tr("Copy table"), under.table_text))
        return found

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        self.menu(self.mapFromGlobal(event.globalPos())).popup(event.globalPos())
        event.accept()

    def _above(self, widget: QWidget | None) -> Copyable | None:
        while widget is not None and widget is not self:
            if isinstance(widget, Copyable):
                return widget
            widget = widget.parentWidget()
        return None


# Menus that copy words to the clipboard.


def copy_text(text: str) -> None:
    """Put words on the clipboard; nothing replaces nothing."""
    if text:
        QGuiApplication.clipboard().setText(text)


class CopyMenu(QMenu):
    """A menu each of whose entries copies its own words; gone when closed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.triggered.connect(self._on_triggered)

    def offer(self, label: str, text: str) -> QAction:
        """Add an entry; without words it cannot be chosen."""
        action = self.addAction(label)
        action.setData(text)
        action.setEnabled(bool(text))
        return action

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        copy_text(action.data())
