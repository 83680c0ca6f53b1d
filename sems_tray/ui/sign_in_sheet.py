"""What the sign-in window scrolls, where the screen is too low for its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from .theme import STEP

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

MARGIN = 2 * STEP


class _Inner(QWidget):
    """What is scrolled: its words decide how high it is, by its width."""

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the width."""
        return QSize(0, 0)


class Sheet(QScrollArea):
    """Shows one page; scrolls only what is too high."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        inner = _Inner()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, STEP)
        self._column.addWidget(page)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

    def turn(self, old: QWidget, new: QWidget) -> None:
        """Show another page."""
        old.hide()
        self._column.replaceWidget(old, new)
        new.show()

    def least_width(self) -> int:
        """Return how narrow the page may be."""
        self._column.activate()
        return self._column.minimumSize().width()

    def height_at(self, wide: int) -> int:
        """Return how high the page is at a width."""
        return self._column.heightForWidth(wide)

    def settle(self) -> None:
        """Show a bar only where it is needed: one that came for a moment would stay.

        It makes lines shorter, thus more, thus itself needed.
        """
        fits = self.height_at(self.width()) <= self.height()
        bars = Qt.ScrollBarPolicy
        wanted = bars.ScrollBarAlwaysOff if fits else bars.ScrollBarAsNeeded
        if self.verticalScrollBarPolicy() is not wanted:
            self.setVerticalScrollBarPolicy(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll if the owner makes it lower."""
        super().resizeEvent(event)
        self.settle()
