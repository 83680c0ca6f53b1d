"""Pages that scroll: a column of fields, and pages whose words can be copied."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt, Slot
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

from .theme import STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QContextMenuEvent


_GAP = STEP + STEP // 2


class PlainScrollArea(QScrollArea):
    """Scrolls a widget, without a frame or a ground of its own."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)


class _Inner(QWidget):
    """What is scrolled: its words decide how high it is, by its width."""

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the width: words that wrap would ask for too much."""
        return QSize(super().minimumSizeHint().width(), 0)


class Scroller(PlainScrollArea):
    """A column of words and fields that scrolls up and down only, without a focus."""

    def __init__(self) -> None:
        inner = _Inner()
        self.column = QVBoxLayout(inner)
        super().__init__(inner)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class CopyPage(PlainScrollArea):
    """A page whose words are copied by key and by menu."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__(inner)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy_focused)

    def all_text(self) -> str:
        """Return everything on the page as text."""
        raise NotImplementedError

    def copies(self, under: QWidget | None, point: QPoint) -> list[tuple[str, str]]:
        """Return what of the page can be copied at a point: labels and texts."""
        raise NotImplementedError

    @Slot()
    def copy_focused(self) -> None:
        """Copy everything."""
        copy_text(self.all_text())

    def menu(self, point: QPoint) -> QMenu:
        """Return the menu for a point of the page."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.triggered.connect(self._on_copy)
        found = self.copies(self.childAt(point), point)
        for label, text in (*found, (tr("Copy all"), self.all_text())):
            action = menu.addAction(label)
            action.setData(text)
            action.setEnabled(bool(text))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        self.menu(self.mapFromGlobal(event.globalPos())).popup(event.globalPos())
        event.accept()

    @Slot(QAction)
    def _on_copy(self, action: QAction) -> None:
        copy_text(action.data())


@runtime_checkable
class Copyable(Protocol):
    """A card or table that Ctrl+C copies."""

    @property
    def copy_text(self) -> str:
        """What is copied."""


class CardPage(CopyPage):
    """Scrolls a column of widgets, each known by a key.

    A widget stays as long as its key does: an update neither scrolls nor takes the
    focus, whatever comes or goes around it.
    """

    def __init__(self) -> None:
        inner = QWidget()
        super().__init__(inner)
        self._parts: dict[str, QWidget] = {}
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        self._box.setSpacing(_GAP)
        self._box.addStretch(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

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
            discard(gone)
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
        parts = (it for it in self._parts.values() if isinstance(it, Copyable))
        return "\n\n".join(text for it in parts if (text := it.copy_text))

    @Slot()
    def copy_focused(self) -> None:
        """Copy what has the focus, else everything."""
        at = QApplication.focusWidget()
        while at is not None and at is not self and not isinstance(at, Copyable):
            at = at.parentWidget()
        copy_text(at.copy_text if isinstance(at, Copyable) else self.all_text())


def copy_text(text: str) -> None:
    """Put words on the clipboard; nothing replaces nothing."""
    if text:
        QGuiApplication.clipboard().setText(text)


def discard(widget: QWidget | None) -> None:
    """Delete a widget, if there is one; it is hidden at once, as that may take time."""
    if widget is not None:
        widget.hide()
        widget.deleteLater()
