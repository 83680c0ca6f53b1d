"""The settings window of one run, and what it asks for that is no setting."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from sems_tray import __version__
from sems_tray.i18n.language import tr, trc
from sems_tray.log.handlers import log_path
from sems_tray.runtime.background_job import BackgroundJob

from .model import KnownAlarm, SettingsInfo
from .start_at_login import login_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.desktop.autostart import Autostart
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station
    from sems_tray.notifications.alert_store import AlertStore
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.tray.view_model import TrayInputs

    from .window import SettingsWindow


class SettingsController(QObject):
    """Owns the settings window; it is made when it is first wanted."""

    station_chosen = Signal(str)
    sign_in_wanted = Signal()
    forget_wanted = Signal(bool)  # everything, or the account alone

    def __init__(
        self,
        poller: Poller,
        repository: SettingsRepository,
        *,
        tray_inputs: Callable[[], TrayInputs],
        alerts: AlertStore,
    ) -> None:
        super().__init__()
        self._poller = poller
        self._repository = repository
        self._job: BackgroundJob | None = None
        self._tray_inputs = tray_inputs
        self._alerts = alerts
        self._window: SettingsWindow | None = None
        self._autostart: Autostart | None = None
        self._starts_at_login = False
        self._login_trouble = ""
        self.stations: tuple[Station, ...] = ()
        self.custody: PasswordStorage | None = None
        self._note = ""
        poller.changed.connect(self.refill)
        repository.save_state_changed.connect(self._on_save_state)

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        window = self._ensure_window()
        self._starts_at_login = self._login().is_on()
        self._show()
        window.open()

    def _ensure_window(self) -> SettingsWindow:
        if self._window is None:
            from .window import SettingsWindow

            self._window = window = SettingsWindow(self._repository)
            window.station_chosen.connect(self.station_chosen)
            window.start_at_login_wanted.connect(self._on_start_at_login)
            window.sign_in_wanted.connect(self.sign_in_wanted)
            window.forget_account_wanted.connect(self._on_forget_account)
            window.forget_all_wanted.connect(self._on_forget_all)
            window.test_wanted.connect(self._alerts.show_test)
            window.remind_wanted.connect(self._alerts.unmute)
            window.diagnostics_wanted.connect(self._on_diagnostics)
            window.log_wanted.connect(self._on_log)
        return self._window

    @Slot(object)
    def set_stations(self, stations: tuple[Station, ...]) -> None:
        """Take the account's stations."""
        self.stations = stations

    @Slot()
    def refill(self) -> None:
        """Follow the situation while somebody looks."""
        if self._window is not None and self._window.isVisible():
            self._show()

    @Slot(str)
    def _on_save_state(self, message: str) -> None:
        """Say that the settings cannot be saved; "" that they are."""
        self._note = message
        self.refill()

    def reword(self) -> None:
        """Make the window anew in the language spoken, once its own signal is over."""
        QTimer.singleShot(0, self, self._rebuild_window)

    @Slot()
    def _rebuild_window(self) -> None:
        old = self._window
        if old is None:
            return
        tab, seen, place = old.page(), old.isVisible(), old.geometry()
        old.hide()
        old.deleteLater()
        self._window = None
        if seen:
            self.open()
            fresh = self._ensure_window()
            fresh.open(tab)
            fresh.setGeometry(place)

    def end(self) -> bool:
        """Close; return whether the thread of a diagnosis has ended: it may hang."""
        if self._window is not None:
            self._window.close()
        return self._job is None or self._job.end()

    @Slot()
    def _on_diagnostics(self) -> None:
        """Ask the system, in a thread of its own: it takes a second or four."""
        from sems_tray.diagnostics.report import diagnostics_text

        if self._job is None:
            run = self._repository.context
            failed = tr("An error in SEMS Tray itself.")
            self._job = BackgroundJob(lambda _: diagnostics_text(run), failed=failed)
            self._job.done.connect(self._on_diagnosed)
            self._job.start()

    @Slot(object)
    def _on_diagnosed(self, text: str) -> None:
        if self._job is not None:
            self._job.wait()
            self._job = None
        if self._window is not None:
            self._window.set_diagnostics(text)

    def _show(self) -> None:
        if self._window is not None:
            self._window.show_info(self._info())

    def _login(self) -> Autostart:
        if self._autostart is None:
            self._autostart = login_of(self._repository.context)
        return self._autostart

    def _info(self) -> SettingsInfo:
        reading = self._poller.reading
        known = None if reading is None else reading.station.latitude is not None
        run = self._repository.context
        return SettingsInfo(
            account=run.settings.account,
            password_storage=self.custody,
            stations=self.stations,
            requests_today=self._poller.requests_today,
            tray_inputs=self._tray_inputs(),
            note=self._note or run.loaded.said,
            start_at_login=self._starts_at_login,
            login_trouble=self._login_trouble,
            place_known=known,
            known_alarms=tuple(
                KnownAlarm(mark=mark, text=text)
                for mark, text in self._alerts.muted_in_words()
            ),
            version=__version__,
            versions=_versions(),
            files=(
                (trc("file", "Settings"), str(run.paths.settings)),
                (trc("file", "History"), str(run.paths.history)),
                (trc("file", "Log"), str(log_path(run.paths.log))),
            ),
        )

    @Slot(bool)
    def _on_start_at_login(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._login_trouble = self._login().set(on)
        self._starts_at_login = self._login().is_on()
        self._show()

    @Slot()
    def _on_forget_account(self) -> None:
        self.forget_wanted.emit(False)

    @Slot()
    def _on_forget_all(self) -> None:
        self._on_start_at_login(False)
        self.forget_wanted.emit(True)

    @Slot()
    def _on_log(self) -> None:
        folder = log_path(self._repository.context.paths.log).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _versions() -> tuple[tuple[str, str], ...]:
    from PySide6 import __version__ as qt

    return (
        ("Python", sys.version.split()[0]),
        ("Qt", qt),
        (trc("version", "System"), f"{platform.system()} {platform.release()}"),
    )
