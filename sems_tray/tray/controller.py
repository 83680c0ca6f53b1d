"""Keeps the tray icon and its menu in step with the station and with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox

from sems_tray import __version__
from sems_tray.domain.failures import PORTAL_PAGE
from sems_tray.i18n.language import LocalizedText, mark, tr
from sems_tray.polling.other_stations import AccountStations, elsewhere
from sems_tray.polling.snapshot import refresh_words
from sems_tray.runtime import jobs
from sems_tray.runtime.services import HeaderNote

from .availability import TrayAvailability
from .tray_icon import Tray
from .view_model import IconMode, TrayInputs, tray_view

if TYPE_CHECKING:
    from sems_tray.alerts.model import ProblemSummary
    from sems_tray.polling.poller import Poller
    from sems_tray.polling.snapshot import MonitorSnapshot
    from sems_tray.runtime.release_check import Release
    from sems_tray.runtime.services import Services
    from sems_tray.storage.settings import Settings


_AGES_AFTER = timedelta(minutes=1)
_TRAY_WITHIN_MS = 2_000
_NO_TRAY = mark(
    "This desktop shows no tray icons, so this window opened instead; closing it ends "
    "SEMS Tray. On GNOME, the AppIndicator extension adds a tray."
)
_NEW_VERSION = mark("Version {version} of SEMS Tray is available.")


class TrayController(QObject):
    """Owns the tray icon; the window stands in for it where there is no tray."""

    def __init__(self, services: Services, poller: Poller) -> None:
        super().__init__()
        self._services = services
        self._events = services.events
        self._poller = poller
        mode = IconMode(services.settings.settings.icon)
        self._inputs = TrayInputs(snapshot=poller.snapshot(), mode=mode)
        self._account = AccountStations()
        self._about_box: QMessageBox | None = None
        self._release: Release | None = None
        self._ended = False
        self.tray = Tray()
        self._availability = TrayAvailability()
        self._connect()
        self.show()

    def _connect(self) -> None:
        tray, events, poller = self.tray, self._events, self._poller
        poller.changed.connect(self._on_snapshot)
        poller.aged.connect(self._on_aged)
        tray.menu_opens.connect(self.show)
        tray.details_wanted.connect(self._toggle_details)
        tray.refresh_wanted.connect(poller.refresh)
        tray.station_wanted.connect(events.station_chosen)
        for name, slot in {
            "history": events.transfer_requested,
            "portal": events.portal_page_requested,
            "sign_in": events.sign_in_requested,
            "settings": events.settings_requested,
            "about": self._show_about,
            "release": self._open_release,
            "quit": events.quit_requested,
        }.items():
            tray.actions[name].triggered.connect(slot)
        tray.quiet.problem_chosen.connect(events.problem_chosen)
        tray.quiet.snooze_wanted.connect(events.snooze_requested)
        tray.menu_opens.connect(self._label_stations)
        poller.changed.connect(self._label_stations)
        events.problems_changed.connect(self._on_problems)
        events.stations_changed.connect(self._on_stations)
        events.portal_page_requested.connect(self._open_portal)
        events.settings_changed.connect(self._on_settings)
        events.locale_changed.connect(self._retranslate)
        events.window_closed.connect(self._on_window_closed)
        events.poll_recorded.connect(self._check_release)
        events.quitting.connect(self._end)
        tray.renewed.connect(events.tray_icon_renewed)
        self._availability.came.connect(self._on_tray_came)
        QGuiApplication.styleHints().colorSchemeChanged.connect(tray.repaint)
        if not self._availability.has_tray:
            # After log-in the panel may be a moment behind this program.
            QTimer.singleShot(_TRAY_WITHIN_MS, self, self._open_without_tray)

    @property
    def inputs(self) -> TrayInputs:
        """Everything that the tray shows, now."""
        return replace(self._inputs, snapshot=self._poller.snapshot())

    @Slot()
    def show(self) -> None:
        """Show what is known now; ages have grown."""
        self._show(self.inputs)

    @Slot(object, object)
    def _on_settings(self, before: Settings, after: Settings) -> None:
        place = (after.latitude, after.longitude)  # it may be dark there
        if after.icon != before.icon or place != (before.latitude, before.longitude):
            self._show(replace(self.inputs, mode=IconMode(after.icon)))

    @Slot()
    def _check_release(self) -> None:
        if self._services.settings.settings.release_feed:
            self._services.network.submit(jobs.newer_release(), self.show_release)

    def show_release(self, release: Release | None) -> None:
        """Say quietly, in menu and window, that there is a newer version."""
        if release is None:
            return
        self._release = release
        self.tray.show_release(release.name)
        note = LocalizedText(_NEW_VERSION, version=release.name)
        self._events.note_changed.emit(HeaderNote.RELEASE, note)

    def _show(self, inputs: TrayInputs) -> None:
        self._inputs = inputs
        self.tray.show(tray_view(inputs))
        label, possible = refresh_words(inputs.snapshot)
        self.tray.set_refresh(label, enabled=possible)

    @Slot(object)
    def _on_snapshot(self, snapshot: MonitorSnapshot) -> None:
        self._show(replace(self._inputs, snapshot=snapshot))

    @Slot(object)
    def _on_problems(self, summary: ProblemSummary) -> None:
        self.tray.quiet.show(summary)
        if summary.line != self._inputs.alert:
            self._show(replace(self.inputs, alert=summary.line))

    @Slot(object)
    def _on_stations(self, account: AccountStations) -> None:
        self._account = account
        states = elsewhere(account.others)
        if states != self._inputs.other_stations:
            self._show(replace(self.inputs, other_stations=states))
        self._label_stations()

    @Slot()
    def _label_stations(self) -> None:
        """Say in the menu how each station is."""
        account = self._account
        several = len(account.stations) > 1
        labels = account.labels(self._poller.snapshot()) if several else {}
        self.tray.set_stations(account.stations, account.shown_id, labels)

    @Slot()
    def _on_aged(self) -> None:
        """Let ages grow: they are told in whole minutes, a pause in seconds."""
        snapshot = self._poller.snapshot()
        since = snapshot.now - self._inputs.snapshot.now
        if snapshot.pause_until is None and timedelta() <= since < _AGES_AFTER:
            return
        self._on_snapshot(snapshot)

    @Slot()
    def _retranslate(self) -> None:
        self.tray.retranslate()
        self.show()

    @Slot()
    def _end(self) -> None:
        """Take the icon away; nothing opens any more."""
        self._ended = True
        self.tray.hide()

    @Slot()
    def _toggle_details(self) -> None:
        self._events.details_toggled.emit(self.tray.clicked_at())

    @Slot()
    def _open_without_tray(self) -> None:
        if not self._availability.has_tray and not self._ended:
            self._events.note_changed.emit(HeaderNote.NO_TRAY, LocalizedText(_NO_TRAY))
            self._events.details_requested.emit(QRect())

    @Slot()
    def _on_window_closed(self) -> None:
        """End with the window where nothing else is left to be seen or to quit."""
        if not self._availability.has_tray:
            self._events.quit_requested.emit()

    @Slot()
    def _on_tray_came(self) -> None:
        self.tray.renew()
        self._events.note_changed.emit(HeaderNote.NO_TRAY, "")

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
            self._show_about()

    @Slot()
    def _show_about(self) -> None:
        self._about_box = about()


def about() -> QMessageBox:
    """Show what this program is and whose it is not; return the window, to be held."""
    box = QMessageBox()
    box.setWindowTitle(tr("About SEMS Tray"))
    box.setText(_about_text())
    box.open()
    box.finished.connect(box.deleteLater)
    return box


def _about_text() -> str:
    sentences = (
        tr("Shows your GoodWe solar station in the system tray."),
        tr(
            "Free software under the MIT licence, made by owners for owners; it is not"
            " a product of GoodWe."
        ),
    )
    told = "".join(f"<p>{escape(it, quote=False)}</p>" for it in sentences)
    return f"<h3>SEMS Tray {__version__}</h3>{told}"
