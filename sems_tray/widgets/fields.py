"""Fields of the settings window: they keep still under the wheel and tell once.

Each has ``fill(value)``, which tells nobody; ``edited`` when the owner is done; and
``read()``, which returns the value and, where it is none, a sentence that says why.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSizePolicy

from sems_tray.domain.credentials import ANY_REGION, AUTO_DIALECT
from sems_tray.domain.model import Dialect
from sems_tray.i18n.language import current_locale, mark, tr

from .theme import WidgetMixin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QValidator, QWheelEvent


# Translators: in an empty field for a number or a currency.
UNSET = mark("not set")
_POINT, _COMMA = ".", ","
_LETTERS = 11  # at the least
_CURRENCY = 3
_BAD_CURRENCY = mark("Enter the three letters of a currency, such as EUR, or nothing.")
_DIGITS = 12  # of a number that somebody typed: enough for any place on earth


class KeepsWheelOut(WidgetMixin):
    """Mixed into a field that leaves the wheel to its page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless this field is at work."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Choice(KeepsWheelOut, QComboBox):
    """One of several values, each with its words."""

    edited = Signal()

    def __init__(self, name: str, rows: Iterable[tuple[str, object]] = ()) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # As long as its words would push others off a narrow page.
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(rows)
        self.activated.connect(self.edited)

    def whole_width(self) -> int:
        """Return the room for the longest of its words."""
        metrics = self.fontMetrics()
        frame = self.sizeHint().width() - _LETTERS * metrics.horizontalAdvance("X")
        texts = (self.itemText(it) for it in range(self.count()))
        widest = max((metrics.horizontalAdvance(it) for it in texts), default=0)
        return max(frame + widest, self.sizeHint().width())

    def offer(self, rows: Iterable[tuple[str, object]]) -> None:
        """Offer these values: pairs of words and value."""
        self.clear()
        for label, value in rows:
            self.addItem(label, value)

    def fill(self, value: object) -> None:
        """Show a value; one that is not on offer is offered as it is."""
        if self.findData(value) < 0:
            self.addItem(str(value), value)
        self.setCurrentIndex(self.findData(value))

    def read(self) -> tuple[object, str]:
        """Return the value that is shown."""
        return self.currentData(), ""


class Spin(KeepsWheelOut, QDoubleSpinBox):
    """A number between two bounds; while it is typed nothing is told."""

    edited = Signal()

    def __init__(self, name: str, least: float, most: float, suffix: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Of a language whose decimal mark is the one that is spoken.
        self.setLocale(QLocale("de") if _decimal() == _COMMA else QLocale.c())
        self.setDecimals(1)
        self.setRange(least, most)
        self.setSuffix(f" {suffix}")
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.valueChanged.connect(self.edited)

    def fill(self, value: float) -> None:
        """Show a number."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def read(self) -> tuple[float, str]:
        """Return the number."""
        return self.value(), ""

    def textFromValue(self, value: float) -> str:
        """Return "2" and "2.5": no digits that say nothing."""
        return number_text(round(value, 1))

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Take a point and a comma as the same: half of the world writes either."""
        other = _POINT if _decimal() == _COMMA else _COMMA
        bare = text.removesuffix(self.suffix())
        text = bare.replace(other, _decimal()) + text[len(bare) :]
        found: object = super().validate(text, pos)
        return cast("tuple[QValidator.State, str, int]", found)


class OptionalEdit(QLineEdit):
    """A line of words with a meaning, or nothing for "not known"."""

    edited = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._filled = ""
        self.setPlaceholderText(tr(UNSET))
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(14 * self.fontMetrics().horizontalAdvance("0"))
        self.editingFinished.connect(self._on_finished)

    def _show(self, text: str) -> None:
        self._filled = text
        self.setText(text)

    @Slot()
    def _on_finished(self) -> None:
        if self.text() != self._filled:
            self._filled = self.text()
            self.edited.emit()


class NumberEdit(OptionalEdit):
    """A number between two bounds, or nothing."""

    def __init__(self, name: str, least: float, most: float) -> None:
        super().__init__(name)
        self._least, self._most = least, most

    def fill(self, value: float | None) -> None:
        """Show a number, or nothing."""
        self._show("" if value is None else number_text(value))

    def read(self) -> tuple[float | None, str]:
        """Return the number, and why it is none; both empty where nothing is said."""
        text = self.text().strip()
        if not text:
            return None, ""
        value = read_number(text)
        if value is None or not self._least <= value <= self._most:
            least, most = number_text(self._least), number_text(self._most)
            trouble = tr("Enter a number from {least} to {most}, or nothing.")
            return None, trouble.format(least=least, most=most)
        return value, ""


class CurrencyEdit(OptionalEdit):
    """The three letters of a currency, or nothing."""

    def fill(self, currency: str | None) -> None:
        """Show a currency, or nothing."""
        self._show(currency or "")

    def read(self) -> tuple[str | None, str]:
        """Return the currency, and why it is none."""
        text = self.text().strip().upper()
        if not text:
            return None, ""
        good = len(text) == _CURRENCY and text.isascii() and text.isalpha()
        return (text, "") if good else (None, tr(_BAD_CURRENCY))


def dialects() -> tuple[tuple[str, str], ...]:
    """Return the portals to choose from: words and value."""
    return (
        (tr("Find out by itself"), AUTO_DIALECT),
        ("SEMS+", Dialect.SEMSPLUS.value),
        # Translators: the older one of GoodWe's two portals.
        (tr("SEMS classic"), Dialect.CLASSIC.value),
    )


def regions() -> tuple[tuple[str, str], ...]:
    """Return the regions to choose from: words and value."""
    return (
        # Translators: which region's server the account is on.
        (tr("GoodWe finds out"), ANY_REGION),
        (tr("Europe"), "eu"),
        (tr("Australia"), "au"),
        (tr("Americas"), "us"),
        (tr("China"), "cn"),
        # Translators: after Europe, Australia, the Americas and China.
        (tr("Other countries"), "hk"),
    )


def number_text(value: float) -> str:
    """Return a number with the decimal mark that is spoken, short."""
    return f"{float(value):.{_DIGITS}g}".replace(_POINT, _decimal())


def read_number(text: str) -> float | None:
    """Return a number with a point or a comma; None if it is none."""
    # A price has no thousands, but in half of the world a comma before its cents.
    try:
        found = float(text.replace(_COMMA, _POINT, 1))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _decimal() -> str:
    return current_locale().forms.decimal
