"""The simulator's replies have the recorded keys, with values of the same kinds."""

import json
from datetime import UTC, datetime

import pytest

from tests.simulator.callers import Old, Plus

INVERTER = "DEMO10KETU000001"
GRID_INVERTER = "DEMO5000DNS00002"
METER = "DEMOGM3000000001"


def kind(value):
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    return "number" if isinstance(value, int | float) else type(value).__name__


def missing(recorded, served, where="reply"):
    """List where the served reply lacks a recorded key or has another kind."""
    if isinstance(recorded, dict) and isinstance(served, dict):
        out = [f"{where}.{key} is missing" for key in recorded if key not in served]
        for key in recorded.keys() & served.keys():
            out += missing(recorded[key], served[key], f"{where}.{key}")
        return out
    if isinstance(recorded, list) and isinstance(served, list):
        if not recorded or not served:
            return []
        return missing(recorded[0], served[0], f"{where}[]")
    kinds = {kind(recorded), kind(served)}
    fits = len(kinds) == 1 or "NoneType" in kinds
    return [] if fits else [f"{where}: {kind(recorded)} became {kind(served)}"]


def factors(groups):
    """Turn telemetry into {group/code: factor}."""
    return {
        f"{group['code']}/{factor['code']}": factor
        for group in groups
        for factor in group["factors"]
    }


@pytest.fixture
def recorded(recordings):
    return lambda name: json.loads((recordings / f"{name}.json").read_text("utf-8"))


def test_signing_in(recorded, at_noon, plus, old):
    sim = at_noon()
    reply = recorded("semsplus_web_cross_login")["response"]
    del reply["httpStatus"]
    assert not missing(reply, plus(sim).sign_in())
    assert not missing(
        recorded("legacy_login_v2_success_openhab_2021"), old(sim).sign_in()
    )


def test_refusals(recorded, at_noon, plus, old):
    sim = at_noon()
    caller, veteran = plus(sim), old(sim)
    wrong = veteran.sign_in("wrong")
    right = recorded("legacy_login_error_100005_wrong_password")
    assert not missing(right, wrong)
    assert (wrong["code"], wrong["msg"]) == (right["code"], right["msg"])
    bare = veteran.send("v2/Common/CrossLogin", headers={}).json()
    nameless = recorded("legacy_error_100000_ver_is_not_fund_no_token_header")
    assert bare == nameless
    denied = Old(sim.url).post("v2/PowerStation/GetPowerflow", id="x")
    stranger = recorded("legacy_error_100001_no_access_please_login")
    assert not missing(stranger, denied)
    assert (denied["code"], denied["msg"]) == (stranger["code"], stranger["msg"])
    caller.token["token"] = "old"
    abnormal = recorded("semsplus_error_C0602_account_login_abnormal")
    assert caller.get("sems-plant/api/stations/flow", stationId="x") == abnormal
    plain = Plus(sim.url).sign_in(pwd="demo")
    parameter = recorded("semsplus_login_error_100004_parameter_error")
    assert plain | {"traceId": ""} == parameter | {"traceId": ""}
    caller.sign_in()
    dimension = caller.statistics(
        sim.books.station_ids[0], "total", "2026-01-01", "2026-01-02"
    )
    assert not missing(recorded("semsplus_error_S0327_bad_dimension"), dimension)
    assert dimension["code"] == "S0327"
    sim.set_scenario("throttled")
    throttled = caller.get("sems-plant/api/stations/flow", stationId="x")
    assert throttled == recorded("semsplus_error_GY0429_rate_limited")


def test_stations_and_flows(recorded, at_noon, plus):
    house, roof = at_noon(), at_noon("pv-only")
    caller = plus(house)
    rows = caller.post("sems-plant/api/portal/stations/page", {"current": 1})
    assert not missing(recorded("semsplus_station_list"), rows)
    flow = caller.get("sems-plant/api/stations/flow", stationId=caller.station())
    hybrid = recorded("semsplus_hybrid_station_flow")
    assert not missing(hybrid | {"data": hybrid["data"] | {"flows": {}}}, flow)
    caller = plus(roof)
    flow = caller.get("sems-plant/api/stations/flow", stationId=caller.station())
    bare = recorded("semsplus_station_flow_pv_only")
    assert not missing(bare, flow)
    assert bare["data"].keys() == flow["data"].keys()


def test_a_metered_night(recorded, at_noon, plus):
    evening = datetime(2026, 4, 21, 21, 0, tzinfo=UTC)
    sim = at_noon("multi", now=lambda: evening)
    caller, workshop = plus(sim), sim.world.sites[3].spec.station_id
    night = recorded("semsplus_station_flow_meter_night_import")
    flow = caller.get("sems-plant/api/stations/flow", stationId=workshop)
    assert not missing(night, flow)
    assert night["data"].keys() == flow["data"].keys()
    assert flow["data"]["status"] == "0"
    states = recorded("semsplus_smart_meter_all_status_inverter_offline_night")
    served = caller.get("sems-plant/api/stations/device/all-status", stationId=workshop)
    kinds = {
        row["deviceType"]: row["statusDetailList"][0]["status"]
        for row in served["data"]["deviceDetailList"]
    }
    assert (kinds["INVERTER"], kinds["SMART_METER"]) == (0, 1)
    # serial numbers are keys here
    assert not [it for it in missing(states, served) if "_SN>" not in it]


def test_devices(recorded, at_noon, plus):
    caller = plus(at_noon())
    station = caller.station()
    served = caller.get("sems-plant/api/stations/device/all-status", stationId=station)
    right = recorded("semsplus_hybrid_all_status")
    assert not [n for n in missing(right, served) if "serial>" not in n]
    device = served["data"]["deviceDetailList"][0]["statusDetailList"][0]
    like = right["data"]["deviceDetailList"][0]["statusDetailList"][0]
    detail, likeness = (
        device["detailMap"][INVERTER],
        like["detailMap"]["<inverter_serial>"],
    )
    assert not missing(likeness, detail)

    path = f"sems-plant/api/equipments/{INVERTER}/relatedDevices"
    related = caller.get(path, sn=INVERTER, deviceType="BAT_SYS", pwId=station)
    assert not missing(recorded("semsplus_related_devices_bat_sys_charging"), related)
    assert related["data"][0]["status"] == 6


def equipment(caller, sn, what, **query):
    path = f"sems-plant/api/equipments/{sn}/{what}"
    return caller.get(path, pwId=caller.station(), **query)


HYBRID, ROOF = ("day", INVERTER, "INVERTER"), ("pv-only", GRID_INVERTER, "INVERTER")
MEASURED = {
    "hybrid_inverter_telemetry": HYBRID,
    "hybrid_inverter_telecounting": HYBRID,
    "inverter_telemetry_single_phase": ROOF,
    "inverter_telecounting_pv_only": ROOF,
    "smart_meter_telemetry_three_phase_import": ("day", METER, "SMART_METER"),
    "smart_meter_telecounting": ("day", METER, "SMART_METER"),
    "hybrid_battery_system_telemetry": ("day", "DEMOBATSYS000001", "BAT_SYS"),
}
# Ours has three phases, and tells of no leakage.
ABSENT = {
    "hybrid_inverter_telemetry": {"ac/Vac", "ac/Iac"},
    "inverter_telemetry_single_phase": {"pv/LeakageCurrent"},
}


@pytest.mark.parametrize("name", MEASURED)
def test_what_a_device_measures_and_counts(recorded, at_noon, plus, name):
    scenario, sn, kind_ = MEASURED[name]
    what = "telecounting" if "telecounting" in name else "telemetry"
    served = equipment(plus(at_noon(scenario)), sn, what, deviceType=kind_)
    right = factors(recorded(f"semsplus_{name}")["data"])
    ours = factors(served["data"])
    assert right.keys() - ours.keys() == ABSENT.get(name, set())
    for code in right.keys() & ours.keys() if scenario == "day" else ():
        assert not missing(right[code], ours[code], code)


def test_energies_curves_and_alarms(recorded, at_noon, plus):
    sim = at_noon("fault")
    caller = plus(sim)
    station = caller.station()
    for name, dimension, first, last in (
        ("semsplus_hybrid_statistics_day", "day", "2026-04-20", "2026-04-20"),
        ("semsplus_hybrid_statistics_year_2026", "year", "2026-01-01", "2026-12-31"),
    ):
        right = recorded(name)
        served = caller.statistics(station, dimension, first, last)
        assert not missing(right, served)
        assert right["data"].keys() == served["data"].keys()
        rows = [
            {row["item"]: len(row["statisticsList"][0]["date"]) for row in reply}
            for reply in (right["data"]["dataList"], served["data"]["dataList"])
        ]
        assert rows[0] == rows[1]
    produced = caller.post(
        "sems-plant/api/stations/production",
        {
            "stationId": station,
            "items": ["proSystemTotalStats", "profitProStats"],
            "dimension": "day",
            "startTime": "2026-04-20 00:00:00",
            "endTime": "2026-04-20 23:59:59",
        },
    )
    right = recorded("semsplus_production_day_us")
    assert not missing(right, produced)
    assert right["data"].keys() == produced["data"].keys()
    right = recorded("semsplus_power_curve_day_1min_truncated")
    curve = caller.curve(station, "2026-04-20")
    dark, *_, light = right["data"]["dataList"][0]["powerData"]
    assert curve["pSystem"][0].keys() == dark.keys()
    assert not missing(dark, curve["pSystem"][0])
    assert not missing(light, curve["pSystem"][700])
    assert curve["pSystem"][700].keys() == light.keys()
    alarms = caller.post(
        "sems-alarm/api/v2/alarm/page",
        {"pageIndex": 1, "pageSize": 20, "stationIds": [station]},
    )
    right = recorded("semsplus_alarm_page_one_active_one_recovered")
    assert not missing(right, alarms)
    counts = caller.post("sems-alarm/api/alarm/statistics", {"stationIds": [station]})
    assert not missing(recorded("semsplus_alarm_statistics_string_counts"), counts)


def test_the_classic_monitor(recorded, at_noon, old):
    house, roof = at_noon(), at_noon("pv-only")
    for sim, name in (
        (roof, "legacy_monitor_v3_offline_night_NS_single"),
        (roof, "legacy_monitor_v2_running_DT_three_phase_sentinels"),
        (house, "legacy_monitor_v3_offline_night_NS_single"),
        (house, "legacy_monitor_v3_homekit_offline_empty_powerflow_XS"),
    ):
        caller = old(sim)
        reply = caller.post(
            "v3/PowerStation/GetMonitorDetailByPowerstationId",
            powerStationId=caller.station(),
        )
        right = recorded(name)
        right = right if "data" in right else {"data": right}
        absent = [
            line
            for line in missing(right, reply)
            if not line.endswith(
                (
                    # an address that only some replies carry, and the older
                    # neighbours of a station
                    "components.api is missing",
                    "powerstation_id is missing",
                    # text in one recording, a number in the other
                    ".d.soc: number became str",
                    ".d.soh: number became str",
                )
            )
        ]
        assert not absent, name


def test_the_classic_lists(recorded, at_noon, old):
    sim = at_noon()
    caller = old(sim)
    served = caller.post("PowerStationMonitor/QueryPowerStationMonitorForApp")
    right = recorded("legacy_QueryPowerStationMonitorForApp_list_offline")
    for reply in (right, served):
        del reply["code"], reply["components"]
    assert not missing(right, served)
    day = caller.post(
        "PowerStationMonitor/GetPowerStationPacByDayForApp",
        id=caller.station(),
        date="2026-04-20",
    )
    right = recorded("legacy_GetPowerStationPacByDayForApp_2018")
    assert not missing(right, day["data"])
    assert len(day["data"]["pacs"]) == 288
