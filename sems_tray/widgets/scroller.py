"""A column of words and fields that scrolls up and down only."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class _Inner(QWidget):
    """What is scrolled: its words decide how high it is, by its width."""

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the width: words that wrap would ask for too much."""
        return QSize(super().minimumSizeHint().width(), 0)


class Scroller(QScrollArea):
    """Without a frame, a ground or a place for the focus of its own."""

    def __init__(self) -> None:
        super().__init__()
        inner = _Inner()
        self.column = QVBoxLayout(inner)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
