"""Shows the situation: in the tray always, in the window when it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from sems_tray.domain.failures import Action
from sems_tray.i18n.language import mark, said, tr
from sems_tray.tray.availability import TrayAvailability
from sems_tray.tray.tray_icon import Tray
from sems_tray.tray.view_model import IconMode, TrayInputs, tray_view
from sems_tray.window.controller import WindowController
from sems_tray.window.header import header_view, refresh_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QMessageBox

    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.history.local_reader import LocalHistory
    from sems_tray.polling.other_stations import StationSummary
    from sems_tray.polling.poller import Poller
    from sems_tray.polling.snapshot import MonitorSnapshot
    from sems_tray.runtime.release_check import Release
    from sems_tray.storage.settings import Settings
    from sems_tray.window.header import HeaderView


PORTAL_PAGE = "https://semsplus.goodwe.com"
_TRAY_WITHIN_MS = 2_000
_WARM_AFTER_MS = 3_000
_NO_TRAY = mark(
    "This desktop shows no tray icons, so this window opened instead; closing it ends "
    "SEMS Tray. On GNOME, the AppIndicator extension adds a tray."
)


class Presenter(QObject):
    """Owns the tray and the window; says what the owner wants of the rest."""

    sign_in_wanted = Signal()
    quit_wanted = Signal()
    looked = Signal()  # the owner opened the window

    def __init__(
        self,
        poller: Poller,
        *,
        now: Callable[[], datetime],
        history: LocalHistory,
        settings: Settings,
        notes: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self._poller = poller
        self._mode = IconMode(settings.icon)
        self._about_box: QMessageBox | None = None
        self._ended = False
        self.custody: PasswordStorage | None = None
        self.alert = ""
        self._elsewhere: tuple[StationSummary, ...] = ()
        self._history_note = self._settings_note = ""
        self._notes = notes
        self._release: Release | None = None
        self.tray = Tray()
        self._availability = TrayAvailability()
        self._warming = QTimer(self)
        self._warming.setSingleShot(True)
        self.details = WindowController(
            poller, history, settings, header=self.header, now=now
        )
        self._connect()

    def _connect(self) -> None:
        tray = self.tray
        self._poller.changed.connect(self.show)
        self._poller.aged.connect(self.show)
        tray.menu_opens.connect(self.show)
        tray.details_wanted.connect(self._toggle)
        tray.refresh_wanted.connect(self._poller.refresh)
        tray.sign_in_wanted.connect(self.sign_in_wanted)
        tray.portal_wanted.connect(self._open_portal)
        tray.about_wanted.connect(self._about)
        tray.release_wanted.connect(self._open_release)
        tray.quit_wanted.connect(self.quit_wanted)
        self.details.action_wanted.connect(self._act)
        self.details.closed.connect(self._on_window_closed)
        self.details.looked.connect(self.looked)
        self._availability.came.connect(self._on_tray_came)
        self._warming.timeout.connect(self.details.warm_up)
        self._warming.start(_WARM_AFTER_MS)
        QGuiApplication.styleHints().colorSchemeChanged.connect(tray.repaint)
        if not self._availability.has_tray:
            # After log-in the panel may be a moment behind this program.
            QTimer.singleShot(_TRAY_WITHIN_MS, self, self._open_without_tray)

    @Slot()
    def show(self) -> None:
        """Make the whole view anew from the whole situation."""
        inputs = self.tray_inputs()
        self.tray.show(tray_view(inputs))
        label, possible = refresh_words(inputs.snapshot)
        self.tray.set_refresh(label, enabled=possible)
        self.details.refill()

    def tray_inputs(self) -> TrayInputs:
        """Return everything that the tray shows."""
        return TrayInputs(
            snapshot=self._poller.snapshot(),
            mode=self._mode,
            alert=self.alert,
            other_stations=self._elsewhere,
        )

    @Slot(object, object)
    def apply_settings(self, before: Settings, after: Settings) -> None:
        """Follow changed settings in tray and window."""
        self.details.apply_settings(before, after)
        if (after.latitude, after.longitude) != (before.latitude, before.longitude):
            self.show()  # it may be dark there
        mode = IconMode(after.icon)
        if mode is not self._mode:
            self._mode = mode
            self.tray.show(tray_view(self.tray_inputs()))

    @Slot(str)
    def note_history(self, message: str) -> None:
        """Say what became of the history's file; "" that all is well with it."""
        self._history_note = message
        self.show()

    @Slot(object)
    def tell_release(self, release: Release) -> None:
        """Say quietly, in menu and window, that there is a newer version."""
        self._release = release
        self.tray.tell_release(release.name)
        self.show()

    def reword(self) -> None:
        """Say everything again in the language that is spoken now."""
        self.tray.reword()
        self.details.reword()
        self.show()

    @Slot(str)
    def note_settings(self, message: str) -> None:
        """Say that the settings cannot be saved; "" that they are."""
        if message != self._settings_note:
            self._settings_note = message
            self.show()

    def end(self) -> None:
        """Take the icon away; nothing opens any more."""
        self._ended = True
        self._warming.stop()
        self.tray.hide()

    def header(self, snapshot: MonitorSnapshot) -> HeaderView:
        """Return the window's header."""
        return header_view(snapshot, notes=self.notes(), password_storage=self.custody)

    def notes(self) -> tuple[str, ...]:
        """Return the header's sentences about this computer."""
        localized = (said(it) for it in self._notes)
        notes = [self._history_note, self._settings_note, *localized]
        if not self._availability.has_tray:
            notes.append(tr(_NO_TRAY))
        if self._release is not None:
            text = tr("Version {version} of SEMS Tray is available.")
            notes.append(text.format(version=self._release.name))
        return tuple(note for note in notes if note)

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        self.details.open(self.tray.geometry())

    @Slot(str)
    def open_alarm(self, alarm_id: str) -> None:
        """Open the window at an alarm, or just open it."""
        near = self.tray.geometry()
        if alarm_id:
            self.details.open_alarm(near, alarm_id)
        else:
            self.details.open(near)

    def show_alert(self, line: str) -> None:
        """Say what is wrong beyond the station's state; "" that nothing is."""
        if line != self.alert:
            self.alert = line
            self.show()

    def show_elsewhere(self, found: tuple[StationSummary, ...]) -> None:
        """Say how the stations are that are not shown."""
        if found != self._elsewhere:
            self._elsewhere = found
            self.show()

    @Slot()
    def _toggle(self) -> None:
        self.details.toggle(self.tray.clicked_at())

    @Slot()
    def _open_without_tray(self) -> None:
        if not self._availability.has_tray and not self._ended:
            self.details.open(QRect())

    @Slot()
    def _on_window_closed(self) -> None:
        """End with the window where nothing else is left to be seen or to quit."""
        if not self._availability.has_tray:
            self.quit_wanted.emit()

    @Slot()
    def _on_tray_came(self) -> None:
        self.tray.renew()
        self.show()

    @Slot(Action)
    def _act(self, action: Action) -> None:
        match action:
            case Action.SIGN_IN | Action.CHOOSE_STATION:
                self.sign_in_wanted.emit()
            case Action.OPEN_PORTAL:
                self._open_portal()
            case Action.RETRY:
                self._poller.refresh()
            case Action.SHOW_ALARMS:  # the window has shown them already
                pass

    @Slot()
    def _open_portal(self) -> None:
        QDesktopServices.openUrl(QUrl(PORTAL_PAGE))

    @Slot()
    def _open_release(self) -> None:
        """Open the page of the version, or this program's own words about itself."""
        link = self._release.link if self._release is not None else ""
        if link:
            QDesktopServices.openUrl(QUrl(link))
        else:
            self._about()

    @Slot()
    def _about(self) -> None:
        from .about import about

        self._about_box = about(None)
