"""From switches and limits to the rules, with words for what cannot be."""

from __future__ import annotations

from datetime import time, timedelta

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


def test_the_usual_settings_are_the_usual_rules_and_no_quiet():
    choice = alert_choice(USUAL)
    assert (choice.rules, choice.quiet, choice.messages) == (AlertRules(), None, ())


def test_the_rules_go_by_every_setting():
    choice = alert_choice(
        AlertSettings(
            off=("battery_full", "portal", "moon_in_the_way"),
            low_percent=30.0,
            critical_percent=15.0,
            full_percent=95.0,
            low_each_time=True,
            portal_minutes=90.0,
            quiet=QuietSettings(on=True, start="23:30", end="06:45", weekdays=(5, 6)),
        )
    )
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
def test_whatever_the_file_says_the_limits_are_in_order(settings):
    choice = alert_choice(settings)
    rules = choice.rules
    assert bool(choice.messages) == bool(limit_troubles(settings))
    assert rules.critical_percent <= rules.low_percent < rules.full_percent <= 100


def test_impossible_limits_give_way_to_the_usual_ones_and_that_is_said():
    off = (Rule.SILENT.value,)
    settings = changed(USUAL, low_percent=5.0, critical_percent=50.0, off=off)
    choice = alert_choice(settings)
    assert choice.rules == rules_of(off=off)
    assert len(choice.messages) == 1
    assert choice.messages[0].endswith("The usual limits are used.")


def test_quiet_hours_on_no_day_are_none_and_that_is_said():
    never = QuietSettings(on=True, weekdays=())
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
