"""A small window that lists the reading's values and says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sems_tray.core.troubles import Action

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent

    from sems_tray.core.details import Row

_BUTTONS = {
    Action.SIGN_IN: "Sign in …",
    Action.OPEN_PORTAL: "Open SEMS Portal",
    Action.RETRY: "Try again",
    Action.CHOOSE_STATION: "Sign in …",
}
_MARGIN = 16
_SIZE = (440, 560)
_TITLE_BAR = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """What the window shows; ``message`` is a trouble's sentence."""

    title: str
    message: str = ""
    action: Action | None = None
    rows: tuple[Row, ...] = ()
    footer: str = ""


class Window(QWidget):
    """Shows a view; keeps its widgets while labels stay the same."""

    watched = Signal(bool)
    refresh_wanted = Signal()
    action_wanted = Signal(Action)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._view: WindowView | None = None
        self._values: list[QLabel] = []
        self._title = QLabel()
        self._title.setObjectName("title")
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self._title.setFont(font)
        self._message = QLabel()
        self._message.setObjectName("message")
        self._message.setWordWrap(True)
        self._button = QPushButton()
        self._button.clicked.connect(self._on_button)
        self._form = QFormLayout()
        self._footer = QLabel()
        self._footer.setEnabled(False)
        for label in (self._title, self._message, self._footer):
            label.setTextFormat(Qt.TextFormat.PlainText)  # the portal's words
        self._build()
        self.resize(*_SIZE)
        for keys, slot in (("Esc", self.close), ("F5", self._on_refresh)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _build(self) -> None:
        inner = QWidget()
        self._form.setContentsMargins(0, 0, _MARGIN, 0)
        self._form.setHorizontalSpacing(_MARGIN)
        inner.setLayout(self._form)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        trouble = QHBoxLayout()
        trouble.addWidget(self._message, 1)
        trouble.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(_MARGIN // 2)
        layout.addWidget(self._title)
        layout.addLayout(trouble)
        layout.addWidget(area, 1)
        layout.addWidget(self._footer)

    def show_view(self, view: WindowView) -> None:
        """Show a view; what did not change is not painted again."""
        if view == self._view:
            return
        old, self._view = self._view, view
        named = "SEMS Tray" in view.title
        self.setWindowTitle(view.title if named else f"{view.title} - SEMS Tray")
        self._title.setText(view.title)
        self._message.setText(view.message)
        self._message.setVisible(bool(view.message))
        self._button.setVisible(view.action is not None)
        if view.action is not None:
            self._button.setText(_BUTTONS[view.action])
        self._footer.setText(view.footer)
        if old is None or [it.label for it in old.rows] != [
            it.label for it in view.rows
        ]:
            self._lay_out(view)
        for label, row in zip(self._values, view.rows, strict=True):
            label.setText(row.value)

    def _lay_out(self, view: WindowView) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._values = []
        for row in view.rows:
            value = QLabel()
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            label = QLabel(row.label)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(value)
            self._form.addRow(label, value)
            self._values.append(value)

    def toggle(self, near: QRect) -> None:
        """Open beside the tray icon, or close."""
        if self.isVisible() and not self.isMinimized():
            self.close()
        else:
            self.open(near)

    def open(self, near: QRect) -> None:
        """Open, or come to the front."""
        if not self.isVisible():
            self._place(near)
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def _place(self, near: QRect) -> None:
        """Place the window beside the icon, or in the corner where trays are."""
        known = near.isValid() and not near.isEmpty()
        screen = QGuiApplication.screenAt(near.center()) if known else None
        screen = screen or QGuiApplication.primaryScreen()
        room = screen.availableGeometry().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        # A frame that was never shown has no size yet; a title bar is about so high.
        frame = max(self.frameGeometry().height() - self.height(), _TITLE_BAR)
        room.setBottom(room.bottom() - frame)
        size = self.size().boundedTo(room.size())
        self.resize(size)
        centre = near.center() if known else room.bottomRight()
        left = centre.x() - size.width() // 2
        below = centre.y() < room.center().y()
        top = centre.y() + _MARGIN if below else centre.y() - size.height() - _MARGIN
        self.move(
            max(room.left(), min(left, room.right() - size.width())),
            max(room.top(), min(top, room.bottom() - size.height())),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody looks any more."""
        super().hideEvent(event)
        self.watched.emit(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing hides: the tray goes on."""
        event.ignore()
        self.hide()
        self.closed.emit()

    @Slot()
    def _on_refresh(self) -> None:
        self.refresh_wanted.emit()

    @Slot()
    def _on_button(self) -> None:
        if self._view is not None and self._view.action is not None:
            self.action_wanted.emit(self._view.action)
