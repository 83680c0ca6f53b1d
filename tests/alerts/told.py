"""The alert centre over polls two minutes apart, and what it comes to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.alerts.alert_center import AlertCenter, from_json, later, polled, to_json
from sems_tray.alerts.delivery import Muting
from sems_tray.alerts.model import Context, Withdrawal
from sems_tray.alerts.topics import problems
from sems_tray.domain.poll_result import PollFailed
from tests.kit.readings import HOME, NOW, by_day, inverter, reading

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.alerts.alert_center import AlertUpdate
    from sems_tray.alerts.delivery import Delivery
    from sems_tray.alerts.model import AlertState, Notice
    from sems_tray.domain.energy import NotificationRecord

MINUTE = timedelta(minutes=1)
DAY = Context(dark_at=by_day)
FINE = reading()
FAULT = reading(inverters=(inverter("fault"),))


def saved_and_read(state: AlertState) -> AlertState:
    """Return what another run finds of a state."""
    saved = json.loads(json.dumps(to_json(AlertCenter(alerts=state))))
    return from_json(saved, Muting()).alerts


class Told:
    """A centre with what it announced (``notices``), did and had recorded."""

    def __init__(self, *events, context=DAY, centre: AlertCenter | None = None):
        self.centre = centre or AlertCenter()
        self.context = context
        self.now = NOW
        self.notices: list[Notice] = []
        self.deliveries: list[Delivery] = []
        self.records: list[NotificationRecord] = []
        self.closed: list[tuple[str, str, datetime]] = []
        self.poll(*events)

    def poll(self, *events, after=2 * MINUTE) -> Told:
        for event in events:
            self.now += after
            outcome = event
            if not isinstance(outcome, PollFailed):
                measured_at = self.now - MINUTE
                outcome = replace(
                    outcome, received_at=self.now, measured_at=measured_at
                )
            self.poll_as_it_is(outcome)
        return self

    def poll_as_it_is(self, outcome) -> None:
        self._apply(polled(self.centre, outcome, self.now, self.context))

    def wait(self, span) -> None:
        self.now += span
        self._apply(later(self.centre, self.now))

    def mute(self, **changes) -> None:
        muting = replace(self.centre.muting, **changes)
        self.centre = replace(self.centre, muting=muting)

    def restarted(self) -> Told:
        """Return another run's centre, by what the store keeps of this one."""
        saved = json.loads(json.dumps(to_json(self.centre)))
        again = Told(context=self.context, centre=from_json(saved, Muting()))
        again.now = self.now
        return again

    @property
    def titles(self) -> list[str]:
        return [it.title for it in self.notices]

    def wrong(self, station=HOME.id) -> list[str]:
        return [it.id for it in problems(self.centre.alerts, station)]

    def _apply(self, update: AlertUpdate) -> None:
        self.centre = update.centre
        self.deliveries += update.deliveries
        news = (it for it in update.deliveries if not isinstance(it, Withdrawal))
        self.notices += [it.notice for it in news]
        self.records += update.notices
        self.closed += update.closed
