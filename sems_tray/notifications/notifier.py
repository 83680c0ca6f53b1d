"""Bubbles: shown by the desktop's notification daemon, or else by the tray.

On Linux ``org.freedesktop.Notifications`` is spoken directly, since Qt's
``showMessage`` can neither replace nor close a bubble there.  It is what Windows and
macOS have, and what is left when no daemon answers.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from .tray_backend import TrayBackend

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon

    from .dbus_backend import DBusBackend
    from .notification import Notification


log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"


class Notifier(QObject):
    """Shows each bubble by the first way that works.

    A bubble that was ``pressed`` is gone with it.  ``closed`` tells that one is gone
    that was neither pressed nor closed from here: the owner dismissed it, its time was
    over, or the daemon ended.  Nothing is loaded before the first bubble.
    """

    pressed = Signal(str, str)  # key, button ("" for the bubble itself)
    closed = Signal(str)  # key

    def __init__(self, tray: QSystemTrayIcon | None = None) -> None:
        super().__init__()
        self._by_tray = TrayBackend(self, tray)
        self._by_tray.pressed.connect(self._on_tray_pressed)
        self._by_daemon: DBusBackend | None = None
        self._backend = ""

    def set_tray(self, tray: QSystemTrayIcon | None) -> None:
        """Use another icon: a tray that comes late needs a new one."""
        self._by_tray.set_tray(tray)

    def show(self, bubble: Notification) -> None:
        """Show a bubble, in place of the one of the same key."""
        self._by_tray.drop(bubble.key)
        if sys.platform == "linux":
            self._daemon().show(bubble)
        else:
            self._show_by_tray(bubble)

    def close(self, key: str) -> None:
        """Close a bubble; one that the tray shows can only be left to its time."""
        self._by_tray.drop(key)
        if self._by_daemon is not None:
            self._by_daemon.close(key)

    def close_all(self) -> None:
        """Close every bubble, before the program ends."""
        self._by_tray.drop_all()
        if self._by_daemon is not None:
            self._by_daemon.close_all()

    @property
    def backend(self) -> str:
        """Return what shows the bubbles, for the log and the diagnostics."""
        if self._backend:
            return self._backend
        if sys.platform == "linux":
            return f"{SERVICE} (not asked yet)"
        return "tray" if self._by_tray.can_show else "none"

    def _daemon(self) -> DBusBackend:
        if self._by_daemon is None:
            from .dbus_backend import DBusBackend

            self._by_daemon = DBusBackend(self)
            self._by_daemon.pressed.connect(self.pressed)
            self._by_daemon.closed.connect(self.closed)
            self._by_daemon.shown.connect(self._on_shown)
            self._by_daemon.stalled.connect(self._on_stalled)
            self._by_daemon.failed.connect(self._on_failed)
        return self._by_daemon

    def _show_by_tray(self, bubble: Notification) -> None:
        self._use("tray" if self._by_tray.can_show else "none")
        self._by_tray.show(bubble)

    @Slot(str)
    def _on_shown(self, server: str) -> None:
        self._use(f"{SERVICE} ({server})" if server else SERVICE)

    @Slot()
    def _on_stalled(self) -> None:
        """Leave the tray alone: ``showMessage`` asks the same daemon, and waits.

        It holds the whole program up for 25 s (seen with PySide6 6.11.3).
        """
        self._use(f"{SERVICE} (does not answer)")

    @Slot(object, str)
    def _on_failed(self, bubble: Notification, why: str) -> None:
        log.info("the notification daemon shows no bubble: %s", why)
        self._show_by_tray(bubble)

    @Slot(str)
    def _on_tray_pressed(self, key: str) -> None:
        self.pressed.emit(key, "")

    def _use(self, backend: str) -> None:
        """Say in the log who shows the bubbles, when that is news."""
        if backend != self._backend:
            self._backend = backend
            log.info("bubbles are shown by: %s", backend)
