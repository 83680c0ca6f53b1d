"""The alert centre: what is owed and seen, what a restart knows, when to be quiet."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sems_tray.alerts.alert_center import NAMES, AlertCenter, from_json, seen, to_json
from sems_tray.alerts.delivery import (
    Acknowledged,
    Muting,
    QuietHours,
    Reason,
    RecordOnly,
    ShowNotification,
    reason_to_mute,
)
from sems_tray.alerts.model import Kind, Level, Notice, Rule, Withdrawal
from sems_tray.alerts.topics import problems
from tests.kit.readings import NOW

from .told import FAULT, FINE, MINUTE, Told

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = QuietHours(start=time(22), end=time(7))
FRIDAY = QuietHours(start=time(22), end=time(7), weekdays=frozenset({4}))
NOON = QuietHours(start=time(12), end=time(14))
SUNDAY = QuietHours(start=time(0), end=time(0), weekdays=frozenset({6}))


def test_a_fault_is_recorded_once_and_seen_until_the_owner_looks():
    told = Told(FINE, FAULT, *[FINE] * 8)
    shown, over = told.records
    assert (shown.station, shown.topic, shown.level) == (
        "plant-1",
        "fault:S1",
        "urgent",
    )
    assert (shown.silenced, shown.closed_at) == (False, None)
    assert [(over.topic, over.closed_at)] == [(it[1], it[2]) for it in told.closed]
    assert [title for _, _, title in told.centre.unseen] == [shown.title]
    assert seen(told.centre).unseen == ()


def test_a_snooze_keeps_notices_for_the_history_and_shows_them_after():
    told = Told(FINE)
    told.mute(snoozed_until=told.now + 30 * MINUTE)
    told.poll(FAULT)
    told.wait(10 * MINUTE)
    (kept_back,) = told.deliveries
    assert isinstance(kept_back, RecordOnly)
    told.wait(30 * MINUTE)
    assert told.deliveries[1:] == [
        ShowNotification(notice=kept_back.notice, late=True),
    ]
    assert [it.silenced for it in told.records] == [True]


def test_a_fault_that_ended_while_the_program_was_off_is_closed_quietly():
    told = Told(FINE, FAULT)
    again = told.restarted()
    assert again.centre.unseen == told.centre.unseen
    again.poll(*[FINE] * 8)
    assert again.closed
    assert all(isinstance(it, Withdrawal) for it in again.deliveries)


def test_without_anything_saved_it_is_a_first_start():
    assert from_json({}, Muting()) == AlertCenter()


_LOST_MUTING = [
    {"version": 2, "snoozed_until": None, "acknowledged": []},
    {"version": 1, "snoozed_until": "2026-06-21T10:00:00", "acknowledged": []},
    {"version": 1, "snoozed_until": None, "acknowledged": [["a", "b", 3]]},
]


@pytest.mark.parametrize(
    "saved",
    [
        dict.fromkeys(NAMES, 7),
        {name: [] for name in NAMES},
        *({"alerts": {"version": 2}, "silence": it} for it in _LOST_MUTING),
        {"alerts": {"version": 1, "memories": [{"station": 1}]}, "unseen": [["a"], 3]},
    ],
)
def test_what_is_damaged_or_newer_begins_anew_and_adopts_what_is_there(saved):
    centre = from_json(saved, Muting(quiet=NIGHT))
    assert centre.muting == Muting(quiet=NIGHT)
    assert (centre.unseen, centre.outbox.owed) == ((), ())
    told = Told(*[FAULT] * 3, centre=from_json(saved, Muting()))
    assert told.notices == []
    told.poll(FINE)
    assert [it.kind for it in told.notices] == [Kind.CLEARED]


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


def _local(text):
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        (NIGHT, "2026-06-19 21:59", False),
        (NIGHT, "2026-06-19 22:00", True),
        (NIGHT, "2026-06-20 06:59", True),
        (NIGHT, "2026-06-20 07:00", False),
        (NIGHT, "2026-10-25 02:30", True),
        (FRIDAY, "2026-06-19 23:00", True),
        (FRIDAY, "2026-06-20 06:00", True),
        (FRIDAY, "2026-06-20 23:00", False),
        (FRIDAY, "2026-06-19 06:00", False),
        (NOON, "2026-06-19 13:00", True),
        (NOON, "2026-06-19 14:00", False),
        (SUNDAY, "2026-06-21 00:00", True),
        (SUNDAY, "2026-06-21 23:59", True),
        (SUNDAY, "2026-06-22 00:00", False),
    ],
)
def test_quiet_hours_belong_to_the_day_on_which_they_begin(hours, at, quiet):
    assert hours.holds(_local(at), AMSTERDAM) is quiet


@pytest.mark.parametrize(
    ("level", "needs_owner", "in_quiet_hours", "in_snooze"),
    [
        (Level.WARNING, False, Reason.QUIET_HOURS, Reason.SNOOZED),
        (Level.URGENT, False, None, Reason.SNOOZED),
        (Level.WARNING, True, Reason.QUIET_HOURS, None),
    ],
)
def test_who_passes_what(level, needs_owner, in_quiet_hours, in_snooze):
    at = _local("2026-06-19 23:00")
    notice = Notice(
        station="home",
        topic="fault:A",
        rule=Rule.NEW_ALARM,
        kind=Kind.RAISED,
        level=level,
        title="Title",
        text="Text.",
        at=at,
        since=at,
        needs_owner=needs_owner,
    )
    quiet, snoozed = (
        Muting(quiet=NIGHT, where=AMSTERDAM),
        Muting(snoozed_until=at + MINUTE),
    )
    assert reason_to_mute(notice, Muting(), at) is None
    assert reason_to_mute(notice, quiet, at) is in_quiet_hours
    assert reason_to_mute(notice, snoozed, at) is in_snooze
    assert reason_to_mute(notice, snoozed, at + MINUTE) is None
