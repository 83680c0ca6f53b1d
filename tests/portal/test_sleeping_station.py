"""Replies without data from a station that sleeps, waits or is silent."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sems_tray.daylight.waking import Waking, may_sleep
from sems_tray.domain.model import DeviceState, Dialect, Energy, LastAwake, Powers
from sems_tray.domain.model import StationState as S
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import state_of
from tests.portal.scripted import (
    NOON,
    STATION,
    Desk,
    classic_portal,
    device,
    flow,
    monitor,
    ok,
    plus_portal,
    reading,
)

FLOW, DEVICES = "*/stations/flow", "*/device/all-status"
MONITOR, LIST = "*/GetMonitorDetailByPowerstationId", "*/QueryPowerStationMonitorForApp"
_ROW: dict[str, object] = {"id": STATION, "name": "Roof"}
WITHOUT_POWERS = _ROW | {"pSystem": None, "flows": {}}
NOTHING: list[object] = [None, {}, [], "", WITHOUT_POWERS]
NIGHT = timedelta(hours=13)
OFF = {"status": -1, "stationname": "Roof", "time_span": -2.0}
STATES = {"offline": 0, "waiting": 3, "running": 1, "unknown": 77}


def states(status):
    inverter = device("INVERTER", "INV", status=status)
    return ok({"deviceDetailList": [inverter, device("SMART_METER", "MET")]})


def verdict(found, now, *, dark):
    """Return the state and the PV power that are shown."""
    dark_at = may_sleep(found, lambda _, __: dark, Waking())
    shown = shown_reading(found, now, dark_at)
    return state_of(shown, now, dark_at), shown.power.pv_w


@pytest.mark.parametrize("data", NOTHING)
def test_a_flow_without_data_is_a_night_with_the_last_values(data):
    desk = Desk(plus_portal())
    day = reading(desk.fetch())
    desk.clock.at = NOON + NIGHT
    desk.script.answers |= {FLOW: ok(data), DEVICES: states(0)}
    night = reading(desk.fetch())
    assert (night.measured_at, night.power) == (day.measured_at, day.power)
    assert night.station.state is DeviceState.OFFLINE
    assert night.stale == ()
    assert verdict(night, desk.clock.at, dark=True) == (S.NIGHT, 0.0)
    assert verdict(night, desk.clock.at, dark=False)[0] is S.SILENT


@pytest.mark.parametrize("data", NOTHING)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("dark", [True, False])
def test_a_fresh_program_knows_states_and_no_powers(data, state, dark):
    parts = {FLOW: ok(data), DEVICES: states(STATES[state])}
    found = reading(Desk(plus_portal(**parts)).fetch())
    assert (found.power, found.measured_at) == (Powers(), None)
    assert found.station.name == "Roof"
    assert found.inverters[0].state is found.station.state is DeviceState(state)
    by_night = {"waiting": S.WAITING}.get(state, S.NIGHT)
    by_day = {"waiting": S.WAITING, "offline": S.SILENT}.get(state, S.UNKNOWN)
    expected = by_night if dark else by_day
    pv_w = 0.0 if dark and state == "offline" else None
    assert verdict(found, NOON, dark=dark) == (expected, pv_w)


def test_a_flow_that_only_knows_its_time_says_so():
    data = {"status": "0", "refreshTime": "2026-06-21T11:59:00"}
    parts = {FLOW: ok(data), DEVICES: states(0)}
    found = reading(Desk(plus_portal(**parts)).fetch())
    assert found.measured_at == NOON - timedelta(minutes=1)
    assert found.station.state is DeviceState.OFFLINE


def test_a_charge_that_a_battery_tells_is_no_power():
    system = {"sn": "BAT", "type": "BAT_SYS", "status": 6, "soc": 76, "pbat": -1.2}
    inverter = device("INVERTER", "INV", 5, "store")
    parts = {
        FLOW: ok(None),
        DEVICES: ok({"deviceDetailList": [inverter]}),
        "*/relatedDevices": ok([system]),
    }
    found = reading(Desk(plus_portal(**parts)).fetch())
    assert found.battery is not None
    assert found.battery.soc_percent == 76
    assert verdict(found, NOON, dark=False)[0] is S.UNKNOWN


def test_one_flow_without_data_by_day_takes_nothing_away():
    desk = Desk(plus_portal(**{FLOW: [flow(), ok(None), flow()]}))
    day = reading(desk.fetch())
    desk.script.names()
    desk.clock.add(minutes=2)
    gap = reading(desk.fetch())
    assert desk.script.names() == ["flow", "all-status"]
    assert (gap.power, gap.measured_at) == (day.power, day.measured_at)
    assert verdict(gap, desk.clock.at, dark=False)[0] is S.OK


@pytest.mark.parametrize("wrong", [ok(None), ok({}), {"code": "X0001"}, b"<html>"])
def test_where_the_device_states_fail_too_the_portal_changed(wrong):
    parts = {FLOW: ok({}), DEVICES: wrong}
    assert Desk(plus_portal(**parts)).trouble() is Trouble.PORTAL_CHANGED
    gone = {FLOW: {"error_msg": "404 Route Not Found"}, DEVICES: states(0)}
    assert Desk(plus_portal(**gone)).trouble() is Trouble.PORTAL_CHANGED
    desk = Desk(plus_portal())
    desk.fetch()
    desk.script.answers |= parts
    assert desk.poll_until(25)[-1] is Trouble.PORTAL_CHANGED


# -- the last sign of an inverter that is awake ----------------------------------------


def test_what_the_roof_made_when_it_was_last_awake_outlives_what_the_portal_shows():
    desk = Desk(plus_portal())
    awake = reading(desk.fetch()).last_awake
    assert awake == LastAwake(at=NOON - timedelta(minutes=1), pv_w=3000.0)
    off = flow(status="0", pSystem=0, pAc=0, refreshTime="2026-06-21T12:09:00")
    desk.script.answers |= {FLOW: off, DEVICES: states(0)}
    desk.clock.add(minutes=10)
    found = reading(desk.fetch())
    assert found.inverters[0].state is DeviceState.OFFLINE
    assert (found.power.pv_w, found.last_awake) == (0.0, awake)


def test_a_power_that_the_portal_repeats_is_no_sign_of_life():
    desk = Desk(plus_portal())
    awake = reading(desk.fetch()).last_awake
    desk.clock.add(minutes=40)
    assert reading(desk.fetch()).last_awake == awake
    fresh = Desk(plus_portal())
    fresh.clock.add(hours=9)
    assert reading(fresh.fetch()).last_awake is None


def test_what_the_roof_made_long_before_does_not_tell_how_it_fell_asleep():
    desk = Desk(plus_portal())
    awake = reading(desk.fetch()).last_awake
    for hours, known in ((1, True), (3, False), (1, False)):
        desk.clock.add(hours=hours)
        measured = desk.clock().astimezone(ZoneInfo("Europe/Amsterdam"))
        stamp = f"{measured:%Y-%m-%dT%H:%M:%S}"
        desk.script.answers[FLOW] = flow(pSystem=0, pAc=0, refreshTime=stamp)
        expected = awake if known else LastAwake(at=desk.clock(), pv_w=None)
        assert reading(desk.fetch()).last_awake == expected


# -- classic ---------------------------------------------------------------------------


@pytest.mark.parametrize("inverter", [None, []])
@pytest.mark.parametrize("powerflow", [None, {}, {"pv": "", "load": ""}])
def test_a_monitor_reply_without_powers_is_a_night_with_the_last_values(
    inverter, powerflow
):
    desk = Desk(classic_portal(), dialect=Dialect.CLASSIC)
    day = reading(desk.fetch())
    desk.clock.at = NOON + NIGHT
    empty = monitor(info=OFF, kpi=None, inverter=inverter, powerflow=powerflow)
    desk.script.answers[MONITOR] = empty
    night = reading(desk.fetch())
    assert (night.measured_at, night.power) == (day.measured_at, day.power)
    assert replace(night.energy, today=day.energy.today) == day.energy
    assert night.energy.today.pv_kwh is None  # it is past midnight
    assert [it.state for it in night.inverters] == [DeviceState.OFFLINE]
    assert verdict(night, desk.clock.at, dark=True) == (S.NIGHT, 0.0)
    assert verdict(night, desk.clock.at, dark=False)[0] is S.SILENT
    desk.script.answers[MONITOR] = monitor()
    assert reading(desk.fetch()).inverters[0].state is DeviceState.RUNNING


def test_a_fresh_program_reads_a_sleeping_classic_station():
    asleep = monitor(info=OFF, kpi=None, inverter=None, powerflow=None)
    desk = Desk(classic_portal(**{MONITOR: asleep}), dialect=Dialect.CLASSIC)
    found = reading(desk.fetch())
    assert (found.power, found.measured_at) == (Powers(), None)
    assert found.energy == Energy()
    assert verdict(found, NOON, dark=True) == (S.NIGHT, 0.0)


@pytest.mark.parametrize("data", [None, {}])
def test_an_empty_monitor_reply_is_a_night_only_where_the_list_says_so(data):
    desk = Desk(classic_portal(), dialect=Dialect.CLASSIC)
    desk.fetch()
    desk.script.answers[MONITOR] = {"code": 0, "data": data}
    assert desk.trouble() is Trouble.PORTAL_CHANGED
    row = {"powerstation_id": STATION, "stationname": "Roof", "status": -1}
    desk.script.answers[LIST] = {"code": 0, "data": [row]}
    night = reading(desk.fetch())
    assert night.power.pv_w == 3000.0
    assert verdict(night, desk.clock.at, dark=True) == (S.NIGHT, 0.0)
    # A program that never saw this dialect work sees the service that has ended.
    fresh = Desk(dict(desk.script.answers), dialect=Dialect.CLASSIC)
    assert fresh.trouble() is Trouble.PORTAL_CHANGED
