"""A tray that comes late: after log-in, panels start in any order.

A QSystemTrayIcon chooses its kind when it is first shown.  One made before a
StatusNotifier host is on the bus never moves to it, so a new one must be made when
the host comes (seen with PySide6 6.11.3; a host that only restarts needs nothing).
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSystemTrayIcon

_WATCHER = "org.kde.StatusNotifierWatcher"
_RETRY_MS = 5_000


class LateTray(QObject):
    """Emits ``came`` once a tray is there that was not there at the start."""

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        if sys.platform == "linux":
            self._watch_bus()
        elif not self.has_tray:
            self._timer.start(_RETRY_MS)

    def _watch_bus(self) -> None:
        """Hear of the host on the bus; no bus, no host."""
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        names = bus.interface()
        if names.isServiceRegistered(_WATCHER).value():
            return
        self._watcher = QDBusServiceWatcher(
            _WATCHER, bus, QDBusServiceWatcher.WatchModeFlag.WatchForRegistration, self
        )
        self._watcher.serviceRegistered.connect(self._on_registered)

    @Slot(str)
    def _on_registered(self, _: str) -> None:
        # The host is on the bus before it is ready to take items.
        QTimer.singleShot(500, self, self._came_once)

    @Slot()
    def _look(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._timer.stop()
            self._came_once()

    @Slot()
    def _came_once(self) -> None:
        self.has_tray = True
        if self.sender() is None and hasattr(self, "_watcher"):
            self._watcher.deleteLater()
            del self._watcher
        self.came.emit()
