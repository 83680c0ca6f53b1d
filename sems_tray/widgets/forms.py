"""What the cards of the settings hold: fields with their words, which wrap."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from .buttons import CheckTick, RadioTick
from .fields import Choice
from .labels import leading, triangle
from .pages import discard
from .theme import STEP, ColourRole, Text, font_of, smooth_painter, theme_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QAbstractButton, QButtonGroup


_GAP = STEP + STEP // 2


class Ink(Enum):
    """How loud words are."""

    PLAIN = "plain"
    MUTED = "muted"
    TROUBLE = "trouble"  # with a triangle before them


class WrappedLabel(QLabel):
    """A sentence that wraps, in an ink of the theme; hidden while it is empty."""

    def __init__(
        self, text: str = "", ink: Ink = Ink.MUTED, step: Text = Text.CAPTION
    ) -> None:
        super().__init__()
        self._ink = ink
        self.setFont(font_of(step, self.font()))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        if ink is Ink.TROUBLE:
            self.setContentsMargins(round(self._sign() * 1.6), 0, 0, 0)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show a sentence; "" is none."""
        self.setText(text)
        # Without a parent it would be a window.
        if self.parentWidget() is not None or not text:
            self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:
        """A long word makes no page wider."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the words, and what they are."""
        painter = smooth_painter(self)
        # English stays English where the layout is mirrored.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        trouble = self._ink is Ink.TROUBLE
        mirrored = self.isRightToLeft()
        room = self.contentsRect()
        if trouble:
            if mirrored:
                room.translate(-room.left(), 0)
            self._paint_sign(painter, mirrored=mirrored)
        painter.setPen(self._colour())
        flags = int(leading(self) | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(room, flags | int(Qt.TextFlag.TextWordWrap), self.text())
        painter.end()

    def _colour(self) -> QColor:
        theme = theme_for(self)
        match self._ink:
            case Ink.PLAIN:
                return theme.text if self.isEnabled() else theme.muted
            case Ink.MUTED:
                return theme.muted
            case Ink.TROUBLE:
                return theme.ink(ColourRole.ALARM)

    def _sign(self) -> float:
        return self.fontMetrics().capHeight()

    def _paint_sign(self, painter: QPainter, *, mirrored: bool) -> None:
        side, metrics = self._sign(), self.fontMetrics()
        left = self.width() - side if mirrored else 0.0
        box = QRectF(left, metrics.ascent() - side, side, side)
        painter.fillPath(triangle(box), theme_for(self).ink(ColourRole.ALARM))


class Row(QWidget):
    """A name, a field, a sentence about it, and what is wrong with it.

    The field stands beside the name; below it where there is no room, or if asked.
    """

    def __init__(
        self, name: str, field: QWidget, about: str = "", *, below: bool = False
    ) -> None:
        super().__init__()
        self.field = field
        self._below = below
        self._about = about
        self._name = WrappedLabel(name, Ink.PLAIN, Text.BODY)
        self._name.setBuddy(field)
        self._trouble = WrappedLabel(ink=Ink.TROUBLE)
        field.setAccessibleName(name)
        field.setAccessibleDescription(about)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(_GAP)
        self._line.addWidget(self._name, 1)
        self._line.addWidget(field, 1 if _grows(field) else 0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP // 2)
        box.addLayout(self._line)
        box.addWidget(WrappedLabel(about))
        box.addWidget(self._trouble)

    @property
    def trouble(self) -> str:
        """What is wrong with the field."""
        return self._trouble.text()

    def show_trouble(self, trouble: str) -> None:
        """Show what is wrong; "" is nothing."""
        self._trouble.show_text(trouble)
        about = f"{trouble} {self._about}".strip()
        self.field.setAccessibleDescription(about)

    def minimumSizeHint(self) -> QSize:
        """Return the room for the longest word, or the field."""
        wide = max(self._word(), self.field.minimumSizeHint().width())
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the field below its name where both do not fit."""
        whole = self._choice()
        needed = self._word() + _GAP + max(whole, self.field.sizeHint().width())
        below = self._below or needed > event.size().width()
        if whole:  # half of the line may be too little
            self.field.setMinimumWidth(0 if below else whole)
        ways = QBoxLayout.Direction
        self._line.setDirection(ways.TopToBottom if below else ways.LeftToRight)
        self._line.setSpacing(STEP // 4 if below else _GAP)
        super().resizeEvent(event)

    def _choice(self) -> int:
        """Return the room for the words of a choice; 0 for other fields."""
        return self.field.whole_width() if isinstance(self.field, Choice) else 0

    def _word(self) -> int:
        wide = self._name.fontMetrics().horizontalAdvance
        return max((wide(it) for it in self._name.text().split()), default=0)


class _Title(WrappedLabel):
    """The words of a button: a click on them is one on the button."""

    def __init__(self, text: str, button: QAbstractButton) -> None:
        super().__init__(text, Ink.PLAIN, Text.BODY)
        self._button = button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what a click on the button does."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self._button.click()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click; what is below does not get it."""
        event.accept()


class CheckRow(QWidget):
    """A check box or radio button with a name and a sentence that wrap."""

    def __init__(self, button: QAbstractButton, name: str, about: str = "") -> None:
        super().__init__()
        self.button = button
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setAttribute(Qt.WidgetAttribute.WA_Hover)
        button.setAccessibleName(name)
        button.setAccessibleDescription(about)
        title = _Title(name, button)
        self._texts = texts = QVBoxLayout()
        texts.setSpacing(STEP // 4)
        texts.addWidget(title)
        texts.addWidget(WrappedLabel(about))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(STEP)
        self._line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addLayout(texts, 1)

    def add_below(self, widget: QWidget) -> None:
        """Put what belongs to it under its words."""
        self._texts.addSpacing(STEP // 2)
        self._texts.addWidget(widget)

    def add(self, widget: QWidget) -> None:
        """Put a picture at the end of the line."""
        self._line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class Switch(CheckRow):
    """Something that is on or off; works as the ``fields`` do."""

    edited = Signal()

    def __init__(self, name: str, title: str, about: str = "") -> None:
        super().__init__(CheckTick(), title, about)
        self.button.setObjectName(name)
        self.button.clicked.connect(self.edited)

    def fill(self, on: bool) -> None:  # noqa: FBT001 (a value, as of other fields)
        """Show whether it is on."""
        self.button.setChecked(on)

    def read(self) -> tuple[bool, str]:
        """Return whether it is on."""
        return self.button.isChecked(), ""


class Radio(CheckRow):
    """One of several that exclude each other; ``edited`` by that which is chosen."""

    edited = Signal()

    def __init__(self, name: str, title: str, about: str, group: QButtonGroup) -> None:
        super().__init__(RadioTick(), title, about)
        self.button.setObjectName(name)
        group.addButton(self.button)
        self.button.toggled.connect(self._on_toggled)

    def fill(self, on: bool) -> None:  # noqa: FBT001 (a value, as of other fields)
        """Show whether it is the chosen one; another chosen one takes that away."""
        self.button.blockSignals(True)
        self.button.setChecked(on)
        self.button.blockSignals(False)

    def read(self) -> tuple[bool, str]:
        """Return whether it is the chosen one."""
        return self.button.isChecked(), ""

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        if on:
            self.edited.emit()


class WrapLayout(QWidget):
    """Buttons side by side; one above the other where there is no room for that."""

    def __init__(self, buttons: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._buttons = buttons
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(STEP)
        for button in buttons:
            self._line.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        self._line.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """Return the room for the widest; side by side is no must."""
        wide = max(it.minimumSizeHint().width() for it in self._buttons)
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put them side by side where they fit."""
        hints = [it.sizeHint().width() for it in self._buttons]
        needed = sum(hints) + STEP * (len(hints) - 1)
        below = needed > event.size().width()
        ways = QBoxLayout.Direction
        self._line.setDirection(ways.TopToBottom if below else ways.LeftToRight)
        super().resizeEvent(event)


class StackedRows(QWidget):
    """Widgets one above the other that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(STEP)

    def fill(self, widgets: Iterable[QWidget]) -> None:
        """Hold these, and no others."""
        while (item := self._box.takeAt(0)) is not None:
            discard(item.widget())
        for widget in widgets:
            self._box.addWidget(widget)


def flow(*widgets: QWidget) -> WrapLayout:
    """Return widgets side by side, as far as they go."""
    return WrapLayout(widgets)


def _grows(field: QWidget) -> bool:
    return field.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Expanding
