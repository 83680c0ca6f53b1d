"""A number that no station of this size can have is unknown; a generous one stays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import Dialect, EnergySums, Powers
from sems_tray.domain.poll_result import PollFailed
from sems_tray.portal.plausibility import DAY, MONTH, YEAR, Bounds
from tests.portal.scripted import (
    EVERYTHING,
    Desk,
    classic_portal,
    factors,
    flow,
    monitor,
    ok,
    plus_portal,
    reading,
    statistics,
)

MAY = date(2026, 5, 1)
INFO = {"name": "Roof", "zoneId": "Europe/Amsterdam", "pvCapacity": 5}
FLOW = {"pSystem": 3.0, "pGrid": 1.0, "pConsum": 2.0, "pEvChar": 0}


def plus_desk(capacity=5, **parts):
    info = ok(INFO | {"pvCapacity": capacity})
    return Desk(plus_portal(**{"*/stations/basic/info": info} | parts))


@pytest.mark.parametrize(
    ("absurd", "name"),
    [
        ({"pSystem": 3200}, "pv_w"),
        ({"pSystem": "3.2 MW"}, "pv_w"),
        ({"pSystem": 26}, "pv_w"),
        ({"pSystem": -5}, "pv_w"),
        ({"pGrid": -1200}, "grid_w"),
        ({"pConsum": 800}, "load_w"),
        ({"pEvChar": 7400}, "ev_w"),
    ],
)
def test_a_power_beyond_the_stations_size_is_unknown(absurd, name):
    power = reading(plus_desk(**{"*/stations/flow": flow(**FLOW | absurd)}).fetch())
    told = {"pv_w": 3000.0, "grid_w": 1000.0, "load_w": 2000.0, "ev_w": 0.0}
    left = {key: getattr(power.power, key) for key in told if key != name}
    assert getattr(power.power, name) is None
    assert left == {key: it for key, it in told.items() if key != name}


def test_what_follows_from_an_absurd_power_is_unknown_too():
    absurd_powers = (
        {"pSystem": 3200},
        {"pConsum": 800},
        {"pSystem": "3 kWh"},
        {"pSystem": -5},
        {"pAc": -5},
    )
    for absurd in absurd_powers:
        told = flow(pGrid=1.0, **{"pSystem": None} | absurd)
        power = reading(plus_desk(**{"*/stations/flow": told}).fetch()).power
        assert (power.pv_w, power.load_w) == (None, None)


LARGE = {"pSystem": 3200, "pGrid": 2900, "pConsum": 300}


@pytest.mark.parametrize(
    ("capacity", "told", "pv_w", "load_w"),
    [
        (5, {"pSystem": -0.012, "pGrid": -1.0}, 0.0, 1000.0),  # an inverter's own use
        (None, {"pSystem": -0.1, "pGrid": -1.0}, 0.0, 1000.0),
        (1000, {"pSystem": -2, "pGrid": -1.0}, 0.0, 1000.0),
        (4000, LARGE, 3.2e6, 300e3),
        (None, LARGE, 3.2e6, 300e3),
        (100, {"pSystem": 1, "pConsum": 1900}, 1e3, 1.9e6),
        (None, {"pSystem": "5 GW"}, None, None),
    ],
)
def test_a_large_plant_has_large_numbers(capacity, told, pv_w, load_w):
    power = reading(plus_desk(capacity, **{"*/stations/flow": flow(**told)}).fetch())
    assert (power.power.pv_w, power.power.load_w) == (pv_w, load_w)


@pytest.mark.parametrize("capacity", [5, 1, 0.003, 0, None, "5kWp", "5000 W"])
def test_a_roof_in_the_sun_and_a_house_that_charges_a_car_are_believed(capacity):
    told = {"pSystem": 6.5, "pGrid": -41.5, "pConsum": 48.0}
    power = reading(plus_desk(capacity, **{"*/stations/flow": flow(**told)}).fetch())
    assert power.power == Powers(pv_w=6500.0, load_w=48_000.0, grid_w=-41_500.0)


@pytest.mark.parametrize("kw", [3200, -5])
def test_an_absurd_power_adds_no_energy_to_the_day(kw):
    """Between two looks at the totals the day grows by the powers."""
    pv_kw = [3, 3, kw, 3, 3]

    def told(_):
        at = desk.clock.at + timedelta(hours=2)
        return flow(
            **(FLOW | {"pSystem": pv_kw.pop(0)}), refreshTime=f"{at:%Y-%m-%dT%H:%M:%S}"
        )

    desk = plus_desk(
        **{"*/stations/flow": told, "*/stations/statistics": statistics(12.0)}
    )
    days = []
    for _ in range(5):
        days.append(reading(desk.fetch()).energy.today.pv_kwh)
        desk.clock.add(minutes=2)
    assert days == [12.0, 12.1, 12.1, 12.1, 12.2]


def test_a_days_energy_beyond_the_stations_size_is_unknown():
    day = {"*/stations/statistics": statistics(18_400.0)}
    found = reading(plus_desk(**day).fetch()).energy
    assert (found.today.pv_kwh, found.month.pv_kwh) == (None, None)
    counted = {"*/telecounting": factors(proPvStatsToday="18400", pAc="3200")}
    (inverter,) = reading(plus_desk(**counted).fetch(EVERYTHING)).inverters
    assert inverter.today_kwh is None


def past_sums(days, months=()):
    desk = plus_desk(**{"*/stations/statistics": days})
    desk.fetch()
    found = desk.client.month(MAY)
    assert not isinstance(found, PollFailed)
    return found


def test_an_absurd_day_of_the_past_is_unknown_and_in_no_sum():
    rows = [{"date": f"2026-05-{n:02d}", "val": 18.4} for n in range(1, 32)]
    rows[4]["val"] = 18_400
    item = {"item": "proSystemTotalStats", "statisticsList": rows}
    found = past_sums(ok({"dataList": [item]}))
    assert [it.day.day for it in found.days] == [n for n in range(1, 32) if n != 5]
    assert [it for it in found.months if it.sums.pv_kwh] == []


@pytest.mark.parametrize(
    ("power", "watts"),
    [(3.2, 3200.0), (3200, None), ("3200 W", 3200.0), (-5, None), (-0.012, 0.0)],
)
def test_an_absurd_minute_of_a_day_is_a_gap(power, watts):
    rows = [{"tp": "2026-05-01 11:00:00", "power": power}]
    told = ok({"dataList": [{"item": "pSystem", "powerData": rows}]})
    desk = plus_desk(**{"*/hems/power/*": told})
    desk.fetch()
    points = desk.client.day_curve(MAY)
    assert not isinstance(points, PollFailed)
    assert [it.power.pv_w for it in points] == [watts]


def classic(**parts):
    body = monitor(**parts)
    script = classic_portal(**{"*/GetMonitorDetailByPowerstationId": body})
    return reading(Desk(script, dialect=Dialect.CLASSIC).fetch(EVERYTHING))


def test_a_classic_roof_of_5_kwp_makes_no_megawatts():
    sizes = {"pv": "3200(kW)", "load": "1000(W)", "grid": "2000(W)"}
    entry = {"sn": "INV", "status": 1, "out_pac": "3.2MW", "eday": 18_400.0}
    entry |= {"etotal": 9e8}
    found = classic(powerflow=sizes, inverter=[entry])
    (inverter,) = found.inverters
    assert (found.power.pv_w, found.power.load_w) == (None, 1000.0)
    assert (inverter.power_w, inverter.today_kwh) == (None, None)
    assert (inverter.total_kwh, found.energy.total.pv_kwh) == (None, None)


@pytest.mark.parametrize(
    ("pv", "watts"), [("-5(kW)", None), ("-12(W)", 0.0), ("", None)]
)
def test_a_classic_roof_takes_nothing(pv, watts):
    found = classic(
        powerflow={"pv": pv, "load": "400(W)", "grid": "400(W)", "gridStatus": -1},
        inverter=[{"sn": "INV", "status": 1, "out_pac": -5000}],
    )
    assert (found.power.pv_w, found.power.grid_w) == (watts, -400.0)


@given(
    kwp=st.floats(0.3, 5000),
    share=st.floats(0, 1.5),
    sun_h=st.floats(0, 12),
    days=st.sampled_from([DAY, MONTH, YEAR]),
)
def test_whatever_a_roof_can_really_make_is_believed(kwp, share, sun_h, days):
    bounds = Bounds(kwp)
    power = Powers(pv_w=kwp * share * 1000, load_w=share * 20_000)
    sums = EnergySums(pv_kwh=kwp * sun_h * days, load_kwh=200.0 * days)
    assert bounds.powers(power) == power
    assert bounds.sums(sums, days) == sums


@given(kwp=st.floats(3, 5000), kwh_per_kwp=st.floats(0.1, 9))
def test_an_energy_in_watt_hours_is_no_day(kwp, kwh_per_kwp):
    told = EnergySums(pv_kwh=kwp * kwh_per_kwp * 1000)
    assert Bounds(kwp).sums(told, DAY).pv_kwh is None
