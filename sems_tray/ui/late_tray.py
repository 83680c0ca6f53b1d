"""A tray that comes late: after log-in, panels start in any order.

A QSystemTrayIcon chooses its kind when it is first shown.  One made before a
StatusNotifier host is on the bus never moves to it, so a new one must be made when
the host comes (seen with PySide6 6.11.3; a host that only restarts needs nothing).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSystemTrayIcon

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

_WATCHER = "org.kde.StatusNotifierWatcher"
_RETRY_MS = 5_000


class LateTray(QObject):
    """Emits ``came`` once a tray is there that was not there at the start."""

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self._watcher: QDBusServiceWatcher | None = None
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
        if not bus.isConnected() or _is_on(bus):
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
        """Tell of the tray, unless it is told or the host has gone again."""
        watcher = self._watcher
        if watcher is not None:
            if not _is_on(watcher.connection()):
                return
            self._watcher = None
            watcher.deleteLater()
        elif self.has_tray:
            return
        self.has_tray = True
        self.came.emit()


def _is_on(bus: QDBusConnection) -> bool:
    """Say whether a host is there; the bus itself answers, and at once."""
    return bool(bus.interface().isServiceRegistered(_WATCHER).value())
