from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sems_tray.domain.model import DeviceState, Powers
from sems_tray.domain.model import StationState as S
from sems_tray.domain.station_state import (
    SILENT_AFTER,
    age,
    darkness,
    is_grid_loss,
    is_old,
    may_rest,
    state_of,
    zero_offline_power,
)
from tests.kit.readings import (
    HOME,
    MEASURED,
    MINUTE,
    NOW,
    alarm,
    by_day,
    by_night,
    inverter,
    nobody_knows,
    reading,
)

OLD = MEASURED + timedelta(minutes=31)
NIGHT = {"power": Powers(pv_w=0.0, load_w=400.0, battery_w=400.0, grid_w=0.0)}
LOST = {"grid_connected": False}
FAULT = {"inverters": (inverter("fault"),)}
WAITS = {"inverters": (inverter("waiting"), inverter("waiting", sn="S2"))}


def station(state):
    return {"station": replace(HOME, state=DeviceState(state))}


def with_inverters(*states, **more):
    rows = (inverter(it, sn=f"S{place}") for place, it in enumerate(states))
    return {"inverters": tuple(rows), **more}


OFFLINE = with_inverters("offline")
UNNAMED = {"inverters": (inverter("unknown", status=7),)}
SITUATIONS = {
    "well": ({}, NOW, by_day, S.OK),
    "well, place unknown": ({}, NOW, nobody_knows, S.OK),
    "producing at dusk": ({}, NOW, by_night, S.OK),
    "grid flag": (LOST, NOW, by_day, S.GRID_LOST),
    "grid alarm": (
        {"alarms": (alarm("Utility Loss", "alarm"),)},
        NOW,
        by_day,
        S.GRID_LOST,
    ),
    "inverter fault": (FAULT, NOW, by_day, S.FAULT),
    "one of two": (with_inverters("running", "fault"), NOW, by_day, S.FAULT),
    "station fault": (station("fault"), NOW, by_day, S.FAULT),
    "alarm: fault": ({"alarms": (alarm(),)}, NOW, by_day, S.FAULT),
    "alarm: alarm": ({"alarms": (alarm(level="alarm"),)}, NOW, by_day, S.FAULT),
    "alarm: info": ({"alarms": (alarm(level="info"),)}, NOW, by_day, S.OK),
    "alarm: over": ({"alarms": (alarm(active=False),)}, NOW, by_day, S.OK),
    "old by day": ({}, OLD, by_day, S.SILENT),
    "old in the dark": ({}, OLD, by_night, S.NIGHT),
    "old, place unknown": ({}, OLD, nobody_knows, S.UNKNOWN),
    "offline": (OFFLINE, NOW, by_day, S.SILENT),
    "station offline, devices unknown": (
        with_inverters(**station("offline")),
        NOW,
        by_day,
        S.SILENT,
    ),
    "one of two offline": (with_inverters("offline", "running"), NOW, by_day, S.OK),
    "asleep": (OFFLINE, NOW, by_night, S.NIGHT),
    "offline, nobody knows whether by day": (OFFLINE, NOW, nobody_knows, S.OK),
    "battery feeds the house": (NIGHT, NOW, by_night, S.NIGHT),
    "0 W by day": (NIGHT, NOW, by_day, S.OK),
    "all wait": (WAITS, NOW, by_day, S.WAITING),
    "one of two waits": (with_inverters("waiting", "running"), NOW, by_day, S.OK),
    "station waits": (station("waiting"), NOW, by_day, S.WAITING),
    "an unknown number is no fault": (UNNAMED, NOW, by_day, S.OK),
    "nothing": ({"power": Powers(), "battery": None}, NOW, by_day, S.UNKNOWN),
    "no time": ({"measured_at": None}, NOW, by_day, S.OK),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_has_its_state(situation):
    changes, now, dark, state = SITUATIONS[situation]
    assert state_of(reading(**changes), now, dark) is state


RANKED: list[tuple[S, dict[str, Any]]] = [
    (S.GRID_LOST, LOST),
    (S.FAULT, {"alarms": (alarm(),)}),
    (S.WAITING, WAITS),
    (S.NIGHT, NIGHT),
]


@pytest.mark.parametrize("first", range(len(RANKED)))
def test_the_more_urgent_state_wins(first):
    changes: dict[str, Any] = {}
    for _, more in RANKED[first:]:
        changes |= more
    assert state_of(reading(**changes), NOW, by_night) is RANKED[first][0]


@pytest.mark.parametrize(
    ("changes", "state"),
    [(LOST, S.GRID_LOST), (FAULT, S.FAULT), (WAITS, S.SILENT), ({}, S.SILENT)],
)
def test_silence_comes_after_faults_and_before_waiting(changes, state):
    assert state_of(reading(**changes), OLD, by_day) is state


def test_half_an_hour_is_the_limit_of_silence():
    whole = MEASURED + SILENT_AFTER
    assert state_of(reading(), whole, by_day) is S.OK
    assert state_of(reading(), whole + timedelta(seconds=1), by_day) is S.SILENT


@pytest.mark.parametrize(
    ("since_sunrise_min", "state"),
    [(-1, S.NIGHT), (0, S.NIGHT), (15, S.NIGHT), (29, S.NIGHT), (30, S.SILENT)],
)
def test_an_inverter_has_half_an_hour_after_sunrise_to_wake(since_sunrise_min, state):
    sunrise = MEASURED + timedelta(hours=9)
    now = sunrise + since_sunrise_min * MINUTE

    def dark(at):
        return at < sunrise

    slept_in = reading(inverters=(inverter("offline"),), **NIGHT)
    assert state_of(slept_in, now, dark) is state


@pytest.mark.parametrize(
    ("before", "here", "verdict"),
    [
        (False, False, False),
        (True, False, True),
        (False, True, True),
        (True, None, True),
        (None, True, True),
        (False, None, None),
        (None, False, None),
    ],
)
def test_daylight_is_sure_only_if_it_was_light_all_the_while(before, here, verdict):
    assert darkness(NOW, lambda at: here if at == NOW else before) is verdict


@pytest.mark.parametrize(
    ("inverters", "watts", "inverter_watts"),
    [
        ((inverter("offline", power_w=2100.0),), 0.0, [0.0]),
        (
            (inverter("offline", power_w=5.0), inverter(sn="S2", power_w=900.0)),
            2100.0,
            [0.0, 900.0],
        ),
        ((), 0.0, []),
    ],
)
def test_what_is_offline_in_the_dark_gives_nothing_whatever_it_measured_last(
    inverters, watts, inverter_watts
):
    power = Powers(pv_w=2100.0, load_w=300.0)
    last = reading(inverters=inverters, power=power, **station("offline"))
    night = zero_offline_power(last, dark=True)
    assert night.power == Powers(pv_w=watts, load_w=300.0)
    assert [it.power_w for it in night.inverters] == inverter_watts
    for dark in (False, None):
        assert zero_offline_power(last, dark=dark) is last


def test_age_counts_by_the_portals_clock():
    # This computer's clock is an hour slow; the portal's says that all is fresh.
    slow = reading(portal_ahead_s=3600.0)
    now = MEASURED - timedelta(minutes=57)
    assert age(slow, now) == 3 * MINUTE
    assert state_of(slow, now, by_day) is S.OK
    fast = reading(portal_ahead_s=-3600.0)
    assert age(fast, MEASURED + timedelta(minutes=63)) == 3 * MINUTE


def test_a_measurement_from_the_future_is_no_age():
    assert age(reading(), MEASURED - MINUTE) == timedelta(0)
    assert age(reading(measured_at=None), NOW) is None
    assert not is_old(reading(measured_at=None), NOW)


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("Utility Loss", True),
        ("Grid Lost", True),
        ("grid power outage", True),
        ("Mains absent", True),
        ("Loss of the grid", True),
        ("No utility", True),
        ("No Grid", True),
        ("Grid Voltage High", False),
        ("Grid Waveform Abnormal", False),
        ("Utility Losses Meter Fault", False),
        ("Isolation Failure", False),
        ("", False),
    ],
)
def test_a_lost_grid_is_known_by_the_alarms_name(name, lost):
    assert is_grid_loss(alarm(name)) is lost
    assert not is_grid_loss(alarm(name, active=False))


@pytest.mark.parametrize(
    ("changes", "now", "rests"),
    [
        ({}, NOW, False),
        (NIGHT, NOW, True),
        ({}, OLD, True),
        ({"inverters": (inverter("offline"),)}, NOW, True),
    ],
)
def test_polls_rest_in_the_dark_unless_a_roof_is_seen_to_work(changes, now, rests):
    sky_is_dark = True
    seen = reading(**changes)
    assert may_rest(seen, now, lambda station, at: sky_is_dark) is rests
    sky_is_dark = False
    assert may_rest(seen, now, lambda station, at: sky_is_dark) is False
