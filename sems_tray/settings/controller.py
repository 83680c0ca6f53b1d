"""The settings window of one run: filled from the settings, followed at once."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from sems_tray import __version__
from sems_tray.i18n.language import trc
from sems_tray.log.handlers import log_path
from sems_tray.runtime.network_thread import Job

from .mapping import preferences_of, settings_after
from .model import KnownAlarm, PreferencesInfo
from .start_at_login import login_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.desktop.autostart import Autostart
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station
    from sems_tray.notifications.alert_store import AlertStore
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.context import AppContext
    from sems_tray.tray.view_model import TrayInputs

    from .model import Preferences
    from .window import SettingsWindow


_PATIENCE_MS = 1_000


class SettingsController(QObject):
    """Owns the settings window; it is made when it is first wanted."""

    chosen = Signal(object)  # Settings
    station_chosen = Signal(str)
    sign_in_wanted = Signal()
    forget_wanted = Signal(bool)  # everything, or the account alone

    def __init__(
        self,
        poller: Poller,
        run: Callable[[], AppContext],
        *,
        tray_inputs: Callable[[], TrayInputs],
        alerts: AlertStore,
    ) -> None:
        super().__init__()
        self._poller = poller
        self._run = run
        self._job: Job | None = None
        self._tray_inputs = tray_inputs
        self._alerts = alerts
        self._window: SettingsWindow | None = None
        self._autostart: Autostart | None = None
        self._login_trouble = ""
        self.stations: tuple[Station, ...] = ()
        self.custody: PasswordStorage | None = None
        self._note = ""

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        window = self._made()
        self._show()
        window.open()

    def _made(self) -> SettingsWindow:
        if self._window is None:
            from .window import SettingsWindow

            self._window = window = SettingsWindow()
            window.changed.connect(self._on_changed)
            window.sign_in_wanted.connect(self.sign_in_wanted)
            window.forget_account_wanted.connect(self._on_forget_account)
            window.forget_all_wanted.connect(self._on_forget_all)
            window.test_wanted.connect(self._alerts.test)
            window.remind_wanted.connect(self._alerts.remind)
            window.diagnostics_wanted.connect(self._on_diagnostics)
            window.log_wanted.connect(self._on_log)
            window.link_wanted.connect(self._on_link)
        return self._window

    @Slot(object)
    def set_stations(self, stations: tuple[Station, ...]) -> None:
        """Take the account's stations."""
        self.stations = stations

    @Slot()
    def refill(self) -> None:
        """Follow the situation, and what was chosen elsewhere, while somebody looks."""
        if self._window is not None and self._window.isVisible():
            self._show()

    @Slot(str)
    def note_settings(self, message: str) -> None:
        """Say that the settings cannot be saved; "" that they are."""
        self._note = message

    def reword(self) -> None:
        """Make the window anew in the language spoken, once its own signal is over."""
        QTimer.singleShot(0, self, self._reword)

    @Slot()
    def _reword(self) -> None:
        old = self._window
        if old is None:
            return
        tab, seen, place = old.page(), old.isVisible(), old.geometry()
        old.hide()
        old.deleteLater()
        self._window = None
        if seen:
            self.open()
            fresh = self._made()
            fresh.open(tab)
            fresh.setGeometry(place)

    def end(self) -> None:
        """Close; a question to the system that hangs is left alone."""
        if self._window is not None:
            self._window.close()
        if self._job is not None:
            self._job.wait(_PATIENCE_MS)

    @Slot()
    def _on_diagnostics(self) -> None:
        """Ask the system, in a thread of its own: it takes a second or four."""
        from sems_tray.diagnostics.report import diagnostics_text

        if self._job is None:
            run = self._run()
            self._job = Job(lambda: diagnostics_text(run))
            self._job.told.connect(self._on_diagnosed)
            self._job.start()

    @Slot(str)
    def _on_diagnosed(self, text: str) -> None:
        if self._job is not None:
            self._job.wait()
            self._job = None
        if self._window is not None:
            self._window.set_diagnostics(text)

    def _show(self) -> None:
        if self._window is not None:
            at_login = self._login().is_on()
            self._window.show_preferences(
                preferences_of(self._run().settings, at_login=at_login), self._info()
            )

    def _login(self) -> Autostart:
        if self._autostart is None:
            self._autostart = login_of(self._run())
        return self._autostart

    def _info(self) -> PreferencesInfo:
        reading = self._poller.reading
        known = None if reading is None else reading.station.latitude is not None
        return PreferencesInfo(
            account=self._run().settings.account,
            custody=self.custody,
            stations=self.stations,
            requests_today=self._poller.requests_today,
            tray_inputs=self._tray_inputs(),
            note=self._note or self._run().loaded.said,
            login_trouble=self._login_trouble,
            place_known=known,
            known_alarms=tuple(
                KnownAlarm(mark=mark, text=text)
                for mark, text in self._alerts.known_alarms()
            ),
            version=__version__,
            versions=_versions(),
            files=(
                (trc("file", "Settings"), str(self._run().paths.settings)),
                (trc("file", "History"), str(self._run().paths.history)),
                (trc("file", "Log"), str(log_path(self._run().paths.log))),
            ),
        )

    @Slot(object)
    def _on_changed(self, wanted: Preferences) -> None:
        before = self._run().settings
        login = self._login()
        if wanted.start_at_login != login.is_on():
            self._login_trouble = login.set(wanted.start_at_login)
            if self._login_trouble:
                self._show()
                return
        after = settings_after(before, wanted)
        if after != before:
            self.chosen.emit(after)
        if wanted.station is not None and wanted.station != before.station:
            self.station_chosen.emit(wanted.station)
        self.refill()

    @Slot()
    def _on_forget_account(self) -> None:
        self.forget_wanted.emit(False)

    @Slot()
    def _on_forget_all(self) -> None:
        self._login_trouble = self._login().set(False)
        self.forget_wanted.emit(True)

    @Slot()
    def _on_log(self) -> None:
        folder = log_path(self._run().paths.log).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot(str)
    def _on_link(self, address: str) -> None:
        QDesktopServices.openUrl(QUrl(address))


def _versions() -> tuple[tuple[str, str], ...]:
    from PySide6 import __version__ as qt

    return (
        ("Python", sys.version.split()[0]),
        ("Qt", qt),
        (trc("version", "System"), f"{platform.system()} {platform.release()}"),
    )
