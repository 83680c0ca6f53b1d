"""From switches and limits to the rules, with words for what cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.alerts.delivery import QuietHours
from sems_tray.alerts.model import AlertRules, Rule
from sems_tray.notifications.alert_settings import (
    NO_DAY,
    alert_choice,
    limit_troubles,
    quiet_trouble,
    quiet_words,
)
from sems_tray.storage.settings import AlertSettings, QuietSettings, changed

USUAL = AlertSettings()
# Differs from the defaults in everything.
UNUSUAL = AlertSettings(
    off=("battery_full", "portal"),
    low_percent=30.0,
    critical_percent=15.0,
    full_percent=95.0,
    low_each_time=True,
    portal_minutes=90.0,
    quiet=QuietSettings(on=True, start="23:30", end="06:45", weekdays=(5, 6)),
)
percents = st.floats(0, 100)
any_settings = st.builds(
    AlertSettings,
    low_percent=percents,
    critical_percent=percents,
    full_percent=percents,
    portal_minutes=st.floats(5, 2880),
)


def rules_of(**changes) -> AlertRules:
    return alert_choice(changed(USUAL, **changes)).rules


def quiet_of(quiet: QuietSettings) -> QuietHours | None:
    return alert_choice(changed(USUAL, quiet=quiet)).quiet


def test_the_usual_settings_are_the_usual_rules():
    assert rules_of() == AlertRules()


def test_the_example_differs_from_the_defaults_in_every_setting():
    same = [
        it.name
        for it in msgspec.structs.fields(AlertSettings)
        if getattr(UNUSUAL, it.name) == getattr(USUAL, it.name)
    ]
    assert same == []


def test_the_rules_go_by_every_setting():
    choice = alert_choice(UNUSUAL)
    assert choice.messages == ()
    assert choice.rules == AlertRules(
        off=frozenset({Rule.BATTERY_FULL, Rule.PORTAL}),
        low_percent=30,
        critical_percent=15,
        low_each_time=True,
        full_percent=95,
        portal_after=timedelta(minutes=90),
    )
    assert choice.quiet == QuietHours(
        start=time(23, 30), end=time(6, 45), weekdays=frozenset({5, 6})
    )


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_has_its_switch(rule):
    rules = rules_of(off=(rule.value,))
    assert [it for it in Rule if not rules.on(it)] == [rule]


def test_a_rule_of_a_newer_version_is_no_trouble():
    assert rules_of(off=("moon_in_the_way",)).on(Rule.SILENT)


def test_a_low_battery_is_told_where_it_matters_unless_each_time_is_wanted():
    assert not rules_of().low_each_time
    assert rules_of(low_each_time=True).low_each_time
    assert rules_of(low_percent=5.0, low_each_time=True).low_each_time


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"low_percent": 5.0}, "not be less than critical, 10 %"),
        ({"critical_percent": 20.5}, "not be more than low, 20 %"),
        ({"low_percent": 100.0}, "always be low"),
        ({"full_percent": 20.0}, "more than low, 20 %"),
    ],
)
def test_what_cannot_be_is_told_for_the_limit_that_is_wrong(changes, words):
    (wrong,) = changes
    assert words in limit_troubles(changed(USUAL, **changes))[wrong]


def test_a_critical_limit_may_be_the_low_one():
    equal = changed(USUAL, low_percent=10.0, critical_percent=10.0)
    assert limit_troubles(equal) == {}


@given(any_settings)
def test_limits_without_trouble_make_rules(settings):
    if not limit_troubles(settings):
        assert alert_choice(settings).rules.full_percent == settings.full_percent


@given(any_settings)
def test_whatever_the_file_says_something_is_watched(settings):
    choice = alert_choice(settings)
    assert bool(choice.messages) == bool(limit_troubles(settings))
    assert choice.rules.on(Rule.DEVICE_FAULT)


def test_impossible_limits_give_way_to_the_usual_ones_and_that_is_said():
    off = (Rule.SILENT.value,)
    settings = changed(USUAL, low_percent=5.0, critical_percent=50.0, off=off)
    choice = alert_choice(settings)
    assert choice.rules == rules_of(off=off)
    assert len(choice.messages) == 1
    assert choice.messages[0].endswith("The usual limits are used.")


def test_quiet_hours_are_off_until_asked_for():
    assert quiet_of(QuietSettings()) is None


def test_quiet_hours_hold_over_midnight_on_the_chosen_days():
    hours = quiet_of(QuietSettings(on=True, weekdays=(4,)))
    assert hours == QuietHours(start=time(22), end=time(7), weekdays=frozenset({4}))
    friday_night = datetime(2026, 4, 24, 23, 0, tzinfo=UTC)
    assert hours is not None
    assert hours.holds(friday_night, UTC)
    assert not hours.holds(friday_night + timedelta(days=1), UTC)


def test_quiet_hours_on_no_day_are_none_and_that_is_said():
    never = QuietSettings(on=True, weekdays=())
    assert quiet_trouble(never) == NO_DAY
    choice = alert_choice(changed(USUAL, quiet=never))
    assert choice.quiet is None
    assert choice.messages == (f"{NO_DAY} There are no quiet hours now.",)
    assert quiet_trouble(changed(never, on=False)) == ""


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("22:00", "07:00", "Quiet from 22:00 to 07:00 of the next day."),
        ("09:30", "12:00", "Quiet from 09:30 to 12:00."),
        ("06:00", "06:00", "Quiet for a whole day, from 06:00."),
    ],
)
def test_it_is_said_how_long_the_quiet_lasts(start, end, words):
    assert quiet_words(QuietSettings(on=True, start=start, end=end)) == words
    assert quiet_words(QuietSettings(start=start, end=end)) == ""
