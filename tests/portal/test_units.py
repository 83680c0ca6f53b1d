"""The same station told in other units is the same station."""

from datetime import date

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed
from tests.portal.scripted import (
    EVERYTHING,
    Desk,
    classic_portal,
    device,
    flow,
    monitor,
    ok,
    plus_portal,
    reading,
)

DAY = date(2026, 6, 21)
FLOW = {"pSystem": 3.2, "pAc": 3.1, "pGrid": 1.2, "pConsum": 2.0, "pEvChar": 1.1}


def told(**factors):
    rows = [
        {"code": code, "data": data, "unit": unit}
        for code, (data, unit) in factors.items()
    ]
    return ok([{"code": "g", "factors": rows}])


def statistics(unit, value):
    row = {"date": "2026-06-21", "val": value}
    item = {"item": "proSystemTotalStats", "unit": unit, "statisticsList": [row]}
    return ok({"dataList": [item]})


def curve(unit, power):
    rows = [{"tp": "2026-06-21 11:00:00", "power": power}]
    return ok({"dataList": [{"item": "pSystem", "unit": unit, "powerData": rows}]})


def past(outcome):
    assert not isinstance(outcome, PollFailed), outcome
    return outcome


def plus(**parts):
    return reading(Desk(plus_portal(**parts)).fetch(EVERYTHING))


def classic(**parts):
    answer = {"*/GetMonitorDetailByPowerstationId": monitor(**parts)}
    desk = Desk(classic_portal(**answer), dialect=Dialect.CLASSIC)
    return reading(desk.fetch(EVERYTHING))


@pytest.mark.parametrize(("factor", "unit"), [(1e3, "W"), (1.0, "(kW)"), (1e-3, "MW")])
def test_the_flow_in_watts_or_megawatts(factor, unit):
    texts = {name: f"{kw * factor:.7f}{unit}" for name, kw in FLOW.items()}
    bare = plus(**{"*/stations/flow": flow(**FLOW)}).power
    assert plus(**{"*/stations/flow": flow(**texts)}).power == bare
    assert (bare.pv_w, bare.grid_w, bare.load_w) == (3200.0, 1200.0, 2000.0)


def test_a_flow_in_another_kind_of_unit_is_unknown():
    texts = {name: f"{kw} kWh" for name, kw in FLOW.items()}
    power = plus(**{"*/stations/flow": flow(**texts)}).power
    assert (power.pv_w, power.load_w, power.grid_w, power.ev_w) == (None,) * 4


@pytest.mark.parametrize(
    ("unit", "value", "kwh"),
    [
        ("Wh", 18_400, 18.4),
        ("kWh", 18.4, 18.4),
        (None, 18.4, 18.4),
        ("MWh", "0.0184", 18.4),
        ("MJ", 66.2, None),
    ],
)
def test_statistics_by_the_unit_beside_them(unit, value, kwh):
    desk = Desk(plus_portal(**{"*/stations/statistics": statistics(unit, value)}))
    found = reading(desk.fetch(EVERYTHING))
    assert found.energy.today.pv_kwh == kwh
    days = past(desk.client.month(DAY)).days
    assert [it.sums.pv_kwh for it in days] == ([kwh] if kwh else [])


@pytest.mark.parametrize(
    ("unit", "total", "shown"),
    [("MWh", "12.3456", 12345.6), ("kWh", "12345.6", 12345.6), ("km", "5", None)],
)
def test_counters_by_the_unit_beside_them(unit, total, shown):
    counters = told(proPvStatsTotal=(total, unit), pAc=("3200", "W"))
    found = plus(**{"*/telecounting": counters})
    assert found.energy.total.pv_kwh == found.inverters[0].total_kwh == shown


def test_telemetry_by_the_units_beside_it():
    devices = [device("INVERTER", "INV"), device("BATTERY_RACK", "BAT")]
    factors = {
        "pAc": ("3200", "W"),
        "Temperature": ("86", "°F"),
        "MPPT-1:Vpv": ("0.36", "kV"),
        "MPPT-1:Ipv": ("4300", "mA"),
        "MPPT-1:Ppv": ("1548", "W"),
        "Vac": ("231", "V"),
        "Fac": ("50", "kVar"),
        "soc": ("76", "%"),
        "pBat": ("500", "W"),
        "vMinCell": ("3.31", "V"),
        "vMaxCell": ("3340", "mV"),
        "batSysTemp": ("77", "℉"),
    }
    found = plus(
        **{
            "*/device/all-status": ok({"deviceDetailList": devices}),
            "*/telemetry": told(**factors),
        }
    )
    (inverter,), (pack,) = found.inverters, found.packs
    (string,), (phase,) = inverter.strings, inverter.phases
    assert (inverter.power_w, inverter.temperature_c) == (3200.0, 30.0)
    assert (string.v, string.a, string.w) == (360.0, 4.3, 1548.0)
    assert (phase.v, phase.hz) == (231.0, None)
    assert (pack.soc_percent, pack.power_w, pack.temperature_c) == (76.0, 500.0, 25.0)
    assert (pack.cell_min_mv, pack.cell_max_mv) == (3310.0, 3340.0)


def test_a_day_curve_by_the_unit_beside_it():
    for unit, power in (("W", 3200), ("kW", 3.2), (None, "3200 W")):
        desk = Desk(plus_portal(**{"*/hems/power/*": curve(unit, power)}))
        desk.fetch()
        (point,) = past(desk.client.day_curve(DAY))
        assert point.power.pv_w == 3200.0


def test_what_is_installed_in_watts():
    info = ok({"pvCapacity": "10100 Wp", "batteryCapacity": "9600Wh"})
    station = plus(**{"*/stations/basic/info": info}).station
    assert (station.capacity_kwp, station.battery_kwh) == (10.1, 9.6)


def test_a_classic_monitor_in_kilowatts():
    flow_ = {"pv": "6.77(kW)", "load": "Load\uff1a1.5(kW)", "grid": "5.27 kW"}
    entry = {"sn": "INV", "status": 1, "out_pac": "6.5kW", "eday": "500Wh"}
    entry |= {"etotal": "12.3 MWh", "tempperature": "86°F"}
    full = {"vpv1": "0.36kV", "ipv1": "4300mA", "vac1": "231V", "fac1": "50Hz"}
    found = classic(
        powerflow=flow_,
        inverter=[entry | {"invert_full": full}],
        kpi={"month_generation": "0.2 MWh", "currency": "AUD"},
    )
    power, energy, (inverter,) = found.power, found.energy, found.inverters
    assert (power.pv_w, power.load_w, power.grid_w) == (6770.0, 1500.0, 5270.0)
    assert (inverter.power_w, inverter.temperature_c) == (6500.0, 30.0)
    assert (inverter.strings[0].v, inverter.strings[0].a) == (360.0, 4.3)
    assert (energy.today.pv_kwh, energy.month.pv_kwh) == (0.5, 200.0)
    assert energy.total.pv_kwh == inverter.total_kwh == 12300.0


def test_classic_energies_of_the_day_in_watt_hours():
    charts = {"buy": "300Wh", "sell": "6200 Wh", "consumptionOfLoad": "9.1kWh"}
    found = classic(
        hasEnergeStatisticsCharts=True,
        energeStatisticsCharts=charts | {"sum": "18.4"},
    ).energy.today
    assert (found.import_kwh, found.export_kwh, found.load_kwh) == (0.3, 6.2, 9.1)


def chart(**line):
    return {"code": 0, "data": {"lines": [line]}}


@pytest.mark.parametrize(
    ("line", "watts"),
    [
        ({"unit": "kW", "xy": [{"x": "11:00", "y": 3.2}]}, 3200.0),
        ({"unit": "W", "xy": [{"x": "11:00", "y": 3200}]}, 3200.0),
        ({"label": "PV(kW)", "xy": [{"x": "11:00", "y": 3.2}]}, 3200.0),
        ({"label": "PV (east)", "xy": [{"x": "11:00", "y": 3200}]}, 3200.0),
        ({"unit": "A", "xy": [{"x": "11:00", "y": 3.2}]}, None),
    ],
)
def test_a_classic_day_curve_by_its_lines_unit(line, watts):
    answer = chart(key="PCurve_Power_PV", **line)
    desk = Desk(
        classic_portal(**{"*/GetPlantPowerChart": answer}), dialect=Dialect.CLASSIC
    )
    desk.fetch()
    (point,) = past(desk.client.day_curve(DAY))
    assert point.power.pv_w == watts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"key": "PVGeneration", "unit": "Wh"}, 184_000),
        ({"key": "PVGeneration", "unit": "MWh"}, 0.184),
        ({"name": "Generation(Wh)"}, 184_000),
        ({"name": "Generation(kWh)"}, 184),
    ],
)
def test_classic_bars_by_their_lines_unit(line, told):
    answer = chart(xy=[{"x": "2026-05", "y": told}], **line)
    desk = Desk(
        classic_portal(**{"*/GetChartByPlant": answer}), dialect=Dialect.CLASSIC
    )
    desk.fetch()
    (may,) = past(desk.client.year(2026)).months
    assert may.sums.pv_kwh == 184.0
