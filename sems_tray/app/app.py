"""The tray app: builds the parts, connects them, runs, and shuts them down."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtWidgets import QApplication

from sems_tray.desktop.qt_application import GuiThreadGc
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.local_reader import LocalHistory
from sems_tray.log.handlers import redact_from_now_on
from sems_tray.polling.poll_log import PollLog
from sems_tray.polling.poller import Poller
from sems_tray.runtime import jobs
from sems_tray.runtime.context import (
    apply_locale,
    locale_settings,
    portal_settings,
)
from sems_tray.runtime.network_thread import NetworkThread
from sems_tray.runtime.session_events import HeaderNote, SessionEvents
from sems_tray.runtime.settings_repository import SettingsRepository
from sems_tray.runtime.sky import Sky
from sems_tray.storage.settings import Settings, changed
from sems_tray.tray.controller import TrayController
from sems_tray.tray.view_model import IconMode

if TYPE_CHECKING:
    from sems_tray.desktop.single_instance import Instance
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.release_check import Release


_STOP_WITHIN_MS = 2_000


class App(QObject):
    """Everything that lives in the GUI thread."""

    def __init__(self, run: AppContext, instance: Instance | None) -> None:
        super().__init__()
        self._choices = SettingsRepository(run)
        self._instance = instance
        self._stations_asked = False
        self._done = False
        self.stuck = False
        self._tidy = GuiThreadGc()
        self._poll_log = PollLog()
        self._sky = Sky(run.settings)
        self._network = NetworkThread()
        self._poller = Poller(
            self._network,
            now=utc_now,
            dark=self._sky.dark,
            dark_at=self._sky.dark_at,
            live=timedelta(minutes=run.settings.live_minutes),
            demo=run.options.demo is not None,
        )
        # Before all others: the list of stations goes before what is recorded.
        self._poller.polled.connect(self._on_polled)
        history = LocalHistory(run.paths.history)
        self._events = SessionEvents()
        # The icon first: what nobody sees yet is imported after it.
        self._tray = TrayController(
            self._events, self._poller, IconMode(run.settings.icon)
        )
        from sems_tray.notifications.controller import NotificationController
        from sems_tray.polling.controller import StationsController
        from sems_tray.runtime.network_services import NetworkServices
        from sems_tray.settings.controller import SettingsController
        from sems_tray.sign_in.controller import Account
        from sems_tray.window.controller import WindowController
        from sems_tray.window.transfer.controller import TransferController

        self._window = WindowController(
            self._events,
            self._network,
            self._poller,
            history,
            run.settings,
            icon_geometry=self._tray.tray.geometry,
            now=utc_now,
        )
        self._account = Account(
            self._network,
            run.settings.account,
            portal=run.portal_choice,
            picks=run.options.station is None,
            demo=run.options.demo is not None,
        )
        self._archiving = TransferController(
            run.options, self._events, self._network, self._poller, history
        )
        self._alerting = NotificationController(
            run.settings,
            self._events,
            self._network,
            self._poller,
            tray_icon=self._tray.tray.current_icon,
            sky=self._sky,
            saved_states=history.alert_states,
            # A demo's trouble is there from the start, and is to be announced.
            started=None if run.options.demo is not None else utc_now(),
        )
        self._watching = StationsController(
            run, self._events, self._network, self._poller, sky=self._sky
        )
        self._preferring = SettingsController(
            self._poller,
            self._choices,
            tray_inputs=lambda: self._tray.inputs,
            alerts=self._alerting.alerts,
        )
        self._connect()
        self._choices.check_writable()
        self._choices.notify_save_state()
        self._network.start(NetworkServices(run))
        self._poller.start()
        if run.loaded.message:
            self._events.note_changed.emit(HeaderNote.SETTINGS, run.loaded.message)
        if not run.settings.start_hidden:
            self._events.details_requested.emit(QRect())

    def _connect(self) -> None:
        poller, others = self._poller, self._watching.others
        events, account = self._events, self._account
        poller.polled.connect(self._tidy.collect)
        others.changed.connect(self._tidy.collect)
        self._archiving.backfill.changed.connect(self._tidy.collect)
        events.poll_recorded.connect(self._check_release)
        events.station_chosen.connect(self._on_station_chosen)
        self._window.closed.connect(self._on_closed)
        self._window.closed.connect(self._tray.on_window_closed)
        self._tray.tray.renewed.connect(self._alerting.on_tray_renewed)
        self._connect_settings()
        events.sign_in_requested.connect(account.ask)
        events.quit_requested.connect(self.quit)
        account.accepted.connect(self._on_accepted)
        account.station_chosen.connect(events.station_chosen)
        others.listed.connect(account.on_listed)
        others.listed.connect(self._preferring.set_stations)
        others.list_failed.connect(account.on_unlisted)
        if self._instance is not None:
            self._instance.serve(
                self._open_details, poller.refresh, poller.pause, self.quit
            )

    def _connect_settings(self) -> None:
        preferring = self._preferring
        self._events.settings_requested.connect(preferring.open)
        self._choices.changed.connect(self._on_settings)
        preferring.station_chosen.connect(self._events.station_chosen)
        preferring.sign_in_wanted.connect(self._account.ask)
        preferring.forget_wanted.connect(self._on_forget)
        self._choices.save_state_changed.connect(self._on_save_state)

    @Slot(object, object)
    def _on_settings(self, before: Settings, after: Settings) -> None:
        """Let all parts follow changed settings: each compares what it reads."""
        self._sky.follow(after)
        self._events.settings_changed.emit(before, after)
        if portal_settings(before) != portal_settings(after):
            self._account.portal = self._choices.context.portal_choice
            self._network.submit(jobs.apply_settings(self._choices.context))
        if locale_settings(before) != locale_settings(after):
            self._reword(after)

    def _reword(self, settings: Settings) -> None:
        """Speak another language from now on, in all that is open."""
        from sems_tray.i18n.qt_translator import follow_speech

        apply_locale(settings)
        follow_speech()
        self._choices.notify_save_state()
        self._events.locale_changed.emit()
        self._preferring.reword()

    @Slot(bool)
    def _on_forget(self, everything: bool) -> None:  # noqa: FBT001 (a slot)
        self._archiving.release()
        self._watching.reset()
        self._poller.reset()
        self._alerting.alerts.reset()

        def signed_out(_: None) -> None:
            self._on_signed_out(everything=everything)

        self._network.submit(jobs.sign_out(everything=everything), signed_out)

    def _on_signed_out(self, *, everything: bool) -> None:
        rest = changed(self._choices.settings, account=None)
        self._choices.save(Settings() if everything else rest)
        self._window.password_storage = self._preferring.custody = None
        self._poller.refresh()
        self._account.known = None
        self._account.ask()

    @Slot(object)
    def _on_polled(self, outcome: PollOutcome) -> None:
        self._poll_log.record(outcome)
        self._choices.save_pending()
        if isinstance(outcome, PollSucceeded):
            redact_from_now_on(outcome.reading.station.id, outcome.reading.station.name)
        if isinstance(outcome, PollFailed):
            if self._needs_password(outcome):
                self._account.ask()
            if outcome.trouble is not Trouble.NO_STATION:
                return
        if not self._stations_asked:
            self._stations_asked = True
            self._watching.others.request_list()

    @Slot()
    def _check_release(self) -> None:
        if self._choices.settings.release_feed:
            self._network.submit(jobs.newer_release(), self._on_release)

    def _on_release(self, release: Release | None) -> None:
        if release is not None:
            self._tray.set_release(release)

    def _needs_password(self, failed: PollFailed) -> bool:
        """Say whether to ask by itself, once a run: there is nothing to sign in by."""
        return (
            failed.trouble is Trouble.SIGN_IN
            and failed.nothing_sent
            and not self._account.was_asked
        )

    @Slot()
    def _on_closed(self) -> None:
        geometry = self._window.geometry()
        if geometry != self._choices.settings.window:
            self._choices.update(window=geometry)

    @Slot(str)
    def _on_station_chosen(self, station_id: str) -> None:
        self._choices.update(station=station_id)

    @Slot()
    def _open_details(self) -> None:
        """Open the window for a second start of the program."""
        self._events.details_requested.emit(QRect())

    @Slot(str)
    def _on_save_state(self, message: str) -> None:
        self._events.note_changed.emit(HeaderNote.SAVING, message)

    @Slot(str, object, object)
    def _on_accepted(
        self, account: str, outcome: PollOutcome, custody: PasswordStorage
    ) -> None:
        redact_from_now_on(account)
        changes = {"account": account, **asdict(self._account.portal)}
        if account == self._choices.settings.account:
            self._choices.update(**changes)
        else:  # another account has other stations
            self._choices.update(**changes, station=None)
            self._alerting.alerts.reset()
        self._window.password_storage = self._preferring.custody = custody
        self._stations_asked = False
        self._archiving.leave()
        self._watching.reset()
        self._poller.reset()
        self._poller.apply(outcome)

    @Slot()
    def quit(self) -> None:
        """End in order, within two seconds, even while a request hangs."""
        if self._done:
            return
        self._done = True
        self._events.quitting.emit()
        self._poller.stop()
        jobs_ended = [self._archiving.end(), self._preferring.end()]
        self._choices.save_pending()
        if self._instance is not None:
            self._instance.close()
        self.stuck = not self._network.stop(_STOP_WITHIN_MS) or not all(jobs_ended)
        self._tidy.end()
        QApplication.quit()
