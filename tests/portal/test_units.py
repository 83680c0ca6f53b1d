"""The same station told in other units is the same station.

What a unit is, is tested in ``test_numbers``; here, that each reader looks at it.
"""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from sems_tray.domain.model import BatteryPack
from sems_tray.portal.classic import statistics as charts
from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.semsplus import devices, statistics
from sems_tray.portal.semsplus.flow import parse_flow
from sems_tray.portal.semsplus.stations import parse_info
from sems_tray.portal.wire.values import day_of, month_of
from tests.portal.scripted import NOON, monitor

DAY, MAY = date(2026, 6, 21), date(2026, 5, 1)
WHERE = ZoneInfo("Europe/Amsterdam")


def raw(data):
    return json.dumps(data).encode()


def told(**factors):
    return raw(
        [{"code": k, "data": v, "unit": unit} for k, (v, unit) in factors.items()]
    )


@pytest.mark.parametrize(("factor", "unit"), [(1e3, "W"), (1.0, "(kW)"), (1e-3, "MW")])
def test_a_flow(factor, unit):
    kilowatts = {"pSystem": 3.2, "pAc": 3.1, "pGrid": 1.2, "pConsum": 2.0}
    texts = {name: f"{kw * factor:.7f}{unit}" for name, kw in kilowatts.items()}
    live = parse_flow(raw(texts | {"pEvChar": "1.1 kWh"}), None, NOON)
    power = live.power
    assert (power.pv_w, live.ac_w, power.grid_w) == (3200.0, 3100.0, 1200.0)
    assert (power.load_w, power.ev_w) == (2000.0, None)


@pytest.mark.parametrize(
    ("unit", "value", "kwh"),
    [
        ("Wh", 18_400, 18.4),
        (None, 18.4, 18.4),
        ("MWh", "0.0184", 18.4),
        ("MJ", 66, None),
    ],
)
def test_statistics_and_counters(unit, value, kwh):
    row = {"date": "2026-06-21", "val": value}
    item = {"item": "proSystemTotalStats", "unit": unit, "statisticsList": [row]}
    rows = raw({"dataList": [item]})
    assert statistics.parse_period(rows, DAY, DAY).pv_kwh == kwh
    past = statistics.parse_past(rows, day_of)
    assert [it.pv_kwh for it in past.values()] == ([kwh] if kwh else [])
    counters = devices.parse_counters(told(proPvStatsTotal=(value, unit)))
    assert counters.energy.total.pv_kwh == kwh


def test_telemetry():
    inverter = devices.parse_inverter(
        told(
            **{
                "pAc": ("3200", "W"),
                "Temperature": ("86", "°F"),
                "MPPT-1:Vpv": ("0.36", "kV"),
                "MPPT-1:Ipv": ("4300", "mA"),
                "MPPT-1:Ppv": ("1548", "W"),
                "Vac": ("0.231", "kV"),
                "Fac": ("50", "kVar"),
            }
        )
    )
    (string,), (phase,) = inverter.strings, inverter.phases
    assert (inverter.power_w, inverter.temperature_c) == (3200.0, 30.0)
    assert (string.v, string.a, string.w) == (360.0, 4.3, 1548.0)
    assert (phase.v, phase.hz) == (231.0, None)


def test_a_batterys_telemetry():
    pack = devices.parse_pack(
        told(
            soc=("76", "%"),
            pBat=("500", "W"),
            vMinCell=("3.31", "V"),
            vMaxCell=("3340", "mV"),
            batSysTemp=("77", "℉"),
        ),
        BatteryPack(sn="BAT"),
    )
    assert (pack.soc_percent, pack.power_w, pack.temperature_c) == (76.0, 500.0, 25.0)
    assert (pack.cell_min_mv, pack.cell_max_mv) == (3310.0, 3340.0)


@pytest.mark.parametrize(
    ("unit", "power"), [("W", 3200), ("kW", 3.2), (None, 3.2), (None, "3200 W")]
)
def test_a_day_curve(unit, power):
    rows = [{"tp": "2026-06-21 11:00:00", "power": power}]
    reply = raw({"dataList": [{"item": "pSystem", "unit": unit, "powerData": rows}]})
    (point,) = statistics.parse_curve(reply, WHERE)
    assert point.power.pv_w == 3200.0


def test_what_is_installed_in_watts():
    found, _ = parse_info(
        raw({"pvCapacity": "10100 Wp", "batteryCapacity": "9600Wh"}), "S"
    )
    assert (found.capacity_kwp, found.battery_kwh) == (10.1, 9.6)


def test_a_classic_monitor():
    entry = {"sn": "INV", "status": 1, "out_pac": "6.5kW", "eday": "500Wh"}
    entry |= {"etotal": "12.3 MWh", "tempperature": "86°F"}
    full = {"vpv1": "0.36kV", "ipv1": "4300mA", "vac1": "231V", "fac1": "50Hz"}
    body = monitor(
        powerflow={"pv": "6.77(kW)", "load": "Load\uff1a1.5(kW)", "grid": "5.27 kW"},
        inverter=[entry | {"invert_full": full}],
        kpi={"month_generation": "0.2 MWh", "currency": "AUD"},
        hasEnergeStatisticsCharts=True,
        energeStatisticsCharts={"sum": "0.5", "buy": "300Wh", "sell": "6200 Wh"},
    )
    found = parse_monitor(raw(body["data"]), "S", NOON)
    power, energy, (parsed,) = found.live.power, found.energy, found.inverters
    inverter, today = parsed.inverter, energy.today
    assert (power.pv_w, power.load_w, power.grid_w) == (6770.0, 1500.0, 5270.0)
    assert (inverter.power_w, inverter.temperature_c) == (6500.0, 30.0)
    assert (inverter.strings[0].v, inverter.strings[0].a) == (360.0, 4.3)
    assert (today.pv_kwh, today.import_kwh, today.export_kwh) == (0.5, 0.3, 6.2)
    assert energy.month.pv_kwh == 200.0
    assert energy.total.pv_kwh == inverter.total_kwh == 12300.0


@pytest.mark.parametrize(
    ("line", "power", "watts"),
    [
        ({"unit": "kW"}, 3.2, 3200.0),
        ({"label": "PV(kW)"}, 3.2, 3200.0),
        ({"label": "PV (east)"}, 3200, 3200.0),
        ({"unit": "A"}, 3.2, None),
    ],
)
def test_a_classic_day_curve_by_its_lines_unit(line, power, watts):
    lines = [{"key": "PCurve_Power_PV", "xy": [{"x": "11:00", "y": power}]} | line]
    (point,) = charts.parse_power_chart(raw({"lines": lines}), DAY, WHERE)
    assert point.power.pv_w == watts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"key": "PVGeneration", "unit": "MWh"}, 0.184),
        ({"name": "Generation(Wh)"}, 184_000),
        ({"name": "Generation(kWh)"}, 184),
    ],
)
def test_classic_bars_by_their_lines_unit(line, told):
    lines = [{"xy": [{"x": "2026-05", "y": told}]} | line]
    assert charts.parse_bars(raw({"lines": lines}), month_of)[MAY].pv_kwh == 184.0
