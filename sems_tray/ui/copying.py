"""Menus that copy words to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


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
