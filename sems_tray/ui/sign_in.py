"""The sign-in window: an account, a password, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
)

from sems_tray.core.credentials import Credentials

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

_ADVICE = (
    "Sign in with your SEMS account. A visitor account is best: it can look but not "
    "change anything. Add one in the SEMS app, and sign in there once with it to "
    "accept the user agreement."
)


class SignIn(QDialog):
    """Asks, emits what was typed, and shows what the portal said."""

    submitted = Signal(object)  # Credentials

    def __init__(self, account: str | None) -> None:
        super().__init__()
        self.setWindowTitle("Sign in - SEMS Tray")
        self.setMinimumWidth(420)
        self._asking = False
        advice = QLabel(_ADVICE)
        advice.setWordWrap(True)
        self._account = QLineEdit(account or "")
        self._account.setObjectName("account")
        self._account.setPlaceholderText("name@example.com")
        self._password = QLineEdit()
        self._password.setObjectName("password")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._result = QLabel()
        self._result.setObjectName("result")
        self._result.setWordWrap(True)
        self._result.setTextFormat(Qt.TextFormat.PlainText)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self._ok = self._buttons.button(kinds.Ok)
        self._ok.setText("Sign in")
        self._buttons.accepted.connect(self._on_submit)
        self._cancel = self._buttons.button(kinds.Cancel)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("&Account", self._account)
        form.addRow("&Password", self._password)
        layout = QVBoxLayout(self)
        layout.addWidget(advice)
        layout.addLayout(form)
        layout.addWidget(self._result)
        layout.addWidget(self._buttons)
        for field in (self._account, self._password):
            field.textChanged.connect(self._on_typed)
        self._on_typed()
        if account:
            self._password.setFocus()

    @Slot()
    def _on_typed(self) -> None:
        filled = bool(self._account.text().strip() and self._password.text())
        self._ok.setEnabled(filled and not self._asking)
        self._cancel.setEnabled(not self._asking)

    @Slot()
    def _on_submit(self) -> None:
        self._asking = True
        self._on_typed()
        self._result.setText("Asking GoodWe …")
        self.submitted.emit(
            Credentials(
                account=self._account.text().strip(), password=self._password.text()
            )
        )

    def show_result(self, text: str) -> None:
        """Say what went wrong; the password can be typed again."""
        self._asking = False
        self._result.setText(text)
        self._on_typed()
        self._password.selectAll()
        self._password.setFocus()

    def reject(self) -> None:
        """Cancel; not while GoodWe is asked: what it accepts is kept at once."""
        if not self._asking:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close like Cancel does."""
        if self._asking:
            event.ignore()
        else:
            super().closeEvent(event)

    def done(self, result: int) -> None:
        """Close, and keep no password behind a closed window."""
        self._asking = False
        self._password.clear()
        self._result.clear()
        super().done(result)
