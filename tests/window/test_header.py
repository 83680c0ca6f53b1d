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
BROKEN_FAN = reading(alarms=(alarm(name="Fan\nFault"),))
KEYRING = PasswordStorage.KEYRING


def shown(notes=(), password_storage=None, **changes):
    return header_view(
        replace(CALM, **changes), notes=notes, password_storage=password_storage
    )


@pytest.mark.parametrize(
    ("changes", "state", "tone", "message", "action"),
    [
        ({}, "All well", Tone.GOOD, "", None),
        ({"reading": None}, "Asking GoodWe …", Tone.CALM, "", None),
        (
            {
                "dark_at": by_night,
                "reading": reading(inverters=(inverter("offline", power_w=900.0),)),
            },
            *("Night", Tone.CALM, "", None),
        ),
        (
            {"reading": BROKEN_FAN},
            *("Fault: Fan Fault", Tone.BAD),
            *("Look whether something blocks the fan.", Action.SHOW_ALARMS),
        ),
        (
            {"reading": reading(alarms=(alarm(name="Utility Loss"),))},
            *("Grid lost", Tone.BAD),
            *("It clears by itself when the grid is back.", Action.SHOW_ALARMS),
        ),
        (
            {"reading": reading(inverters=(inverter("fault"),))},
            *("Fault: Roof", Tone.BAD, "It may clear by itself.", None),
        ),
        (
            {"reading": reading(measured_at=NOW - timedelta(hours=1))},
            *("No report since 10:45", Tone.BAD),
            (
                "The station has not reported since 10:45. "
                "Check the data logger's Wi-Fi and power."
            ),
            Action.OPEN_PORTAL,
        ),
    ],
    ids=["well", "asking", "night", "fault", "no grid", "fault, no alarm", "silent"],
)
def test_a_state_has_a_word_a_tone_and_an_advice(changes, state, tone, message, action):
    view = shown(**changes)
    assert (view.state, view.tone) == (state, tone)
    assert (view.message, view.action) == (message, action)


def test_the_station_is_named_with_the_age_and_the_source_of_its_reading():
    assert (shown().title, shown().source) == ("Home", "SEMS+")
    assert shown().age.startswith("Measured ")
    assert shown(demo=True).title == "Home · DEMO"
    nothing = shown(reading=None)
    assert (nothing.title, nothing.age, nothing.source) == ("SEMS Tray", "", "")


def test_a_trouble_of_ours_comes_before_the_stations_state():
    view = shown(failed=PollFailed(trouble=Trouble.REFUSED), reading=BROKEN_FAN)
    assert (view.state, view.tone) == ("Sign-in refused", Tone.BAD)
    assert view.action is Action.SIGN_IN
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
            *("Refresh possible in 5 min", False),
        ),
        ({"pause_until": NOW - timedelta(minutes=1)}, "Refresh now", True),
    ],
)
def test_refreshing_is_offered_when_it_is_possible(changes, refresh, possible):
    view = shown(**changes)
    assert (view.refresh, view.refreshable) == (refresh, possible)


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({}, ""),
        ({"next_at": NOW + timedelta(seconds=100)}, " · next reading in 2 min"),
        ({"next_at": NOW + timedelta(seconds=5)}, " · next reading in 1 min"),
        ({"next_at": NOW + timedelta(seconds=5), "in_flight": True}, ""),
        ({"next_at": NOW}, ""),
        (
            {"reading": reading(stale=("alarms", "devices"))},
            " · not renewed: alarms, devices",
        ),
        ({"password_storage": KEYRING}, " · password kept in the system keyring"),
    ],
)
def test_the_small_print(changes, more):
    assert shown(**changes).footer == f"17 requests today{more}"


def test_one_request_is_one():
    assert shown(requests_today=1).footer == "1 request today"
