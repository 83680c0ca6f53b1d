"""The alerts of one run: built from the settings, joined to polls, tray and window."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from sems_tray.alerts.delivery import Snooze
from sems_tray.alerts.model import ACCOUNT, Level, ProblemSummary
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.language import tr
from sems_tray.runtime import jobs

from .alert_settings import alert_choice
from .alert_store import AlertStore
from .notifier import Notifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QSystemTrayIcon

    from sems_tray.alerts.model import AlertHistoryUpdate, Problem
    from sems_tray.domain.model import Reading
    from sems_tray.polling.other_stations import AccountStations
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.services import AccountChange, Services
    from sems_tray.storage.settings import AlertSettings, Settings


log = logging.getLogger(__name__)


class NotificationController(QObject):
    """Owns the alerts and the notifier.

    ``tray_icon`` returns the icon that shows bubbles where no daemon does.
    """

    def __init__(
        self,
        services: Services,
        poller: Poller,
        *,
        tray_icon: Callable[[], QSystemTrayIcon],
    ) -> None:
        super().__init__()
        self._events = services.events
        self._network = services.network
        self._tray_icon = tray_icon
        self.notifier = Notifier(tray_icon())
        self.alerts = AlertStore(
            self.notifier,
            services.sky,
            now=utc_now,
            saved_states=services.history.alert_states,
            # A demo's trouble is there from the start, and is to be announced.
            started=None if services.is_demo else utc_now(),
        )
        self._set_rules(services.settings.settings.alerts)
        self._connect(poller)

    @Slot(object, object)
    def apply_settings(self, before: Settings, after: Settings) -> None:
        """Follow changed settings."""
        if after.alerts != before.alerts:
            self._set_rules(after.alerts)

    def _set_rules(self, settings: AlertSettings) -> None:
        choice = alert_choice(settings)
        for message in choice.messages:
            log.warning("%s", message)
        self.alerts.set_rules(choice.rules, choice.quiet)

    def _connect(self, poller: Poller) -> None:
        alerts, events = self.alerts, self._events
        poller.woke.connect(alerts.on_woke)
        poller.changed.connect(self._on_changed)
        poller.polled.connect(alerts.on_polled)
        alerts.to_record.connect(self._record)
        alerts.changed.connect(self._on_changed)
        alerts.details_wanted.connect(events.alarm_chosen)
        alerts.station_wanted.connect(self._on_station_wanted)
        events.details_seen.connect(alerts.record_seen)
        events.alarm_muted.connect(alerts.set_muted)
        events.problem_chosen.connect(self._on_problem)
        events.snooze_requested.connect(self._on_snooze)
        events.stations_changed.connect(self._on_stations)
        events.station_shown.connect(self._on_station_shown)
        events.other_station_read.connect(alerts.on_other_station_read)
        events.poll_recorded.connect(alerts.on_recorded)
        events.settings_changed.connect(self.apply_settings)
        events.account_changed.connect(self._on_account)
        events.resetting.connect(alerts.reset)
        events.tray_icon_renewed.connect(self._on_tray_icon)
        events.quitting.connect(self.notifier.close_all)

    @Slot(object)
    def _record(self, update: AlertHistoryUpdate) -> None:
        self._network.submit(jobs.record_alerts(update))

    @Slot()
    def _on_changed(self) -> None:
        alerts = self.alerts
        problems = alerts.problems()
        here = {alerts.shown, ACCOUNT}  # the others have a line of their own
        loud = [
            problem.title
            for problem in problems
            if problem.level >= Level.WARNING and problem.station in here
        ]
        past = alerts.unseen()
        # Translators: what was wrong before the owner looked.
        earlier = tr("Earlier: {what}").format(what=past) if past else ""
        self._events.problems_changed.emit(
            ProblemSummary(
                problems=problems,
                snoozed_until=alerts.snoozed_until,
                muted_by_alarm=alerts.muted_by_alarm(),
                line=loud[0] if loud else earlier,
            )
        )

    @Slot(object)
    def _on_stations(self, account: AccountStations) -> None:
        self.alerts.set_several(several=len(account.stations) > 1)
        watched = [replace(it.station, name=it.name) for it in account.others]
        self.alerts.watch(watched, account.shown_id)

    @Slot(str, object)
    def _on_station_shown(self, _: str, known: Reading | None) -> None:
        if known is not None:
            self.alerts.show_station(known)

    @Slot(str)
    def _on_station_wanted(self, station_id: str) -> None:
        """Turn to the station that a bubble is about."""
        if station_id != self.alerts.shown:
            self._events.station_chosen.emit(station_id)

    @Slot(object)
    def _on_problem(self, problem: Problem) -> None:
        if problem.station:
            self._on_station_wanted(problem.station)
        self._events.alarm_chosen.emit(problem.alarm_id or "")

    @Slot(object)
    def _on_snooze(self, length: Snooze | None) -> None:
        now = utc_now()
        match length:
            case None:
                self.alerts.snooze(None)
            case Snooze.TOMORROW:
                self.alerts.snooze(tomorrow(now))
            case _:
                self.alerts.snooze(now + length.value)

    @Slot(object)
    def _on_account(self, change: AccountChange) -> None:
        if change.is_other:
            self.alerts.reset()

    @Slot()
    def _on_tray_icon(self) -> None:
        """Use the icon that stands in the tray now."""
        self.notifier.set_tray(self._tray_icon())


def tomorrow(now: datetime) -> datetime:
    """Return seven o'clock tomorrow by this computer's clock."""
    local = now.astimezone()
    morning = local.replace(hour=7, minute=0, second=0, microsecond=0)
    return (morning + timedelta(days=1)).astimezone(UTC)
