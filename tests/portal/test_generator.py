"""Classic stations that a generator feeds: what charges is not told to discharge."""

import pytest

from sems_tray.domain.model import BatteryState, Dialect
from tests.portal.scripted import NOON, Desk, classic_portal, monitor, reading

MONITOR = "*/GetMonitorDetailByPowerstationId"


def plant(at=NOON, soc=54, more=None, full=None, **flow):
    """Return the reply of a station with a battery and these sizes."""
    inner = {"last_time": at.timestamp() * 1000, "soc": soc, "isbuettey": True}
    entry = {"sn": "INV", "status": 1, "invert_full": inner | (full or {})}
    sizes = {"pv": "0(W)", "bettery": "1500(W)", "load": "1000(W)", "grid": "0(W)"}
    parts = {"inverter": [entry], "powerflow": sizes | flow} | (more or {})
    return monitor(**parts)


def desk(body):
    return Desk(classic_portal(**{MONITOR: body}), dialect=Dialect.CLASSIC)


def shown(body):
    found = reading(desk(body).fetch())
    assert found.battery is not None
    return found.power.battery_w, found.battery.state


CHARGES = (-1500.0, BatteryState.CHARGING)
UNKNOWN = (None, None)


@pytest.mark.parametrize(
    "told",
    [
        {"genset": "2500(W)"},
        {"genset": "2.5(kW)", "gensetStatus": 1},
        {"full": {"genset_power": 2500.0}},
        {"gensetStatus": 1},  # it runs, and does not say how hard
        {"betteryStatus": 1},  # nobody tells of it: the flag is left
    ],
)
def test_a_battery_that_a_generator_charges_is_charging(told):
    assert shown(plant(**told)) == CHARGES


def test_a_remainder_that_nothing_explains_leaves_the_direction_unknown():
    assert shown(plant()) == UNKNOWN


@pytest.mark.parametrize("status", [1, -1, 0])
def test_a_status_alone_is_no_generator_where_the_reply_denies_one(status):
    denied = {"hasGenset": False}
    body = plant(more=denied, genset="", gensetStatus=status, load="1500(W)")
    assert shown(body) == (1500.0, BatteryState.DISCHARGING)


def test_a_generator_that_may_give_the_rest_either_way_needs_another_hint():
    either = {"bettery": "800(W)", "gensetStatus": 1}
    assert shown(plant(**either)) == UNKNOWN
    assert shown(plant(betteryStatus=1, **either)) == (-800.0, BatteryState.CHARGING)
    assert shown(plant(betteryStatus=-1, **either))[1] is BatteryState.DISCHARGING


def after_minutes(charges, step_min=5, **flow):
    """Return what is shown after each of several charges."""
    found, asked = [], None
    for n, soc in enumerate(charges):
        at = NOON.replace(minute=n * step_min % 60, hour=NOON.hour + n * step_min // 60)
        body = plant(at=at, soc=soc, **flow)
        asked = asked or desk(body)
        asked.clock.at = at
        asked.script.answers[MONITOR] = body
        found.append(reading(asked.fetch()).battery.state)
    return found


def test_the_course_of_the_charge_tells_where_the_balance_does_not():
    rising, falling = BatteryState.CHARGING, BatteryState.DISCHARGING
    assert after_minutes([54, 54, 55, 55]) == [None, None, rising, rising]
    assert after_minutes([54, 53, 53]) == [None, falling, falling]


def test_an_old_step_of_the_charge_tells_nothing_any_more():
    found = after_minutes([54, 55, *[55] * 7])
    assert found[1] is BatteryState.CHARGING
    assert found[-1] is None
    assert after_minutes([54, 60], step_min=55) == [None, None]


def test_a_flag_and_a_charge_that_disagree_leave_it_unknown():
    assert after_minutes([54, 53], betteryStatus=1)[1] is None
    found = after_minutes([54, 55], betteryStatus=1)
    assert found[1] is BatteryState.CHARGING


def test_what_a_closed_balance_says_no_flag_denies():
    body = plant(load="1500(W)", betteryStatus=1)
    assert shown(body) == (1500.0, BatteryState.DISCHARGING)


def test_a_battery_without_a_power_is_not_zero_in_the_balance():
    sizes = {"bettery": "", "pv": "3000(W)", "load": "1000(W)", "grid": "500(W)"}
    power = reading(desk(plant(**sizes)).fetch()).power
    assert (power.battery_w, power.grid_w) == (None, None)
    power = reading(desk(plant(gridStatus=1, **sizes)).fetch()).power
    assert (power.battery_w, power.grid_w) == (None, 500.0)


def test_a_station_without_panels_has_a_pv_of_zero():
    info = {"stationname": "Hut", "status": 1, "time_span": -2.0, "has_pv": False}
    body = plant(more={"info": info}, pv="", genset="2500(W)")
    found = reading(desk(body).fetch())
    assert (found.power.pv_w, found.power.battery_w) == (0.0, -1500.0)


def test_what_a_micro_grid_gives_nobody_knows():
    assert shown(plant(microGrid="2500(W)")) == CHARGES  # only so is there enough
    assert shown(plant(microGrid="900(W)", bettery="800(W)")) == UNKNOWN


@pytest.mark.parametrize("sign", [{"is_stored": True}, {"battery_capacity": 9.6}])
def test_one_word_of_a_battery_is_enough(sign):
    info = {"stationname": "Roof", "status": 1, "time_span": -2.0} | sign
    found = reading(desk(monitor(info=info, soc={"power": 80})).fetch())
    assert found.battery.soc_percent == 80
