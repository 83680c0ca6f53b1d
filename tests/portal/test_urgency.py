"""What a change of live power makes due at once, so that a lost grid is noticed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.domain.model import Alarm, DeviceState, Dialect, Powers
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.portal.semsplus.flow import is_quiet, urgent
from sems_tray.portal.station_cache import Live, StationCache
from sems_tray.simulator.station.events import GRID_LOST, Event
from tests.portal.scripted import NOON, reading


def live(minutes: float = 0, state: DeviceState = DeviceState.RUNNING) -> StationCache:
    at = NOON + timedelta(minutes=minutes)
    return StationCache(
        live=Live(measured_at=at, power=Powers(pv_w=100.0), state=state)
    )


def test_a_station_that_reports_again_is_asked_for_its_devices_at_once():
    assert urgent(live(), live(8)) == frozenset()
    assert urgent(live(), live(40)) == {"devices", "alarms"}


def test_a_station_that_falls_asleep_or_wakes_is_asked_who_does():
    off = live(state=DeviceState.OFFLINE)
    assert urgent(off, live()) == {"devices", "alarms"}
    assert urgent(live(), off) == {"devices"}
    assert urgent(off, off) == frozenset()
    dark = StationCache(live=Live(measured_at=NOON, power=Powers(pv_w=0.0)))
    assert urgent(dark, live()) == {"devices"}


def test_live_power_without_data_asks_for_the_devices_once():
    silent = StationCache(live=Live(is_told=False))
    assert urgent(StationCache(), silent) == urgent(live(), silent) == {"devices"}
    assert urgent(silent, silent) == frozenset()


def test_a_fault_asks_for_devices_alarms_and_the_grid_and_its_end_too():
    broken = live(state=DeviceState.FAULT)
    assert urgent(live(), broken) == {"devices", "alarms", "info"}
    assert urgent(broken, broken) == frozenset()
    assert urgent(broken, live()) == {"devices", "alarms"}


def test_before_the_first_live_power_nothing_is_due():
    assert urgent(StationCache(), StationCache()) == frozenset()
    assert urgent(StationCache(), live()) == frozenset()


def test_a_grid_that_is_back_ends_its_alarm_at_once():
    lost = replace(live(), grid_connected=False)
    assert urgent(lost, lost) == {"info"}
    assert urgent(lost, replace(lost, grid_connected=True)) == {"devices", "alarms"}


def test_a_meter_that_falls_quiet_asks_for_a_while_whether_the_grid_is_there():
    there = replace(live(), grid_connected=True)
    assert urgent(there, there) == frozenset()
    due = [urgent(there, replace(there, quiet_polls=it)) for it in range(1, 6)]
    assert due == [{"info"}] * 3 + [frozenset()] * 2
    unasked = replace(live(), quiet_polls=1)  # a station without storage
    assert urgent(live(), unasked) == frozenset()


def test_a_new_alarm_while_the_meter_is_quiet_asks_on_whether_the_grid_is_there():
    row = Alarm(id="1", name="Vac Failure", happened_at=NOON)
    there = replace(live(2), grid_connected=True, quiet_polls=9)
    told = replace(there, alarms=(row,))
    assert urgent(there, told) == urgent(told, told) == {"info"}
    later = replace(told, live=live(20).live)
    over = replace(told, alarms=(replace(row, active=False),))
    flowing = replace(told, quiet_polls=0)
    unasked = replace(told, grid_connected=None)  # a station without storage
    for held in (later, over, flowing, unasked):
        assert urgent(held, held) == frozenset()


def test_a_house_that_floats_near_zero_stays_quiet_until_real_power_flows():
    quiet, told = False, []
    for grid_w in (-400.0, 2.0, -40.0, 20.0, -90.0, 0.0, 300.0, 26.0, None):
        quiet = is_quiet(grid_w, before=quiet)
        told.append(quiet)
    assert told == [False, True, True, True, True, True, False, False, True]


BOTH = pytest.mark.parametrize("dialect", Dialect)
BALANCED = {"pv_w": 0, "battery_w": 700, "load_w": 700}
IMPORTING = {"pv_w": 0, "battery_w": 0, "load_w": 700}


def poll(client, clock, minutes=2):
    clock.add(minutes=minutes)
    return reading(client.fetch(PollRequest()))


def minutes_until(client, clock, *, connected, most=30):
    """Return how long it takes until the grid is said to be there, or lost."""
    for waited in range(2, most + 1, 2):
        if poll(client, clock).grid_connected is connected:
            return waited
    return None


@BOTH
def test_a_grid_lost_while_the_battery_feeds_the_house_is_told_in_ten_minutes(
    start, dialect
):
    sim, client, clock = start("day", dialect)
    sim.override(**BALANCED)
    assert poll(client, clock).power.grid_w == 0
    poll(client, clock)
    sim.trouble("grid-lost")
    assert minutes_until(client, clock, connected=False) <= 10


@BOTH
def test_a_grid_lost_under_some_watts_of_noise_is_told_at_once(start, dialect):
    sim, client, clock = start("day", dialect)
    sim.override(**IMPORTING)
    poll(client, clock)
    assert poll(client, clock).power.grid_w == -700
    sim.world.sites[0].set_events((Event(kind=GRID_LOST, since=clock.at, meter_w=2),))
    found = poll(client, clock)
    assert abs(found.power.grid_w) == 2
    assert found.grid_connected is False


def test_a_house_that_floats_near_zero_does_not_ask_at_each_poll(start):
    sim, client, clock = start("day", Dialect.SEMSPLUS)
    for number in range(30):
        sim.override(pv_w=0, battery_w=700, load_w=(700, 760, 695)[number % 3])
        poll(client, clock)
    assert sim.count("/basic/info") <= 9
