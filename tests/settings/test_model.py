"""What the settings window edits, as a value."""

from dataclasses import FrozenInstanceError, fields

import pytest

from sems_tray.alerts.model import Rule
from sems_tray.alerts.settings import Limit, Limits
from sems_tray.settings.model import Preferences, place_trouble


def test_the_defaults_watch_everything_but_a_full_battery():
    assert Preferences().rules_off == {Rule.BATTERY_FULL}


def test_the_limits_are_named_after_their_fields():
    assert {it.value for it in Limit} == {it.name for it in fields(Limits)}


def test_preferences_do_not_change_under_those_who_hold_them():
    with pytest.raises(FrozenInstanceError):
        Preferences().language = "de"  # type: ignore[misc]


@pytest.mark.parametrize(("at", "east"), [(None, None), (52.4, 4.9), (0.0, 0.0)])
def test_a_place_is_whole_or_there_is_none(at, east):
    assert place_trouble(at, east) == ""


def test_half_a_place_is_none():
    assert "longitude is missing" in place_trouble(52.4, None)
    assert "latitude is missing" in place_trouble(None, 0.0)
