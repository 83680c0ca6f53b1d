"""The settings window of one run: filled from the settings, followed at once."""

from __future__ import annotations

import platform
import sys
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from . import __version__
from .core.preferences import (
    KnownAlarm,
    Limits,
    Preferences,
    PreferencesInfo,
    QuietChoice,
)
from .core.records import Tariffs
from .core.tray_icon import IconMode
from .store.settings import Alerts as AlertSettings
from .store.settings import Quiet, changed
from .ui.details import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from .core.model import Station
    from .core.present import Scene
    from .store.paths import Paths
    from .store.settings import Settings
    from .ui.alerts import Alerts
    from .ui.autostart import Autostart
    from .ui.poller import Poller
    from .ui.settings_window import SettingsWindow

_CLOCK = "%H:%M"


class Preferring(QObject):
    """Owns the settings window; it is made when it is first wanted."""

    chosen = Signal(object)  # Settings
    station_chosen = Signal(str)
    sign_in_wanted = Signal()
    forget_wanted = Signal(bool)  # everything, or the account alone
    diagnostics_wanted = Signal()

    def __init__(
        self,
        poller: Poller,
        paths: Paths,
        *,
        settings: Callable[[], Settings],
        scene: Callable[[], Scene],
        alerts: Alerts,
    ) -> None:
        super().__init__()
        self._poller = poller
        self._paths = paths
        self._settings = settings
        self._scene = scene
        self._alerts = alerts
        self._window: SettingsWindow | None = None
        self._autostart: Autostart | None = None
        self._login_trouble = ""
        self.stations: tuple[Station, ...] = ()
        self.kept = ""
        self.note = ""

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        if self._window is None:
            from .ui.settings_window import SettingsWindow

            self._window = window = SettingsWindow()
            window.changed.connect(self._on_changed)
            window.sign_in_wanted.connect(self.sign_in_wanted)
            window.forget_account_wanted.connect(self._on_forget_account)
            window.forget_all_wanted.connect(self._on_forget_all)
            window.test_wanted.connect(self._alerts.test)
            window.remind_wanted.connect(self._alerts.remind)
            window.diagnostics_wanted.connect(self.diagnostics_wanted)
            window.log_wanted.connect(self._on_log)
            window.link_wanted.connect(self._on_link)
        self._show()
        self._window.open()

    @Slot()
    def refill(self) -> None:
        """Follow the situation while somebody looks."""
        if self._window is not None and self._window.isVisible():
            self._window.show_info(self._info())

    def set_diagnostics(self, text: str) -> None:
        """Give the words for "Copy diagnostics"."""
        if self._window is not None:
            self._window.set_diagnostics(text)

    def _show(self) -> None:
        if self._window is not None:
            at_login = self._login().is_on()
            self._window.show_preferences(
                preferences_of(self._settings(), at_login=at_login), self._info()
            )

    def _login(self) -> Autostart:
        if self._autostart is None:
            from .store.paths import default_paths
            from .ui.autostart import autostart

            own = self._paths.config != default_paths().config
            self._autostart = autostart(self._paths.config if own else None)
        return self._autostart

    def _info(self) -> PreferencesInfo:
        reading = self._poller.reading
        known = None if reading is None else reading.station.latitude is not None
        return PreferencesInfo(
            account=self._settings().account,
            kept=self.kept,
            stations=self.stations,
            requests_today=self._poller.requests_today,
            scene=self._scene(),
            note=self.note,
            login_trouble=self._login_trouble,
            place_known=known,
            known_alarms=tuple(
                KnownAlarm(mark=mark, text=text)
                for mark, text in self._alerts.known_alarms()
            ),
            version=__version__,
            versions=_versions(),
            files=(
                ("Settings", str(self._paths.settings)),
                ("History", str(self._paths.history)),
                ("Log", str(self._paths.log)),
            ),
        )

    @Slot(object)
    def _on_changed(self, wanted: Preferences) -> None:
        before = self._settings()
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
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paths.log)))

    @Slot(str)
    def _on_link(self, address: str) -> None:
        QDesktopServices.openUrl(QUrl(address))


def preferences_of(settings: Settings, *, at_login: bool) -> Preferences:
    """Return what the window edits."""
    alerts, quiet = settings.alerts, settings.alerts.quiet
    return Preferences(
        station=settings.station,
        dialect=settings.dialect,
        live_minutes=settings.live_minutes,
        icon=icon_mode(settings.icon),
        rules_off=frozenset(alerts.off),
        limits=Limits(
            low_percent=alerts.low_percent,
            critical_percent=alerts.critical_percent,
            full_percent=alerts.full_percent,
            portal_minutes=alerts.portal_minutes,
        ),
        quiet=QuietChoice(
            on=quiet.on,
            start=time.fromisoformat(quiet.start),
            end=time.fromisoformat(quiet.end),
            weekdays=frozenset(quiet.weekdays),
        ),
        tariffs=tariffs_of(settings),
        reserve_percent=settings.reserve_percent,
        latitude=settings.latitude,
        longitude=settings.longitude,
        language=settings.language,
        motion=settings.motion,
        start_at_login=at_login,
    )


def settings_after(settings: Settings, wanted: Preferences) -> Settings:
    """Return the settings after a change; the station has a way of its own."""
    quiet, limits, tariffs = wanted.quiet, wanted.limits, wanted.tariffs
    return changed(
        settings,
        dialect=wanted.dialect,
        live_minutes=wanted.live_minutes,
        icon=wanted.icon.value,
        alerts=AlertSettings(
            off=tuple(sorted(wanted.rules_off)),
            low_percent=limits.low_percent,
            critical_percent=limits.critical_percent,
            full_percent=limits.full_percent,
            portal_minutes=limits.portal_minutes,
            quiet=Quiet(
                on=quiet.on,
                start=quiet.start.strftime(_CLOCK),
                end=quiet.end.strftime(_CLOCK),
                weekdays=tuple(sorted(quiet.weekdays)),
            ),
        ),
        import_price=tariffs.import_price,
        export_price=tariffs.export_price,
        currency=tariffs.currency,
        reserve_percent=wanted.reserve_percent,
        latitude=wanted.latitude,
        longitude=wanted.longitude,
        language=wanted.language,
        motion=wanted.motion,
    )


def tariffs_of(settings: Settings) -> Tariffs:
    """Return the owner's prices."""
    return Tariffs(
        import_price=settings.import_price,
        export_price=settings.export_price,
        currency=settings.currency,
    )


def wishes_of(settings: Settings) -> Wishes:
    """Return what the owner set for the details window."""
    return Wishes(
        tariffs=tariffs_of(settings),
        reserve_percent=settings.reserve_percent,
        geometry=settings.window,
        motion=settings.motion,
    )


def icon_mode(name: str) -> IconMode:
    """Return the tray icon's mode; what a newer version named is automatic here."""
    try:
        return IconMode(name)
    except ValueError:
        return IconMode.AUTO


def _versions() -> tuple[tuple[str, str], ...]:
    from PySide6 import __version__ as qt

    return (
        ("Python", sys.version.split()[0]),
        ("Qt", qt),
        ("System", f"{platform.system()} {platform.release()}"),
    )
