"""Settings become what the window edits, and come back as they were."""

from __future__ import annotations

from datetime import time, timedelta

import msgspec
import pytest

from sems_tray.alerts.settings import Limits, QuietChoice
from sems_tray.notifications.controller import choice_of
from sems_tray.settings.mapping import (
    icon_mode,
    preferences_of,
    settings_after,
    wishes_of,
)
from sems_tray.storage.settings import AlertSettings, Quiet, Settings
from sems_tray.tray.view_model import IconMode

FULL = Settings(
    account="a@b.c",
    station="s1",
    unwatched=("s2", "s4"),
    dialect="classic",
    region="au",
    live_minutes=5.0,
    icon="soc",
    import_price=0.3,
    export_price=0.08,
    currency="EUR",
    reserve_percent=20.0,
    window="480x680",
    alerts=AlertSettings(
        off=("battery_full", "portal"),
        low_percent=30.0,
        critical_percent=15.0,
        full_percent=95.0,
        low_each_time=True,
        portal_minutes=90.0,
        quiet=Quiet(on=True, start="23:30", end="06:45", weekdays=(5, 6)),
    ),
    latitude=52.1,
    longitude=5.1,
    language="nl",
    temperature="F",
    motion=False,
    start_hidden=False,
)


@pytest.mark.parametrize("settings", [Settings(), FULL])
def test_nothing_changes_on_the_way_there_and_back(settings):
    shown = preferences_of(settings, at_login=False)
    assert settings_after(settings, shown) == settings


def test_the_example_differs_from_the_defaults_in_every_alert_setting():
    same = [
        field.name
        for field in msgspec.structs.fields(AlertSettings)
        if getattr(FULL.alerts, field.name) == getattr(AlertSettings(), field.name)
    ]
    assert same == []


def test_the_rules_go_by_every_limit():
    rules = choice_of(FULL.alerts).rules
    assert (rules.low_percent, rules.critical_percent) == (30.0, 15.0)
    assert rules.full_percent == 95.0
    assert rules.portal_after == timedelta(minutes=90)


def test_the_window_sees_times_and_limits_as_such():
    shown = preferences_of(FULL, at_login=True)
    assert shown.start_at_login
    assert shown.icon is IconMode.SOC
    assert shown.quiet == QuietChoice(
        on=True, start=time(23, 30), end=time(6, 45), weekdays=frozenset({5, 6})
    )
    assert shown.limits == Limits(
        low_percent=30.0,
        critical_percent=15.0,
        full_percent=95.0,
        portal_minutes=90.0,
    )
    assert shown.low_each_time


def test_what_the_window_does_not_edit_stays():
    after = settings_after(FULL, preferences_of(Settings(), at_login=False))
    assert (after.account, after.station, after.window) == ("a@b.c", "s1", "480x680")
    assert after.region == "au"


def test_what_a_newer_version_named_is_automatic_here():
    assert icon_mode("hologram") is IconMode.AUTO


@pytest.mark.parametrize("kept", ["K", "f", "°C"])
def test_an_unknown_unit_of_temperature_is_the_systems(kept):
    shown = preferences_of(Settings(temperature=kept), at_login=False)
    assert shown.temperature == ""


def test_the_window_gets_prices_reserve_and_motion():
    wishes = wishes_of(FULL)
    assert wishes.tariffs.import_price == 0.3
    assert (wishes.reserve_percent, wishes.motion) == (20.0, False)


def test_settings_stay_readable_for_this_version():
    raw = msgspec.json.encode(FULL)
    assert msgspec.json.decode(raw, type=Settings) == FULL
