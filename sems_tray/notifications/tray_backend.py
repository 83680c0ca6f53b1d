"""Bubbles by the tray icon: one at a time, neither replaced nor closed.

On Linux Qt shows another icon in the tray while a message is up, and stacks messages
that come together; so the next has to wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSystemTrayIcon

from sems_tray.alerts.model import Level

if TYPE_CHECKING:
    from .notification import Notification


_HOLD_MS = 8_000
_AT_MOST = 20
_ICONS = {
    Level.INFO: QSystemTrayIcon.MessageIcon.Information,
    Level.WARNING: QSystemTrayIcon.MessageIcon.Warning,
    Level.URGENT: QSystemTrayIcon.MessageIcon.Critical,
}


class TrayBackend(QObject):
    """Shows bubbles one after the other; without a tray icon it shows none."""

    pressed = Signal(str)  # key

    def __init__(self, parent: QObject | None, tray: QSystemTrayIcon | None) -> None:
        super().__init__(parent)
        self._tray: QSystemTrayIcon | None = None
        self._waiting: dict[str, Notification] = {}
        self._last = ""
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(_HOLD_MS)
        self._hold.timeout.connect(self._show_next)
        self.set_tray(tray)

    def set_tray(self, tray: QSystemTrayIcon | None) -> None:
        """Show by another icon from now on."""
        old = self._living()
        if old is not None:
            old.messageClicked.disconnect(self._on_clicked)
        self._tray = tray
        if tray is not None:
            tray.messageClicked.connect(self._on_clicked)

    @property
    def can_show(self) -> bool:
        """Say whether there is an icon that could show a bubble."""
        tray = self._living()
        return tray is not None and tray.isVisible() and tray.supportsMessages()

    def show(self, bubble: Notification) -> None:
        """Show a bubble after those that wait; the newest are kept."""
        if not self.can_show:
            return
        self._waiting[bubble.key] = bubble
        if len(self._waiting) > _AT_MOST:
            del self._waiting[next(iter(self._waiting))]
        if not self._hold.isActive():
            self._show_next()

    def drop(self, key: str) -> None:
        """Forget a bubble that is not shown yet."""
        self._waiting.pop(key, None)

    def drop_all(self) -> None:
        """Forget all that are not shown yet."""
        self._waiting.clear()

    def _living(self) -> QSystemTrayIcon | None:
        """Return the icon, unless Qt has deleted it."""
        tray = self._tray
        return tray if tray is not None and shiboken6.isValid(tray) else None

    @Slot()
    def _show_next(self) -> None:
        tray = self._living()
        if tray is None or not self._waiting:
            return
        bubble = self._waiting.pop(next(iter(self._waiting)))
        self._last = bubble.key
        icon = _ICONS[bubble.level]
        tray.showMessage(bubble.title, bubble.text, icon, _HOLD_MS)
        self._hold.start()

    @Slot()
    def _on_clicked(self) -> None:
        """Tell which; on some systems a click on the icon counts as well."""
        if self._last:
            self.pressed.emit(self._last)
