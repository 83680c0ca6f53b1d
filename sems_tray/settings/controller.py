"""The settings window of one run, and what it asks for that is no setting."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from sems_tray import __version__
from sems_tray.i18n.language import tr, trc
from sems_tray.log.handlers import log_path
from sems_tray.runtime import jobs
from sems_tray.runtime.background_job import BackgroundJob
from sems_tray.runtime.context import apply_locale, locale_settings, portal_settings
from sems_tray.runtime.services import HeaderNote
from sems_tray.storage.paths import default_paths

from .page import KnownAlarm, SettingsInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.desktop.autostart import Autostart
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station
    from sems_tray.notifications.alert_store import AlertStore
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.services import Services
    from sems_tray.storage.settings import Settings
    from sems_tray.tray.view_model import TrayInputs

    from .window import SettingsWindow


class SettingsController(QObject):
    """Owns the settings window; it is made when it is first wanted."""

    def __init__(
        self,
        services: Services,
        poller: Poller,
        *,
        tray_inputs: Callable[[], TrayInputs],
        alerts: AlertStore,
    ) -> None:
        super().__init__()
        self._poller = poller
        self._services = services
        self._repository = services.settings
        self._job: BackgroundJob | None = None
        self._tray_inputs = tray_inputs
        self._alerts = alerts
        self._window: SettingsWindow | None = None
        self._autostart: Autostart | None = None
        self._starts_at_login = False
        self._login_trouble = ""
        self._stations: tuple[Station, ...] = ()
        self._password_storage: PasswordStorage | None = None
        self._note = ""
        self._connect()

    def _connect(self) -> None:
        events, repository = self._services.events, self._repository
        self._poller.changed.connect(self._refill)
        repository.changed.connect(self._on_settings)
        repository.save_state_changed.connect(self._on_save_state)
        events.settings_requested.connect(self.open)
        events.stations_listed.connect(self._on_stations)
        events.password_storage_changed.connect(self._on_password_storage)

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

            events = self._services.events
            self._window = window = SettingsWindow(self._repository)
            asked = window.events
            asked.station_chosen.connect(events.station_chosen)
            asked.start_at_login_changed.connect(self._on_start_at_login)
            asked.sign_in_requested.connect(events.sign_in_requested)
            asked.sign_out_requested.connect(self._on_sign_out)
            asked.test_requested.connect(self._alerts.show_test)
            asked.reminder_requested.connect(self._alerts.unmute)
            asked.diagnostics_requested.connect(self._on_diagnostics)
            asked.log_requested.connect(self._on_log)
        return self._window

    @Slot(object)
    def _on_stations(self, stations: tuple[Station, ...]) -> None:
        self._stations = stations

    @Slot(object)
    def _on_password_storage(self, storage: PasswordStorage | None) -> None:
        self._password_storage = storage

    @Slot(object, object)
    def _on_settings(self, before: Settings, after: Settings) -> None:
        """Let all parts follow changed settings: each compares what it reads."""
        services = self._services
        services.sky.follow(after)
        services.events.settings_changed.emit(before, after)
        if portal_settings(before) != portal_settings(after):
            services.network.submit(jobs.apply_settings(self._repository.context))
        if locale_settings(before) != locale_settings(after):
            self._retranslate(after)

    def _retranslate(self, settings: Settings) -> None:
        """Speak another language from now on, in all that is open."""
        from sems_tray.i18n.qt_translator import follow_speech

        apply_locale(settings)
        follow_speech()
        self._repository.notify_save_state()
        self._services.events.locale_changed.emit()
        # Once the signal of the window's own field is over.
        QTimer.singleShot(0, self, self._rebuild_window)

    @Slot()
    def _refill(self) -> None:
        """Follow the situation while somebody looks."""
        if self._window is not None and self._window.isVisible():
            self._show()

    @Slot(str)
    def _on_save_state(self, message: str) -> None:
        """Say that the settings cannot be saved; "" that they are."""
        self._note = message
        self._services.events.note_changed.emit(HeaderNote.SAVING, message)
        self._refill()

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

    @Slot()
    def follow_move(self) -> None:
        """Let the start at login find the program where it is now."""
        self._login().follow_move()

    def _info(self) -> SettingsInfo:
        reading = self._poller.reading
        known = None if reading is None else reading.station.latitude is not None
        run = self._repository.context
        return SettingsInfo(
            account=run.settings.account,
            password_storage=self._password_storage,
            stations=self._stations,
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

    @Slot(bool)
    def _on_sign_out(self, everything: bool) -> None:  # noqa: FBT001 (Qt's signal)
        if everything:
            self._on_start_at_login(False)
        self._services.events.sign_out_requested.emit(everything)

    @Slot()
    def _on_log(self) -> None:
        folder = log_path(self._repository.context.paths.log).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def login_of(run: AppContext) -> Autostart:
    """Return the entry of a run's profile among what starts at login."""
    from sems_tray.desktop.autostart import autostart

    own = run.paths.config != default_paths().config
    return autostart(run.paths.config if own else None)


def _versions() -> tuple[tuple[str, str], ...]:
    from PySide6 import __version__ as qt

    return (
        ("Python", sys.version.split()[0]),
        ("Qt", qt),
        (trc("version", "System"), f"{platform.system()} {platform.release()}"),
    )
