"""The owner's account: asks for it, tries it, and tells of the one that was good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.core.outcome import Failed
from sems_tray.core.troubles import sentence

if TYPE_CHECKING:
    from sems_tray.core.credentials import Credentials
    from sems_tray.core.outcome import PollOutcome

    from .sign_in import SignIn


class Account(QObject):
    """Owns the sign-in window."""

    given = Signal(object)  # Credentials, to be tried
    accepted = Signal(str, object, str)  # account, PollOutcome, where it is kept

    def __init__(self, known: str | None) -> None:
        super().__init__()
        self._known = known
        self._trying = ""
        self._dialog: SignIn | None = None
        self.was_asked = False

    @Slot()
    def ask(self) -> None:
        """Open the window, or bring it to the front."""
        self.was_asked = True
        if self._dialog is None:
            from .sign_in import SignIn

            self._dialog = SignIn(self._known)
            self._dialog.submitted.connect(self._on_submitted)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot(object)
    def _on_submitted(self, credentials: Credentials) -> None:
        self._trying = credentials.account
        self.given.emit(credentials)

    @Slot(object, str)
    def on_tried(self, outcome: PollOutcome, kept: str) -> None:
        """Take the outcome of a trial: a refusal is shown, success ends the asking."""
        if self._dialog is None:
            return
        if isinstance(outcome, Failed) and not kept:
            self._dialog.show_result(sentence(outcome))
            return
        self._dialog.accept()
        self._dialog.deleteLater()
        self._dialog = None
        # Only now: a refused account would hide the good one at the next start.
        self._known = self._trying
        self.accepted.emit(self._trying, outcome, kept)
