"""What a portal written from the facts alone, by somebody else, brought to light."""

import json
from datetime import date

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.portal.semsplus import alarms
from sems_tray.portal.semsplus import statistics as totals
from tests.portal.scripted import (
    EVERYTHING,
    NOON,
    Desk,
    classic_portal,
    device,
    factors,
    flow,
    monitor,
    ok,
    plus_portal,
    reading,
)

BROKEN = {"code": "P0214", "description": "op fail"}
BAT_SYS, CABINET = "BAT_SYS", "ENERGY_STORAGE_INTEGRATED_CABINET"
SYSTEM = {"sn": "BAT", "type": BAT_SYS, "status": 6, "soc": 76, "pbat": -1.2}
STATISTICS = "*/stations/statistics"


def hybrid(subtype, *kinds, racks=True, given=CABINET):
    """Return a portal that knows the battery under one ``deviceType`` only."""
    devices = [device(kind, "INV", 5, subtype) for kind in kinds]
    if racks:
        devices.append(device("BATTERY_RACK", "RACK", 0, None))

    def related(request):
        return ok([SYSTEM] if request.params["deviceType"] == given else [])

    def telemetry(request):
        found = (
            {"batSysTemp": "27.1"} if request.params["deviceType"] == BAT_SYS else {}
        )
        return factors(**found)

    parts = {
        "*/stations/flow": flow(pBat=-1.2, soc=76),
        "*/device/all-status": ok({"deviceDetailList": devices}),
        "*/relatedDevices": related,
        "*/telemetry": telemetry,
    }
    return Desk(plus_portal(**parts))


@pytest.mark.parametrize("given", [CABINET, BAT_SYS])
@pytest.mark.parametrize("kind", ["INVERTER", CABINET])
def test_batteries_are_found_under_the_types_of_the_facts(kind, given):
    found = reading(hybrid("store", kind, given=given).fetch(EVERYTHING))
    assert {it.sn for it in found.packs} == {"BAT", "RACK"}
    assert found.battery.temperature_c == 27.1


@pytest.mark.parametrize(
    ("subtype", "racks", "asked"),
    [("store", False, 1), (None, True, 1), (None, False, 0), ("grid", True, 0)],
)
def test_who_may_have_a_battery_behind_it_is_asked(subtype, racks, asked):
    desk = hybrid(subtype, "INVERTER", racks=racks)
    desk.fetch()
    assert desk.script.count("*/relatedDevices") == asked


@pytest.mark.parametrize(
    ("told", "model", "stale"),
    [(factors(), None, ("devices",)), (factors(modelType="GW5"), "GW5", ())],
)
def test_models_are_old_where_neither_source_names_them(told, model, stale):
    portal = plus_portal(**{"*/device/station/page": BROKEN, "*/information": told})
    found = reading(Desk(portal).fetch())
    assert found.inverters[0].model == model
    assert found.stale == stale


@pytest.mark.parametrize("models", [("GW5", ""), ("", "GW5")])
def test_a_row_without_a_model_takes_none_away(models):
    rows = [{"sn": "INV", "model": it} for it in models]
    desk = Desk(plus_portal(**{"*/device/station/page": ok({"dataList": rows})}))
    assert reading(desk.fetch()).inverters[0].model == "GW5"
    assert desk.script.count("*/information") == 0


def period(rows, *span):
    values = [{"date": day, "val": kwh} for day, kwh in rows.items()]
    item = {"item": "proSystemTotalStats", "statisticsList": values}
    raw = json.dumps({"dataList": [item]}).encode()
    return totals.parse_period(raw, *map(date.fromisoformat, span)).pv_kwh


@pytest.mark.parametrize(
    ("span", "stray", "kwh"),
    [
        (("2026-06-21", "2026-06-21"), "2026-06-20", 5.0),
        (("2026-06-01", "2026-06-30"), "2026-06-20", 38.0),
        (("2026-06-01", "2026-06-30"), "2026-07-01", 5.0),
        (("2026-01-01", "2026-12-31"), "2026-07", 38.0),
        (("2026-01-01", "2026-12-31"), "2025", 5.0),
        (("2026-01-01", "2026-12-31"), "2027", 5.0),
    ],
)
def test_a_row_of_another_period_does_not_count(span, stray, kwh):
    assert period({"2026-06-21": 5.0, stray: 33.0}, *span) == kwh


@pytest.mark.parametrize("words", ["2026-06-21 00:00:00", "2026-06-21T10:00", "", "?"])
def test_a_row_whose_date_is_written_otherwise_counts(words):
    assert period({words: 5.0, "2026-06-20": 1.0}, "2026-06-21", "2026-06-21") == 5.0


def test_the_only_row_for_one_day_is_that_day_by_the_portals_calendar():
    assert period({"2026-09-24": 31.4}, "2026-09-25", "2026-09-25") == 31.4
    assert period({"2026-09-24": 31.4}, "2026-10-01", "2026-10-31") is None


def classic(full, *, inverters=1, **charts):
    parts = monitor(
        energeStatisticsCharts={"sum": 5.0, "buy": 1.0, "sell": 2.0} | charts,
        energeStatisticsTotals={"sum": 9.0, "buy": 888.0, "sell": 777.0},
        hasEnergeStatisticsCharts=True,
    )
    entry = parts["data"]["inverter"][0]
    entry["invert_full"] |= full
    parts["data"]["inverter"] = [
        entry | {"sn": f"INV{n}", "invert_full": dict(entry["invert_full"])}
        for n in range(inverters)
    ]
    portal = classic_portal(**{"*/GetMonitorDetailByPowerstationId": parts})
    return reading(Desk(portal, dialect=Dialect.CLASSIC).fetch()).energy


@pytest.mark.parametrize(
    ("full", "inverters", "import_kwh"),
    [
        ({"hasmeter": True, "total_buy": 30.5, "total_sell": 70.5}, 1, 30.5),
        ({"hasmeter": True, "total_buy": 30.5, "total_sell": 70.5}, 2, 888.0),
        ({"hasmeter": False, "total_buy": 0.0, "total_sell": 0.0}, 1, 888.0),
        ({"hasmeter": True, "total_buy": 0.0, "total_sell": 0.0}, 1, 888.0),
        ({}, 1, 888.0),
    ],
)
def test_classic_lifetime_comes_from_the_one_meter(full, inverters, import_kwh):
    total = classic(full, inverters=inverters).total
    assert total.import_kwh == import_kwh
    assert total.export_kwh == (70.5 if import_kwh == 30.5 else 777.0)


@pytest.mark.parametrize(
    ("charts", "charge_kwh"),
    [
        ({"charge": 5.0, "disCharge": 1.4}, 5.0),
        ({"charge": 0.0, "disCharge": 0.0}, None),
        ({"charge": 0.0, "disCharge": 0.0, "hasCharge": True}, 0.0),
        ({"charge": 0.0, "disCharge": 0.0, "hasCharge": False}, None),
    ],
)
def test_classic_energy_that_was_stored_needs_no_flag(charts, charge_kwh):
    assert classic({}, **charts).today.charge_kwh == charge_kwh


@pytest.mark.parametrize(
    ("status", "active"), [(0, True), ("0", True), (None, True), (1, False), (7, False)]
)
def test_an_alarm_of_an_unknown_status_is_no_fault(status, active):
    row = {"warningid": "w", "warningNameEn": "Odd", "status": status}
    raw = json.dumps({"dataList": [row], "total": 1}).encode()
    (found,), _ = alarms.parse_alarms(raw, None, NOON)
    assert found.active is active
