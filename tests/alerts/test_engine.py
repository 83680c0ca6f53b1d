"""The rules one at a time, where a story would hide the point."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.alerts.model import AlertRules, Context, Kind, Level, Rule
from sems_tray.domain.failures import FailureCause
from sems_tray.domain.model import Battery, Powers
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.kit.readings import HOME, NOW, alarm, by_day, inverter, reading

from .told import DAY, FAULT, FINE, MINUTE, Told


def test_stations_are_apart_from_each_other():
    cabin = replace(HOME, id="cabin", name="Cabin")
    broken = replace(FAULT, station=cabin)
    told = Told(*[FINE, broken] * 3, context=replace(DAY, several=True))
    assert [(it.station, it.title) for it in told.notices] == [
        ("cabin", "Cabin: Inverter Roof has a fault")
    ]
    assert told.wrong("cabin") == ["fault:S1"]
    assert told.wrong() == []


def test_the_account_is_told_once_however_many_stations_there_are():
    refused = PollFailed(trouble=Trouble.REFUSED, detail="wrong\x1b password")
    told = Told(FINE, refused, refused, refused)
    (notice,) = told.notices
    assert (notice.station, notice.topic, notice.needs_owner) == ("", "sign-in", True)
    text = "GoodWe does not accept this account and password."
    assert notice.text == text  # not the portal's words
    assert told.wrong() == ["sign-in"]


def test_the_worst_problem_comes_first():
    low = replace(FAULT, battery=Battery(soc_percent=12.0))
    each = replace(DAY, rules=AlertRules(low_each_time=True))
    assert Told(FINE, low, low, low, context=each).wrong() == ["fault:S1", "battery"]


def test_a_notice_knows_its_alarm_so_that_a_click_finds_it():
    (notice,) = Told(FINE, reading(alarms=(alarm(device_sn="S1"),))).notices
    assert (notice.alarm_id, notice.level) == ("a1", Level.URGENT)


def test_an_alarm_that_ends_under_another_name_ended_when_the_portal_says():
    began = alarm(device_sn="S1", happened_at=NOW)
    over = replace(began, name="Fan", active=False, recovered_at=NOW + 5 * MINUTE)
    told = Told(FINE, *(reading(alarms=(it,)) for it in (*[began] * 4, over)))
    assert told.notices[-1].kind is Kind.CLEARED
    assert "it lasted 5 min" in told.notices[-1].text


def test_an_alarm_without_a_name_shows_no_bare_code():
    row = alarm(name="Alarm E-G3-0-12", code="E-G3-0-12", device_sn="S1")
    (notice,) = Told(FINE, reading(alarms=(row,))).notices
    assert "E-G3" not in notice.title + notice.text
    assert "no name" in notice.text


def test_another_name_or_its_bare_code_for_the_same_alarm_is_no_news():
    first = alarm(name="Fan Failure", device_sn="S1", code="E-1")
    renamed = [
        replace(first, name="Alarm E-1"),
        replace(first, name="Ventilator Fault"),
        replace(first, id="a2", name="Alarm E-1"),
    ]
    told = Told(FINE, *(reading(alarms=(it,)) for it in (first, *renamed)))
    assert len(told.notices) == 1
    other = replace(first, id="a3", name="Relay Failure", code="E")
    told.poll(reading(alarms=(first, other)))
    assert [it.kind for it in told.notices] == [Kind.RAISED, Kind.CHANGED]


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
    assert Told(FINE, reading(inverters=(inverter("fault", name=name),))).titles == [
        title
    ]


@pytest.mark.parametrize(("hours", "rules"), [(20, []), (25, [Rule.SILENT])])
def test_where_nobody_knows_the_sun_a_whole_day_of_silence_counts(hours, rules):
    told = Told(context=Context())
    old = reading(measured_at=NOW - timedelta(hours=hours))
    for minutes in range(4):
        told.poll_as_it_is(replace(old, received_at=NOW + minutes * MINUTE))
    assert [it.rule for it in told.notices] == rules


@pytest.mark.parametrize(
    ("noise_w", "told_of"), [(0.0, True), (6.0, True), (60, False)]
)
def test_watts_of_noise_are_no_production_of_a_plant_without_a_history(
    noise_w, told_of
):
    sunny = Context(dark_at=by_day, height_at=lambda _: 50.0)
    dead = reading(power=Powers(pv_w=noise_w, load_w=500.0), battery=None)
    told = Told(*[dead] * 80, context=sunny)
    assert [it.rule for it in told.notices] == [Rule.NO_PRODUCTION] * told_of


def test_what_a_rule_says_is_gone_when_it_is_switched_off():
    told = Told(FINE, FAULT)
    told.context = replace(DAY, rules=AlertRules(off=frozenset({Rule.DEVICE_FAULT})))
    told.poll(FAULT)
    assert told.wrong() == []
    told.context = DAY
    told.poll(FAULT)
    assert [it.kind for it in told.notices] == [Kind.RAISED] * 2


# -- GoodWe out of reach, and sign-ins ---------------------------------------------


def fails(trouble, *, times, minutes, told=None, **more):
    told = told or Told(FINE)
    failed = PollFailed(trouble=trouble, **more)
    return told.poll(*[failed] * times, after=minutes * MINUTE)


@pytest.mark.parametrize("detail", ["C0602", "系统繁忙", "op fail: E-17", ""])
@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.THROTTLED])
def test_codes_and_foreign_words_stay_out_of_a_bubble(trouble, detail):
    (notice,) = fails(trouble, times=5, minutes=30, detail=detail).notices
    assert notice.text.endswith(".")
    assert not detail or detail not in notice.text


def test_a_known_cause_has_its_own_sentence():
    detail = f"{FailureCause.PROXY_CUT_OFF}: HTTP 502"
    told = fails(Trouble.UNREACHABLE, times=5, minutes=30, detail=detail)
    (notice,) = told.notices
    assert notice.text == "The proxy answers, but cannot reach GoodWe right now."


@pytest.mark.parametrize("hours", [1.5, 6])
def test_a_long_pause_that_the_portal_asks_for_is_told(hours):
    pause = timedelta(hours=hours)
    told = fails(Trouble.THROTTLED, times=1, minutes=1, retry_after=pause)
    after = pause / MINUTE + 2
    fails(Trouble.THROTTLED, times=4, minutes=after, told=told, retry_after=pause)
    assert told.titles == ["GoodWe asks for a pause"]


def test_a_gap_that_nobody_asked_for_is_not_in_a_row():
    assert fails(Trouble.UNREACHABLE, times=6, minutes=120).notices == []


def test_a_stumble_at_sign_in_after_success_is_given_a_quarter_of_an_hour():
    told = fails(Trouble.SIGN_IN, times=5, minutes=3)
    assert told.notices == []
    assert fails(Trouble.SIGN_IN, times=1, minutes=3, told=told).titles == [
        "Sign-in needed"
    ]


def test_without_a_success_in_this_run_two_are_enough():
    again = Told(FINE).restarted()
    assert len(fails(Trouble.SIGN_IN, times=2, minutes=3, told=again).notices) == 1
