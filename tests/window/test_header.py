"""What stands above and below the pages: name, state, age, trouble, small print."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.failures import Action
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.domain.station_state import Tone
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.window.header import header_view
from tests.kit.readings import NOW, alarm, by_day, by_night, inverter, reading

CALM = MonitorSnapshot(now=NOW, dark_at=by_day, reading=reading(), requests_today=17)


def shown(notes=(), password_storage=None, **changes):
    return header_view(
        replace(CALM, **changes), notes=notes, password_storage=password_storage
    )


def test_all_well_is_said_with_the_age_of_the_reading():
    view = shown()
    assert (view.state, view.tone, view.message, view.action) == (
        "All well",
        Tone.GOOD,
        "",
        None,
    )
    assert view.age.startswith("Measured ")
    assert view.source == "SEMS+"


def test_before_the_first_reading_it_says_that_it_asks():
    view = shown(reading=None)
    assert (view.title, view.state, view.age) == ("SEMS Tray", "Asking GoodWe …", "")


def test_a_demo_is_called_one():
    assert shown(demo=True).title.endswith(" · DEMO")


def test_a_fault_is_named():
    view = shown(reading=reading(alarms=(alarm(name="Fan\nFault"),)))
    assert (view.state, view.tone) == ("Fault: Fan Fault", Tone.BAD)


def test_night_is_calm():
    view = shown(
        dark_at=by_night,
        reading=reading(inverters=(inverter("offline", power_w=900.0),)),
    )
    assert (view.state, view.tone) == ("Night", Tone.CALM)


def test_a_trouble_comes_before_the_stations_state():
    view = shown(failed=PollFailed(trouble=Trouble.REFUSED))
    assert (view.state, view.tone, view.action) == (
        "Sign-in refused",
        Tone.BAD,
        Action.SIGN_IN,
    )
    assert "password" in view.message


def test_notes_about_this_computer_follow_the_trouble():
    failed = PollFailed(trouble=Trouble.OFFLINE)
    view = shown(failed=failed, notes=("The disk is full.",))
    assert view.message.endswith("connection. The disk is full.")


@pytest.mark.parametrize(
    ("changes", "refresh", "possible"),
    [
        ({}, "Refresh now", True),
        ({"in_flight": True}, "Refreshing …", False),
        (
            {"pause_until": NOW + timedelta(minutes=4, seconds=10)},
            "Refresh possible in 5 min",
            False,
        ),
        ({"pause_until": NOW - timedelta(minutes=1)}, "Refresh now", True),
    ],
)
def test_refreshing_is_offered_when_it_is_possible(changes, refresh, possible):
    view = shown(**changes)
    assert (view.refresh, view.refreshable) == (refresh, possible)


@pytest.mark.parametrize(
    ("changes", "footer"),
    [
        ({}, "17 requests today"),
        ({"requests_today": 1}, "1 request today"),
        (
            {"next_at": NOW + timedelta(seconds=100)},
            "17 requests today · next reading in 2 min",
        ),
        (
            {"next_at": NOW + timedelta(seconds=5)},
            "17 requests today · next reading in 1 min",
        ),
        ({"next_at": NOW - timedelta(seconds=5)}, "17 requests today"),
        (
            {"reading": reading(stale=("alarms", "devices"))},
            "17 requests today · not renewed: alarms, devices",
        ),
        (
            {"password_storage": PasswordStorage.KEYRING},
            "17 requests today · password kept in the system keyring",
        ),
    ],
)
def test_the_small_print(changes, footer):
    assert shown(**changes).footer == footer


def test_a_fault_says_what_to_do_and_leads_to_the_alarms():
    view = shown(reading=reading(alarms=(alarm(name="Fan Fault"),)))
    assert view.message == "Look whether something blocks the fan."
    assert view.action is Action.SHOW_ALARMS


def test_a_lost_grid_says_what_to_do_and_leads_to_the_alarms():
    view = shown(reading=reading(alarms=(alarm(name="Utility Loss"),)))
    assert view.message == "It clears by itself when the grid is back."
    assert view.action is Action.SHOW_ALARMS


def test_a_fault_without_an_alarm_has_no_alarm_to_show():
    view = shown(reading=reading(inverters=(inverter("fault"),)))
    assert view.state.startswith("Fault")
    assert (view.message, view.action) == ("It may clear by itself.", None)


def test_a_silent_station_says_since_when_and_what_to_look_at():
    old = reading(measured_at=NOW - timedelta(hours=1))
    view = shown(reading=old)
    since = view.state.removeprefix("No report since ")
    assert view.message == (
        f"The station has not reported since {since}. "
        "Check the data logger's Wi-Fi and power."
    )
    assert view.action is Action.OPEN_PORTAL


def test_a_trouble_of_ours_comes_before_the_stations_advice():
    view = shown(
        failed=PollFailed(trouble=Trouble.OFFLINE),
        reading=reading(alarms=(alarm(name="Fan Fault"),)),
    )
    assert view.action is Action.RETRY
