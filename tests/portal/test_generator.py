"""Classic stations that a generator feeds: what charges is not told to discharge."""

import json
from datetime import timedelta

import pytest

from sems_tray.domain.model import BatteryState, Dialect
from sems_tray.portal.classic.monitor import parse_monitor
from tests.portal.scripted import NOON, Desk, classic_portal, monitor, reading

MONITOR = "*/GetMonitorDetailByPowerstationId"
DENIED = {"more": {"hasGenset": False}, "genset": "", "load": "1500(W)"}
EITHER = {"bettery": "800(W)", "gensetStatus": 1}
RISING, FALLING = BatteryState.CHARGING, BatteryState.DISCHARGING


def plant(at=NOON, soc=54, more=None, full=None, **flow):
    """Return the reply of a station with a battery and these sizes."""
    inner = {"last_time": at.timestamp() * 1000, "soc": soc, "isbuettey": True}
    entry = {"sn": "INV", "status": 1, "invert_full": inner | (full or {})}
    sizes = {"pv": "0(W)", "bettery": "1500(W)", "load": "1000(W)", "grid": "0(W)"}
    parts = {"inverter": [entry], "powerflow": sizes | flow} | (more or {})
    return monitor(**parts)


def power(**told):
    raw = json.dumps(plant(**told)["data"]).encode()
    return parse_monitor(raw, "S", NOON).live.power


@pytest.mark.parametrize(
    ("told", "battery_w"),
    [
        ({"genset": "2500(W)"}, -1500.0),
        ({"genset": "2.5(kW)", "gensetStatus": 1}, -1500.0),
        ({"full": {"genset_power": 2500.0}}, -1500.0),
        ({"gensetStatus": 1}, -1500.0),  # it runs, and does not say how hard
        ({"betteryStatus": 1}, -1500.0),  # nobody tells of it: the flag is left
        ({}, None),  # a remainder that nothing explains
        # A status alone is no generator where the reply denies one.
        (DENIED | {"gensetStatus": 1}, 1500.0),
        (DENIED | {"gensetStatus": 0}, 1500.0),
        # One that may give the rest either way needs another hint.
        (EITHER, None),
        (EITHER | {"betteryStatus": 1}, -800.0),
        (EITHER | {"betteryStatus": -1}, 800.0),
        # What a closed balance says no flag denies.
        ({"load": "1500(W)", "betteryStatus": 1}, 1500.0),
        # What a micro-grid gives nobody knows; only so is there enough.
        ({"microGrid": "2500(W)"}, -1500.0),
        ({"microGrid": "900(W)", "bettery": "800(W)"}, None),
    ],
)
def test_the_direction_of_a_battery_beside_a_generator(told, battery_w):
    assert power(**told).battery_w == battery_w


@pytest.mark.parametrize(
    ("charges", "flow", "states"),
    [
        ([54, 54, 55, 55], {}, [None, None, RISING, RISING]),
        ([54, 53, 53], {}, [None, FALLING, FALLING]),
        ([54, *[55] * 8], {}, [None, *[RISING] * 7, None]),  # an old step
        # A flag and a charge that disagree leave it unknown.
        ([54, 53], {"betteryStatus": 1}, [RISING, None]),
        ([54, 55], {"betteryStatus": 1}, [RISING, RISING]),
    ],
)
def test_the_course_of_the_charge_tells_where_the_balance_does_not(
    charges, flow, states
):
    desk = Desk(classic_portal(), dialect=Dialect.CLASSIC)
    found = []
    for n, soc in enumerate(charges):
        desk.clock.at = NOON + n * timedelta(minutes=5)
        desk.script.answers[MONITOR] = plant(at=desk.clock.at, soc=soc, **flow)
        found.append(reading(desk.fetch()).battery.state)
    assert found == states


def test_a_charge_of_long_ago_tells_nothing_of_now():
    old = parse_monitor(json.dumps(plant(soc=54)["data"]).encode(), "S", NOON).live
    later = NOON + timedelta(minutes=31)
    raw = json.dumps(plant(at=later, soc=60)["data"]).encode()
    assert parse_monitor(raw, "S", later, old).live.power.battery_w is None


def test_a_battery_without_a_power_is_not_zero_in_the_balance():
    sizes = {"bettery": "", "pv": "3000(W)", "load": "1000(W)", "grid": "500(W)"}
    for flag, grid_w in ((0, None), (1, 500.0)):
        found = power(gridStatus=flag, **sizes)
        assert (found.battery_w, found.grid_w) == (None, grid_w)


def test_a_station_without_panels_has_a_pv_of_zero():
    info = {"stationname": "Hut", "status": 1, "time_span": -2.0, "has_pv": False}
    found = power(more={"info": info}, pv="", genset="2500(W)")
    assert (found.pv_w, found.battery_w) == (0.0, -1500.0)


@pytest.mark.parametrize("sign", [{"is_stored": True}, {"battery_capacity": 9.6}])
def test_one_word_of_a_battery_is_enough(sign):
    info = {"stationname": "Roof", "status": 1, "time_span": -2.0} | sign
    raw = json.dumps(monitor(info=info, soc={"power": 80})["data"]).encode()
    assert parse_monitor(raw, "S", NOON).live.soc_percent == 80
