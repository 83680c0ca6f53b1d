"""From switches and limits to the rules, with words for what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.alerts.model import AlertRules, Rule
from sems_tray.alerts.muting import QuietHours
from sems_tray.alerts.settings import (
    NO_DAY,
    Limit,
    Limits,
    QuietChoice,
    alert_choice,
    alert_rules,
    limit_troubles,
    quiet_hours,
    quiet_trouble,
    quiet_words,
)
from sems_tray.settings.model import Preferences

percents = st.floats(-10, 110)
limits_of_any_kind = st.builds(
    Limits,
    low_percent=percents,
    critical_percent=percents,
    full_percent=percents,
    portal_minutes=st.floats(-5, 5000),
)


def test_the_usual_preferences_are_the_usual_rules():
    usual = Preferences()
    assert alert_rules(usual.rules_off, usual.limits) == AlertRules()


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_has_its_switch(rule):
    rules = alert_rules({rule.value}, Limits())
    assert [it for it in Rule if not rules.on(it)] == [rule]


def test_a_rule_of_a_newer_version_is_no_trouble():
    assert alert_rules({"moon_in_the_way"}, Limits()).on(Rule.SILENT)


def test_the_limits_reach_the_rules_with_room_to_leave_them():
    limits = Limits(
        low_percent=30, critical_percent=15, full_percent=90, portal_minutes=120
    )
    rules = alert_rules((), limits)
    assert (rules.low_percent, rules.low_over_percent) == (30, 35)
    assert (rules.critical_percent, rules.critical_over_percent) == (15, 20)
    assert (rules.full_percent, rules.full_over_percent) == (90, 88)
    assert rules.portal_after == timedelta(hours=2)


def test_a_low_battery_is_told_where_it_matters_unless_each_time_is_wanted():
    assert not alert_rules((), Limits()).low_each_time
    assert alert_rules((), Limits(), low_each_time=True).low_each_time
    choice = alert_choice((), Limits(low_percent=5), QuietChoice(), low_each_time=True)
    assert choice.rules.low_each_time


@pytest.mark.parametrize(
    ("changes", "wrong", "words"),
    [
        ({"low_percent": 5}, Limit.LOW, "not be less than critical, 10 %"),
        ({"critical_percent": 20.5}, Limit.CRITICAL, "not be more than low, 20 %"),
        ({"low_percent": 100}, Limit.LOW, "always be low"),
        ({"full_percent": 20}, Limit.FULL, "more than low, 20 %"),
        ({"low_percent": 101}, Limit.LOW, "between 0 and 100 %"),
        ({"critical_percent": -1}, Limit.CRITICAL, "between 0 and 100 %"),
        ({"low_percent": float("nan")}, Limit.LOW, "between 0 and 100 %"),
        ({"portal_minutes": 4.9}, Limit.PORTAL, "between 5 and 2,880 minutes"),
        ({"portal_minutes": 2881}, Limit.PORTAL, "between 5 and 2,880 minutes"),
    ],
)
def test_what_cannot_be_is_told_for_the_limit_that_is_wrong(changes, wrong, words):
    limits = replace(Limits(), **changes)
    assert words in limit_troubles(limits)[wrong]
    with pytest.raises(ValueError, match=r"\.$"):
        alert_rules((), limits)


def test_a_critical_limit_may_be_the_low_one():
    assert limit_troubles(Limits(low_percent=10, critical_percent=10)) == {}


@given(limits_of_any_kind)
def test_limits_without_trouble_make_rules(limits):
    if not limit_troubles(limits):
        rules = alert_rules((), limits)
        assert rules.full_percent == limits.full_percent


@given(limits_of_any_kind)
def test_whatever_the_file_says_something_is_watched(limits):
    choice = alert_choice((), limits, QuietChoice())
    assert bool(choice.messages) == bool(limit_troubles(limits))
    assert choice.rules.on(Rule.DEVICE_FAULT)


def test_impossible_limits_give_way_to_the_usual_ones_and_that_is_said():
    limits = Limits(low_percent=5, critical_percent=50, portal_minutes=90)
    choice = alert_choice({Rule.SILENT.value}, limits, QuietChoice())
    assert choice.rules == alert_rules({Rule.SILENT.value}, Limits())
    assert len(choice.messages) == 1
    assert choice.messages[0].endswith("The usual limits are used.")


def test_quiet_hours_are_off_until_asked_for():
    assert quiet_hours(QuietChoice()) is None


def test_quiet_hours_hold_over_midnight_on_the_chosen_days():
    hours = quiet_hours(QuietChoice(on=True, weekdays=frozenset({4})))
    assert hours == QuietHours(start=time(22), end=time(7), weekdays=frozenset({4}))
    friday_night = datetime(2026, 4, 24, 23, 0, tzinfo=UTC)
    assert hours is not None
    assert hours.holds(friday_night, UTC)
    assert not hours.holds(friday_night + timedelta(days=1), UTC)


def test_quiet_hours_on_no_day_are_none_and_that_is_said():
    never = QuietChoice(on=True, weekdays=frozenset())
    assert quiet_trouble(never) == NO_DAY
    choice = alert_choice((), Limits(), never)
    assert choice.quiet is None
    assert choice.messages == (f"{NO_DAY} There are no quiet hours now.",)
    assert quiet_trouble(replace(never, on=False)) == ""


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (time(22), time(7), "Quiet from 22:00 to 07:00 of the next day."),
        (time(9, 30), time(12), "Quiet from 09:30 to 12:00."),
        (time(6), time(6), "Quiet for a whole day, from 06:00."),
    ],
)
def test_it_is_said_how_long_the_quiet_lasts(start, end, words):
    assert quiet_words(QuietChoice(on=True, start=start, end=end)) == words
