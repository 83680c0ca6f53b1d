"""The rules one at a time, where a story would hide the point."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sems_tray.alerts.codec import (
    alerts_from_json,
    alerts_to_json,
    muting_from_json,
    muting_to_json,
)
from sems_tray.alerts.engine import step
from sems_tray.alerts.model import (
    AlertRules,
    AlertState,
    Context,
    Kind,
    Level,
    Notice,
    Rule,
)
from sems_tray.alerts.muting import (
    Muted,
    Muting,
    QuietHours,
    Reason,
    Shown,
    acknowledge,
    due,
)
from sems_tray.alerts.outbox import given
from sems_tray.alerts.topics import problems, restored
from sems_tray.alerts.wording import described
from sems_tray.domain.alarm_advice import advice
from sems_tray.domain.model import Battery, Powers
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.storage.history.store import History
from tests.kit.readings import HOME, NOW, alarm, by_day, inverter, reading

MINUTE = timedelta(minutes=1)
DAY = Context(dark_at=by_day)


def told(*readings, state=None, context=DAY, start=NOW):
    """Return the state and the notices after readings two minutes apart."""
    found: list[Notice] = []
    state, now = state or AlertState(), start
    for it in readings:
        now += 2 * MINUTE
        if not isinstance(it, PollFailed):
            it = replace(it, received_at=now, measured_at=now - MINUTE)  # noqa: PLW2901
        state, notices, _ = step(state, it, now, context)
        found += notices
    return state, found


FINE = reading()
FAULT = reading(inverters=(inverter("fault"),))


def test_stations_are_apart_from_each_other():
    cabin = replace(HOME, id="cabin", name="Cabin")
    broken = replace(FAULT, station=cabin)
    context = replace(DAY, several=True)
    state, notices = told(FINE, broken, FINE, broken, FINE, broken, context=context)
    assert [(it.station, it.title) for it in notices] == [
        ("cabin", "Cabin: Inverter Roof has a fault")
    ]
    assert [it.id for it in problems(state, "cabin")] == ["fault:S1"]
    assert problems(state, "plant-1") == ()
    _, notices = told(
        replace(FINE, station=cabin), state=state, start=NOW + 60 * MINUTE
    )
    assert [it.kind for it in notices] == [Kind.CLEARED]


def test_the_account_is_told_once_however_many_stations_there_are():
    refused = PollFailed(trouble=Trouble.REFUSED, detail="wrong\x1b password")
    state, notices = told(FINE, refused, refused, refused)
    assert [(it.station, it.topic) for it in notices] == [("", "sign-in")]
    assert notices[0].needs_owner
    text = "GoodWe does not accept this account and password."
    assert notices[0].text == text  # not the portal's words
    assert [it.id for it in problems(state, "plant-1")] == ["sign-in"]


def test_the_worst_problem_comes_first():
    low = replace(FAULT, battery=Battery(soc_percent=12.0))
    each = replace(DAY, rules=AlertRules(low_each_time=True))
    state, _ = told(FINE, low, low, low, context=each)
    assert [it.id for it in problems(state, "plant-1")] == ["fault:S1", "battery"]


def test_a_notice_knows_its_alarm_so_that_a_click_finds_it():
    _, notices = told(FINE, reading(alarms=(alarm(device_sn="S1"),)))
    assert notices[0].alarm_id == "a1"
    assert notices[0].level is Level.URGENT


def test_an_alarm_that_ends_under_another_name_ended_when_the_portal_says():
    began = alarm(device_sn="S1", happened_at=NOW)
    over = replace(began, name="Fan", active=False, recovered_at=NOW + 5 * MINUTE)
    rows = [began] * 4 + [over]
    _, notices = told(FINE, *(reading(alarms=(it,)) for it in rows))
    assert notices[-1].kind is Kind.CLEARED
    assert "it lasted 5 min" in notices[-1].text


def test_an_alarm_without_a_name_shows_no_bare_code():
    row = alarm(name="Alarm E-G3-0-12", code="E-G3-0-12", device_sn="S1")
    _, notices = told(FINE, reading(alarms=(row,)))
    assert "E-G3" not in notices[0].title + notices[0].text
    assert "no name" in notices[0].text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("", "Inverter has a fault"),
        ("Roof", "Inverter Roof has a fault"),
        ("My inverter", "My inverter has a fault"),
        ("x" * 80, f"Inverter {'x' * 20}… has a fault"),
    ],
)
def test_titles_name_the_inverter(name, title):
    _, notices = told(FINE, reading(inverters=(inverter("fault", name=name),)))
    assert [it.title for it in notices] == [title]


@pytest.mark.parametrize(("hours", "titles"), [(20, []), (25, ["does not report"])])
def test_where_nobody_knows_the_sun_a_whole_day_of_silence_counts(hours, titles):
    state, now, found = AlertState(), NOW, []
    for _ in range(4):
        now += 2 * MINUTE
        old = reading(received_at=now, measured_at=NOW - timedelta(hours=hours))
        state, notices, _ = step(state, old, now, Context())
        found += [it.title.removeprefix("Inverter ") for it in notices]
    assert found == titles


@pytest.mark.parametrize(
    ("noise_w", "told_of"), [(0.0, True), (6.0, True), (60, False)]
)
def test_watts_of_noise_are_no_production_of_a_plant_without_a_history(
    noise_w, told_of
):
    state, now, found = AlertState(), NOW, []
    sunny = Context(dark_at=by_day, height_at=lambda _: 50.0)
    for _ in range(80):
        now += 2 * MINUTE
        dead = reading(
            received_at=now,
            measured_at=now - MINUTE,
            power=Powers(pv_w=noise_w, load_w=500.0),
            battery=None,
        )
        state, notices, _ = step(state, dead, now, sunny)
        found += [it.rule for it in notices]
    assert found == [Rule.NO_PRODUCTION] * told_of


def test_what_a_rule_says_is_gone_when_it_is_switched_off():
    state, _ = told(FINE, FAULT)
    off = replace(DAY, rules=AlertRules(device_fault=False))
    state, notices, gone = step(state, FAULT, NOW + 9 * MINUTE, off)
    assert notices == ()
    assert [it.topic for it in gone] == ["fault:S1"]
    state, notices, gone = step(state, FAULT, NOW + 11 * MINUTE, DAY)
    assert [it.kind for it in notices] == [Kind.RAISED]


@pytest.mark.parametrize(
    "limits",
    [
        {"low_percent": 30.0},
        {"critical_percent": 25.0},
        {"critical_over_percent": 10.0},
        {"full_over_percent": 100.0},
        {"silent_samples": 0},
        {"grace": timedelta(minutes=-1)},
    ],
)
def test_limits_that_could_never_be_left_are_refused(limits):
    with pytest.raises(ValueError, match=r"order|samples|negative"):
        AlertRules(**limits)


def test_the_state_is_kept_by_the_history_and_found_again(tmp_path):
    state, _ = told(FINE, FAULT)
    with History(tmp_path / "history.sqlite3") as history:
        assert history.put_state("", "alerts", alerts_to_json(state))
    with History(tmp_path / "history.sqlite3") as history:
        found = alerts_from_json(history.reader.state("", "alerts"))
    assert found == state
    _, notices = told(FAULT, FAULT, state=restored(found), start=NOW + 60 * MINUTE)
    assert notices == []


def test_the_history_keeps_what_was_silenced():
    _, notices = told(FINE, FAULT)
    kept = given(notices[0], silenced=True)
    assert kept.silenced
    assert (kept.station, kept.topic, kept.level) == ("plant-1", "fault:S1", "urgent")
    assert kept.closed_at is None


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2, "memories": [], "adopting": False},
        {"version": 1},
        {"version": 1, "memories": [{"station": 1}], "adopting": False},
        [],
        "",
        17,
    ],
)
def test_a_damaged_or_newer_state_adopts_what_is_there(damage):
    state, notices = told(FAULT, FAULT, FAULT, state=restored(alerts_from_json(damage)))
    assert notices == []
    _, notices = told(FINE, state=state, start=NOW + 60 * MINUTE)
    assert [it.kind for it in notices] == [Kind.CLEARED]


def test_a_state_of_an_earlier_version_is_read():
    state, _ = told(FINE, FAULT)
    found = json.loads(json.dumps(alerts_to_json(state)))
    for memory in found["memories"]:
        for later in ("rest_at", "low_at", "produced_at", "nothing_at"):
            del memory[later]
        memory["seen_at"] = NOW.isoformat()
    kept = alerts_from_json(found)
    assert [it.id for it in problems(kept, "plant-1")] == ["fault:S1"]
    assert not kept.adopting


def test_no_state_at_all_is_a_first_start():
    assert alerts_from_json(None) == AlertState()
    assert alerts_from_json(json.loads("null")) == AlertState()


# -- muting -----------------------------------------------------------------------

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = QuietHours(start=time(22), end=time(7))


def _local(text):
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-06-19 21:59", False),
        ("2026-06-19 22:00", True),
        ("2026-06-20 00:00", True),
        ("2026-06-20 06:59", True),
        ("2026-06-20 07:00", False),
        ("2026-10-25 02:30", True),
    ],
)
def test_quiet_hours_last_over_midnight(at, quiet):
    assert NIGHT.holds(_local(at), AMSTERDAM) is quiet


def test_quiet_hours_belong_to_the_day_on_which_they_begin():
    friday = replace(NIGHT, weekdays=frozenset({4}))
    assert friday.holds(_local("2026-06-19 23:00"), AMSTERDAM)
    assert friday.holds(_local("2026-06-20 06:00"), AMSTERDAM)
    assert not friday.holds(_local("2026-06-20 23:00"), AMSTERDAM)
    assert not friday.holds(_local("2026-06-19 06:00"), AMSTERDAM)


def test_quiet_hours_within_a_day_and_around_it():
    noon = QuietHours(start=time(12), end=time(14))
    assert noon.holds(_local("2026-06-19 13:00"), AMSTERDAM)
    assert not noon.holds(_local("2026-06-19 14:00"), AMSTERDAM)
    sunday = QuietHours(start=time(0), end=time(0), weekdays=frozenset({6}))
    assert sunday.holds(_local("2026-06-21 00:00"), AMSTERDAM)
    assert sunday.holds(_local("2026-06-21 23:59"), AMSTERDAM)
    assert not sunday.holds(_local("2026-06-22 00:00"), AMSTERDAM)


def _notice(**changes):
    values: dict[str, Any] = {
        "station": "home",
        "topic": "fault:A",
        "rule": Rule.NEW_ALARM,
        "kind": Kind.RAISED,
        "level": Level.WARNING,
        "title": "Title",
        "text": "Text.",
        "at": NOW,
        "since": NOW,
    }
    return Notice(**(values | changes))


def test_who_passes_what():
    at = _local("2026-06-19 23:00")
    quiet = Muting(quiet=NIGHT, where=AMSTERDAM)
    snoozed = Muting(snoozed_until=at + MINUTE)
    held = Muted(Reason.QUIET_HOURS), Muted(Reason.SNOOZED)
    urgent, owner = _notice(level=Level.URGENT), _notice(needs_owner=True)
    assert due(_notice(), Muting(), at) == Shown()
    assert (due(_notice(), quiet, at), due(_notice(), snoozed, at)) == held
    assert (due(urgent, quiet, at), due(urgent, snoozed, at)) == (Shown(), held[1])
    assert (due(owner, quiet, at), due(owner, snoozed, at)) == (held[0], Shown())
    assert due(_notice(), snoozed, at + MINUTE) == Shown()


def test_snooze_and_acknowledgements_outlive_a_restart():
    state, _ = told(FINE, FAULT)
    topic = problems(state, "plant-1")[0]
    muting = acknowledge(Muting(snoozed_until=NOW + MINUTE), "plant-1", topic)
    kept = json.loads(json.dumps(muting_to_json(muting)))
    assert muting_from_json(kept, Muting()) == muting


@pytest.mark.parametrize(
    "damage",
    [
        None,
        [],
        {"version": 2, "snoozed_until": None, "acknowledged": []},
        {"version": 1, "snoozed_until": "soon", "acknowledged": []},
        {"version": 1, "snoozed_until": "2026-06-21T10:00:00", "acknowledged": []},
        {"version": 1, "snoozed_until": None, "acknowledged": [["a", "b"]]},
        {"version": 1, "snoozed_until": None, "acknowledged": [["a", "b", 3]]},
        {"version": 1, "snoozed_until": 5, "acknowledged": []},
    ],
)
def test_damaged_silence_silences_nothing(damage):
    assert muting_from_json(damage, Muting(quiet=NIGHT)) == Muting(quiet=NIGHT)


def test_what_is_wrong_can_be_said_at_any_time():
    state, _ = told(FINE, reading(alarms=(alarm(device_sn="S1"),)))
    topic = problems(state, "plant-1")[0]
    title, text = described(topic, NOW + timedelta(days=1), "Europe/Amsterdam")
    assert title == "Inverter Roof has a fault"
    assert text.startswith("Fan Fault, since yesterday 11:")


# -- what is known of alarms -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Utility Loss", "when the grid is back"),
        ("Grid Waveform Abnormal", "when the grid is steady"),
        ("Vac Failure", "when the grid is steady"),
        ("Grid frequency failure", "when the grid is steady"),
        ("Isolation Failure", "Do not touch"),
        ("Ground current failure", "Do not touch"),
        ("Over Temperature", "air"),
        ("Internal Fan Failure", "fan"),
        ("PV Over Voltage", "call your installer"),
        ("Back-up overload", "Switch off some appliances"),
        ("Battery Communication Failure", "battery's switch"),
        ("DSP communication failure", "off and on"),
        ("Grid voltage consistency failure", "off and on"),
        ("Relay Check Failure", "off and on"),
        ("Meter Communication Failure", "Figures of house"),
    ],
)
def test_known_alarms_come_with_advice(name, part):
    assert part in advice(name)


def test_unknown_alarms_come_with_patience():
    patience = "It may clear by itself. If it stays, call your installer."
    assert advice("Quantum Flux Abnormal") == patience
