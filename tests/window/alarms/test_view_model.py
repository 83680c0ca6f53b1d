"""The "Alarms" page as a value: what holds, what is over, what was told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from sems_tray.domain.energy import AlarmRecord, NotificationRecord
from sems_tray.domain.model import PvString
from sems_tray.domain.station_state import Shape, Tone
from sems_tray.i18n.formatting import DASH
from sems_tray.window.alarms.view_model import alarms_view
from tests.kit.readings import MINUTE, NOW, alarm, any_readings, inverter, reading
from tests.kit.speaking import pseudo  # noqa: F401

HOME = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def view(alarms=(), seen=(), notices=(), **more):
    return alarms_view(reading(alarms=alarms, **more), seen, notices, NOW, HOME)


def was_seen(it, at=NOW - HOUR):
    return AlarmRecord(alarm=it, first_seen=at, last_seen=at)


def test_active_ones_come_first_and_then_the_newest():
    found = view(
        (
            alarm(id="old", active=False, happened_at=NOW - 9 * HOUR),
            alarm(id="now", happened_at=NOW - 3 * HOUR),
            alarm(id="new", active=False, happened_at=NOW - 2 * HOUR),
            alarm(id="later", happened_at=NOW - HOUR),
            alarm(id="untimed"),
        )
    )
    assert [it.id for it in found.active] == ["untimed", "later", "now"]
    assert [it.id for it in found.history] == ["new", "old"]
    assert found.message == ""


def test_a_row_says_where_since_when_how_long_and_what_to_do():
    (row,) = view(
        (alarm(name="Utility Loss", device_sn="S1", happened_at=NOW - 47 * MINUTE),)
    ).active
    assert (row.title, row.sign.word) == ("Utility Loss", "fault")
    assert row.line == "Roof · since 10:58 · 47 min"
    assert row.explanation.endswith("It clears by itself when the grid is back.")
    assert row.sentence.startswith(
        "Utility Loss, fault, Roof, since 10:58 · 47 min. The"
    )


def test_levels_differ_by_shape_and_word():
    rows = view(tuple(alarm(id=n, level=n) for n in ("info", "alarm", "fault"))).active
    told = {it.sign.word: (it.sign.shape, it.sign.tone) for it in rows}
    assert told == {
        "hint": (Shape.DOT, Tone.CALM),
        "alarm": (Shape.TRIANGLE, Tone.BAD),
        "fault": (Shape.DIAMOND, Tone.BAD),
    }


BEGUN = NOW - timedelta(days=1, hours=2)


@pytest.mark.parametrize(
    ("begun", "over", "when"),
    [
        (BEGUN, BEGUN + 66 * MINUTE, f"yesterday 09:45{DASH}10:51 · lasted 1 h 6 min"),
        (BEGUN, BEGUN + 40 * SECOND, "yesterday 09:45 · lasted 40 s"),
        (BEGUN, NOW, f"yesterday 09:45{DASH}11:45 · lasted 1 day"),
        (BEGUN, None, "yesterday 09:45, over"),
        (None, BEGUN, "yesterday 09:45, ended"),
        (None, None, "over"),
    ],
)
def test_what_is_over_has_both_ends_and_its_length(begun, over, when):
    it = alarm(active=False, happened_at=begun, recovered_at=over)
    (row,) = view((it,)).history
    assert row.when == when
    assert row.sign.tone is Tone.CALM


def test_an_alarm_that_left_the_list_is_over_when_it_was_last_seen():
    gone = was_seen(alarm(happened_at=NOW - 3 * HOUR))
    (row,) = view((), (gone,)).history
    assert row.when == "08:45, last reported 10:45"
    assert "not told, last reported 2026-06-21 10:45:00" in row.installer_text
    (untimed,) = view((), (was_seen(alarm()),)).history
    assert untimed.when == "last reported 10:45"
    (kept,) = view((), (gone,), stale=("alarms",)).active
    assert kept.when == "since 08:45 · 3 h"
    (only,) = alarms_view(None, (gone,), (), NOW, HOME).active
    assert only.id == "a1"


def test_the_reading_is_right_where_the_history_knows_the_alarm_too():
    now_over = alarm(active=False, happened_at=NOW - HOUR, recovered_at=NOW - MINUTE)
    found = view((now_over,), (was_seen(alarm(happened_at=NOW - HOUR)),))
    assert (found.active, len(found.history)) == ((), 1)


def test_the_installer_gets_every_fact():
    broken = inverter(sn="9010KETU20W0001", model="GW10K-ET", firmware="4.2", status=2)
    (row,) = view(
        (
            alarm(
                name="Isolation Failure",
                code="E-G3-0-18",
                device_sn=broken.sn,
                happened_at=datetime(2026, 6, 21, 9, 58, 12, tzinfo=UTC),
            ),
        ),
        inverters=(broken,),
    ).active
    assert row.installer_text == (
        "Alarm: Isolation Failure\n"
        "Code: E-G3-0-18\n"
        "Level: fault\n"
        "Began: 2026-06-21 11:58:12 UTC+02:00\n"
        "Ended: still active\n"
        "Device: Roof\n"
        "Model: GW10K-ET\n"
        "Serial number: 9010KETU20W0001\n"
        "Firmware: 4.2\n"
        "State: running (2)\n"
        "Station: Home\n"
        "Station id: plant-1\n"
        "Installed: 10.1 kWp\n"
        "Measured: 2026-06-21 11:42:00 UTC+02:00"
    )


def test_no_alarms_is_a_sentence_too():
    assert view().message.startswith("No alarms. ")
    over = alarm(active=False, happened_at=NOW - HOUR)
    assert view((over,)).message == "No alarms now. What is over is listed below."
    assert view(stale=("alarms",)).message == (
        "Whether there are alarms could not be asked."
    )
    nothing = alarms_view(None, (), (), NOW, HOME)
    assert nothing.message == "Waiting for the first reading …"


def test_a_long_history_ends_and_says_so():
    many = tuple(
        was_seen(alarm(id=f"a{n}", active=False, happened_at=NOW - n * HOUR))
        for n in range(75)
    )
    found = view((), many)
    assert len(found.history) == 60
    assert found.note == "15 older ones are not listed."


def test_what_the_owner_was_told_is_listed_with_what_was_silenced():
    told = NotificationRecord(
        station="plant-1",
        topic="silent",
        at=NOW - 2 * HOUR,
        level="warning",
        title="Station does not report",
        text="Nothing since 09:12.",
        closed_at=NOW - HOUR,
    )
    kept = NotificationRecord(
        station="plant-1", topic="low", at=NOW - HOUR, silenced=True
    )
    first, second = view(notices=(told, kept)).notices
    assert (first.title, first.line) == ("Notification", "10:45 · silenced")
    assert (second.title, second.line) == (
        "Station does not report",
        "09:45 · over 10:45",
    )
    assert (second.sign.word, second.sign.shape) == ("warning", Shape.TRIANGLE)
    assert second.explanation == "Nothing since 09:12."
    assert second.installer_text == ""


@given(any_readings)
def test_any_reading_gives_rows_with_a_title(it):
    found = alarms_view(it, (), (), NOW, HOME)
    assert bool(found.active) is not bool(found.message)
    for row in (*found.active, *found.history):
        assert row.title
        assert row.installer_text
        assert "\x1b" not in row.copy_text + row.installer_text


@pytest.mark.usefixtures("pseudo")
def test_times_are_told_apart_in_another_language_too():
    over = alarm(active=False, happened_at=BEGUN, recovered_at=BEGUN + 3 * MINUTE)
    (row,) = view((over,)).history
    assert row.when == f"⟦yesterday 09:45⟧{DASH}09:48 · ⟦lasted ⟦3 min⟧⟧"


@pytest.mark.usefixtures("pseudo")
def test_a_nameless_alarm_and_the_levels_of_notices_are_known_in_another_language():
    (row,) = view((alarm(name="Alarm E-G3-0-5", code="E-G3-0-5"),)).active
    assert row.title == "⟦Alarm E-G3-0-5⟧"
    assert row.explanation.startswith("⟦The portal gives only a code and no name.⟧")
    assert "⟦⟦Alarm⟧: ⟦Alarm E-G3-0-5⟧⟧" in row.installer_text
    told = NotificationRecord(
        station="plant-1", topic="t", at=NOW - HOUR, level="urgent"
    )
    (notice,) = view(notices=(told,)).notices
    assert (notice.sign.word, notice.sign.shape) == ("⟦urgent⟧", Shape.DIAMOND)


@pytest.mark.usefixtures("pseudo")
def test_the_installer_gets_each_string_and_phase_under_its_name():
    roof = inverter(
        sn="9010KETU20W0001",
        strings=(PvString(name="1", v=365.1, a=4.3, w=1570.0),),
    )
    (row,) = view((alarm(device_sn=roof.sn),), inverters=(roof,)).active
    assert "⟦⟦⟦String⟧ 1⟧: 365,1 V, 4,3 A, 1.570 W⟧" in row.installer_text
