"""The alerts of one run: built from the settings, joined to polls, tray and window."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from sems_tray.alerts.model import ACCOUNT, Level
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.formatting import clock
from sems_tray.i18n.language import tr

from .alert_settings import alert_choice
from .alert_store import AlertStore
from .notifier import Notifier
from .records import tomorrow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sems_tray.alerts.model import Problem
    from sems_tray.app.presenter import Presenter
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.network_thread import Worker
    from sems_tray.runtime.sky import Sky
    from sems_tray.storage.settings import AlertSettings, Settings
    from sems_tray.tray.snooze_menu import Snooze


log = logging.getLogger(__name__)


class NotificationController(QObject):
    """Owns the alerts and the notifier; the tray and the window follow them."""

    def __init__(
        self,
        settings: Settings,
        *,
        presenter: Presenter,
        sky: Sky,
        found: Callable[[], Mapping[str, object] | None],
        started: datetime | None,
    ) -> None:
        super().__init__()
        self._presenter = presenter
        self.notifier = Notifier(presenter.tray.icon)
        self.alerts = AlertStore(
            self.notifier, sky, now=utc_now, found=found, started=started
        )
        self._set_rules(settings.alerts)

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

    def connect_to(self, poller: Poller, worker: Worker) -> None:
        """Join the parts; only bound methods cross threads safely."""
        alerts, presenter = self.alerts, self._presenter
        worker.polled.connect(alerts.on_polled)
        worker.kept.connect(alerts.on_kept)
        worker.learned.connect(alerts.learn)
        worker.learned.connect(self._presenter.show)
        alerts.to_keep.connect(worker.record)
        poller.woke.connect(alerts.on_woke)
        poller.changed.connect(self._on_changed)
        alerts.changed.connect(self._on_changed)
        alerts.details_wanted.connect(presenter.open_alarm)
        presenter.looked.connect(alerts.note_seen)
        presenter.details.known_wanted.connect(alerts.know)
        presenter.tray.renewed.connect(self._on_renewed)
        quiet = presenter.tray.quiet
        quiet.problem_chosen.connect(self._on_problem)
        quiet.snooze_wanted.connect(self._on_snooze)
        quiet.wake_wanted.connect(self._on_wake)

    @Slot()
    def _on_changed(self) -> None:
        alerts, presenter = self.alerts, self._presenter
        problems = alerts.problems()
        presenter.tray.quiet.show_problems(problems)
        until = alerts.snoozed_until
        presenter.tray.quiet.show_snoozed(
            "" if until is None else clock(until, utc_now(), None)
        )
        presenter.details.set_known(alerts.known())
        here = {alerts.shown, ACCOUNT}  # the others have a line of their own
        loud = [
            problem.title
            for problem in problems
            if problem.level >= Level.WARNING and problem.station in here
        ]
        past = alerts.unseen()
        # Translators: what was wrong before the owner looked.
        earlier = tr("Earlier: {what}").format(what=past) if past else ""
        presenter.show_alert(loud[0] if loud else earlier)

    @Slot(object)
    def _on_problem(self, problem: Problem) -> None:
        if problem.station:
            self.alerts.station_wanted.emit(problem.station)
        self._presenter.open_alarm(problem.alarm_id or "")

    @Slot(object)
    def _on_snooze(self, length: Snooze) -> None:
        now = utc_now()
        span = length.value
        until = now + span if isinstance(span, timedelta) else tomorrow(now)
        self.alerts.snooze(until)

    @Slot()
    def _on_wake(self) -> None:
        self.alerts.snooze(None)

    @Slot()
    def _on_renewed(self) -> None:
        self.notifier.set_tray(self._presenter.tray.icon)
