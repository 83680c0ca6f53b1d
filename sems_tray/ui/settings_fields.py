"""Fields of the settings window: they keep still under the wheel and tell once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSizePolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QWheelEvent

UNSET = "not set"
_DIGITS = 12  # of a number that somebody typed: enough for any place on earth


class Choice(QComboBox):
    """One of several values, each with its words."""

    chosen = Signal(str)

    def __init__(self, name: str, rows: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # As long as its words would push others off a narrow page.
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(11)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(rows)
        self.activated.connect(self._on_activated)

    def offer(self, rows: Iterable[tuple[str, str]]) -> None:
        """Offer these values: pairs of words and value."""
        self.clear()
        for label, value in rows:
            self.addItem(label, value)

    def fill(self, value: str) -> None:
        """Show a value; one that is not on offer is offered as it is."""
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless this field is at work."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot(int)
    def _on_activated(self, _: int) -> None:
        self.chosen.emit(self.currentData())


class Spin(QDoubleSpinBox):
    """A number between two bounds; while it is typed nothing is told."""

    def __init__(self, name: str, least: float, most: float, suffix: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setDecimals(1)
        self.setRange(least, most)
        self.setSuffix(f" {suffix}")
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)

    def textFromValue(self, value: float) -> str:
        """Return "2" and "2.5": no digits that say nothing."""
        return number_text(round(value, 1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless this field is at work."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberEdit(QLineEdit):
    """A number, or nothing for "not known"; ``entered`` when the owner is done."""

    entered = Signal()

    def __init__(self, name: str, least: float, most: float) -> None:
        super().__init__()
        self.setObjectName(name)
        self._least, self._most = least, most
        self._filled = ""
        self.setPlaceholderText(UNSET)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        wide = self.fontMetrics().horizontalAdvance("0")
        self.setFixedWidth(14 * wide)
        self.editingFinished.connect(self._on_finished)

    def fill(self, value: float | None) -> None:
        """Show a number, or nothing."""
        self._filled = "" if value is None else number_text(value)
        self.setText(self._filled)

    def read(self) -> tuple[float | None, str]:
        """Return the number, and why it is none; both empty where nothing is said."""
        text = self.text().strip()
        if not text:
            return None, ""
        value = read_number(text)
        if value is None or not self._least <= value <= self._most:
            least, most = number_text(self._least), number_text(self._most)
            return None, f"Enter a number from {least} to {most}, or nothing."
        return value, ""

    @Slot()
    def _on_finished(self) -> None:
        if self.text() != self._filled:
            self._filled = self.text()
            self.entered.emit()


def number_text(value: float) -> str:
    """Return a number in the system's way, short."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(float(value), "g", _DIGITS)


def read_number(text: str) -> float | None:
    """Return a number with a point or a comma; None if it is none."""
    locale = QLocale()
    # A price has no thousands, but in half of the world a comma before its cents.
    locale.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
    found, good = locale.toDouble(text)
    if not good:
        try:
            found = float(text.replace(",", ".", 1))
        except ValueError:
            return None
    return found if math.isfinite(found) else None
