"""The alert centre: rules, muting, what is owed and what was seen, in one value."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sems_tray.alerts.alert_center import AlertCenter, later, polled, seen
from sems_tray.alerts.codec import NAMES, from_json, to_json
from sems_tray.alerts.muting import Acknowledged, Muting
from sems_tray.alerts.outbox import CloseNotification, RecordOnly, ShowNotification
from sems_tray.alerts.topics import problems
from tests.kit.readings import NOW, alarm, inverter, reading

from .test_engine import DAY

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.energy import NotificationRecord

MINUTE = timedelta(minutes=1)
FINE = reading()
FAULT = reading(
    inverters=(inverter("fault"),),
    alarms=(alarm(name="Isolation Failure", device_sn="S1"),),
)


class Told:
    """A centre that is told of readings two minutes apart."""

    def __init__(self, centre: AlertCenter | None = None) -> None:
        self.centre = centre or AlertCenter()
        self.now = NOW
        self.notices: list[NotificationRecord] = []
        self.closed: list[tuple[str, str, datetime]] = []

    def poll(self, given):
        self.now += 2 * MINUTE
        measured = replace(given, received_at=self.now, measured_at=self.now - MINUTE)
        return self._take(polled(self.centre, measured, self.now, DAY))

    def wait(self, span):
        self.now += span
        return self._take(later(self.centre, self.now))

    def _take(self, outcome):
        self.centre = outcome.centre
        self.notices += outcome.notices
        self.closed += outcome.closed
        return outcome.deliveries

    def restarted(self):
        """Return another run's centre, by what the store keeps of this one."""
        found = json.loads(json.dumps(to_json(self.centre)))
        again = Told(from_json(found, Muting()))
        again.now = self.now
        return again


def titles(deliveries):
    return [it.notice.title for it in deliveries if isinstance(it, ShowNotification)]


def test_a_fault_is_shown_once_and_its_end_once():
    told = Told()
    told.poll(FINE)
    assert len(titles(told.poll(FAULT))) == 1
    assert titles(told.poll(FAULT)) == []
    # The row has only vanished: the portal did not say that it is over.
    over = [title for _ in range(8) for title in titles(told.poll(FINE))]
    assert len(over) == 1
    assert [it.silenced for it in told.notices] == [False, False]
    assert len(told.closed) == 1


def test_what_mattered_stays_marked_until_the_owner_looks():
    told = Told()
    told.poll(FINE)
    told.poll(FAULT)
    for _ in range(8):
        told.poll(FINE)
    assert [title for _, _, title in told.centre.unseen]
    assert seen(told.centre).unseen == ()
    assert seen(AlertCenter()) == AlertCenter()


def test_a_snooze_keeps_notices_for_the_history_and_shows_them_after():
    told = Told()
    told.poll(FINE)
    until = told.now + 30 * MINUTE
    muting = replace(told.centre.muting, snoozed_until=until)
    told.centre = replace(told.centre, muting=muting)
    (kept_back,) = told.poll(FAULT)
    assert isinstance(kept_back, RecordOnly)
    assert [it.silenced for it in told.notices] == [True]
    assert told.wait(10 * MINUTE) == ()
    (shown,) = told.wait(30 * MINUTE)
    assert isinstance(shown, ShowNotification)
    assert shown.late
    assert len(told.notices) == 1  # it is in the history already


def test_a_restart_in_mid_fault_announces_nothing_again():
    told = Told()
    told.poll(FINE)
    told.poll(FAULT)
    again = told.restarted()
    assert titles(again.poll(FAULT)) == []
    assert titles(again.poll(FAULT)) == []
    assert again.centre.unseen == told.centre.unseen


def test_a_fault_that_ended_while_the_program_was_off_is_closed_quietly():
    told = Told()
    told.poll(FINE)
    told.poll(FAULT)
    again = told.restarted()
    deliveries = [it for _ in range(8) for it in again.poll(FINE)]
    assert titles(deliveries) == []
    assert again.closed
    assert all(isinstance(it, CloseNotification) for it in deliveries)


def test_what_cannot_be_read_begins_anew():
    for found in ({}, dict.fromkeys(NAMES, 7), {"unseen": [["a"], 3, ["a", "b", 4]]}):
        centre = from_json(found, Muting())
        assert centre.unseen == ()
        assert centre.outbox.owed == ()


def test_what_an_earlier_version_saved_is_read():
    saved = json.loads(Path(__file__).with_name("saved_before.json").read_text())
    centre = from_json(saved, Muting())
    assert not centre.alerts.adopting
    raised = [it.id for it in problems(centre.alerts, "plant-1")]
    assert raised == ["fault:S1", "fault:S2"]
    assert centre.outbox.told == (("plant-1", "fault:S1"),)
    assert [it.title for it in centre.outbox.owed] == ["Device has a fault"]
    mark = Acknowledged(station="plant-1", topic="fault:S1", key="isolation failure")
    until = NOW.replace(hour=10, minute=49)
    assert centre.muting == Muting(snoozed_until=until, acknowledged=frozenset({mark}))
    unseen = [title for _, _, title in centre.unseen]
    assert unseen == ["Inverter Roof has a fault", "Device has a fault"]
    assert to_json(centre).keys() == saved.keys()
