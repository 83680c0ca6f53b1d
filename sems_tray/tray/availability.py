"""Whether the desktop shows tray icons: after log-in, panels start in any order.

A QSystemTrayIcon chooses its kind when it is first shown.  One made before a
StatusNotifier host is on the bus never moves to it, so a new one must be made when the
host comes (seen with PySide6 6.11.3; a host that only restarts needs nothing).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSystemTrayIcon

if TYPE_CHECKING:
    from sems_tray.desktop.session_bus import BusSignal, Reply, SessionBus


_WATCHER = "org.kde.StatusNotifierWatcher"
# The host is on the bus before it is ready to take items.
_HOST_READY_MS = 500
_RETRY_MS = 5_000


class TrayAvailability(QObject):
    """Emits ``came`` once a tray is there that was not there at the start.

    To be made before the icon is shown; the bus is asked after that, which costs the
    icon no time.
    """

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self._bus: SessionBus | None = None  # while a host is waited for
        self._has_host = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._check)
        if sys.platform == "linux":
            QTimer.singleShot(0, self, self._watch_bus)
        elif not self.has_tray:
            self._timer.start(_RETRY_MS)

    @Slot()
    def _watch_bus(self) -> None:
        """Wait for a host if none is on the bus; without a bus, none will come."""
        from sems_tray.desktop.session_bus import BUS, SessionBus, owner_rule

        bus = SessionBus(self)
        bus.signal_received.connect(self._on_signal)
        if bus.open(owner_rule(_WATCHER)):
            self._bus = bus
            name = (_WATCHER,)
            bus.call(BUS, "NameHasOwner", "s", name, on_reply=self._on_has_owner)

    def _on_has_owner(self, reply: Reply) -> None:
        from sems_tray.desktop.session_bus import Returned

        match reply:
            case Returned(values=(True,)):
                if self.has_tray:  # the icon is in it
                    self._stop_watching()
                else:  # it came after Qt was asked
                    self._on_host_came()

    def _stop_watching(self) -> None:
        if self._bus is not None:
            self._bus.deleteLater()
            self._bus = None

    @Slot(object)
    def _on_signal(self, signal: BusSignal) -> None:
        match signal.member, signal.values:
            case "NameOwnerChanged", (str(name), str(), str(owner)) if name == _WATCHER:
                if owner:
                    self._on_host_came()
                else:
                    self._has_host = False

    def _on_host_came(self) -> None:
        self._has_host = True
        QTimer.singleShot(_HOST_READY_MS, self, self._on_host_ready)

    @Slot()
    def _on_host_ready(self) -> None:
        """Use the host, unless that is done or it has gone again."""
        if self._has_host and self._bus is not None:
            self._stop_watching()
            self._use_tray()

    @Slot()
    def _check(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._timer.stop()
            self._use_tray()

    def _use_tray(self) -> None:
        self.has_tray = True
        self.came.emit()
