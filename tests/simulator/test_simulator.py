import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sems_tray.simulator.classic import monitor
from sems_tray.simulator.http import Request
from sems_tray.simulator.scenarios import SCENARIOS
from sems_tray.simulator.semsplus import alarm_pages, devices, stations
from sems_tray.simulator.simulator import Simulator
from tests.simulator.callers import FLOW, Plus
from tests.simulator.conftest import NOON

INSTANTS = st.datetimes(
    datetime.fromisoformat("2026-03-01"),
    datetime.fromisoformat("2027-03-01"),
    timezones=st.just(UTC),
)


def still(scenario, now=NOON, **options):
    """Build a simulator that serves nobody; its handlers are called directly."""
    return Simulator(scenario, now=lambda: now, **options)


def asked(sim, **query):
    return Request(
        method="GET", path="", query=query, headers={}, body=b"", now=sim.now()
    )


def data_of(reply):
    return json.loads(reply.encoded())["data"]


def flow_of(sim, index=0):
    site = sim.world.sites[index]
    return data_of(stations.flow(site, asked(sim)))


def monitor_of(sim, index=0):
    return data_of(monitor.monitor(sim.world.sites[index], asked(sim)))


def states_of(sim, index=0):
    rows = devices.devices(sim.world.sites[index], asked(sim))
    return {row.sn: row.status for row in rows}


def active_alarms(sim):
    rows = data_of(alarm_pages.page(sim.world, asked(sim)))["dataList"]
    return [row for row in rows if row["status"] == 0]


def watts(text):
    return int(text.removesuffix("(W)"))


@settings(max_examples=40)
@given(INSTANTS, st.sampled_from(SCENARIOS), st.integers(0, 99))
def test_both_dialects_serve_powers_that_add_up(now, scenario, seed):
    sim = still(scenario, now, seed=seed)
    for index in range(min(len(sim.world.sites), 5)):
        flow = flow_of(sim, index)
        detail: Any = monitor.powerflow(sim.world.sites[index], now)
        if "pConsum" not in flow:
            assert detail is None
            continue
        pv, battery = flow.get("pSystem", 0), flow.get("pBat", 0)
        assert flow["pConsum"] == pytest.approx(pv + battery - flow["pGrid"], abs=1e-9)
        pv_w, load_w = watts(detail["pv"]), watts(detail["load"])
        battery_w = -watts(detail["bettery"]) * detail["betteryStatus"]
        grid_w = watts(detail["grid"]) * detail["gridStatus"]
        assert load_w == pv_w + battery_w - grid_w
        assert [round(kw * 1000) for kw in (pv, battery, flow["pGrid"])] == [
            pv_w,
            battery_w,
            grid_w,
        ]


@settings(max_examples=15)
@given(INSTANTS)
def test_day_makes_power_and_night_lives_on_the_battery(now):
    noon, night = still("day", now), still("night", now)
    assert noon.books.live().pv_w > 300
    live = night.books.live()
    assert live.pv_w == 0
    assert live.battery_w >= 0
    flow = flow_of(night)
    assert "pSystem" not in flow
    assert flow["status"] == "1"
    assert states_of(night)["DEMO10KETU000001"] == 5
    assert states_of(night)["DEMO5000DNS00001"] == 0


def test_readings_are_of_the_present_minute_at_the_station():
    sim = still("day", place="Europe/Madrid")
    assert flow_of(sim)["refreshTime"] == "2026-04-21T12:52:00"
    detail = monitor_of(sim)
    assert detail["info"]["time"] == "04/21/2026 12:52:30"
    assert detail["info"]["time_span"] == -2.0
    seen = detail["inverter"][0]["invert_full"]["last_time"]
    assert seen == int(NOON.replace(second=0).timestamp() * 1000)


def test_a_station_without_meter_and_battery_says_so():
    sim = still("pv-only", place="Europe/Madrid")
    detail = monitor_of(sim)
    assert detail["powerflow"] is None
    assert detail["hasPowerflow"] is False
    inverter = detail["inverter"][0]
    assert inverter["soc"] == "400%"
    assert inverter["invert_full"]["soh"] == -0.1
    assert inverter["invert_full"]["vpv3"] == 6553.5
    assert "TBD/TBD" in inverter["warning_bms"]


def test_a_roof_sleeps_in_the_dark_and_keeps_its_last_report():
    night = datetime(2026, 4, 21, 22, 0, tzinfo=UTC)
    sim = still("pv-only", night, place="Europe/Madrid")
    flow = flow_of(sim)
    assert flow["status"] == "0"
    assert flow["pAc"] == 0
    assert flow["refreshTime"] < "2026-04-21T21:30:00"
    detail = monitor_of(sim)
    assert detail["info"]["status"] == -1
    assert detail["info"]["time"] == "04/22/2026 00:00:00"
    full = detail["inverter"][0]["invert_full"]
    assert full["status"] == -1
    assert full["last_time"] < (night - timedelta(hours=2)).timestamp() * 1000


def test_multi_has_eight_stations_in_pages(at_noon, plus):
    sim = at_noon("multi")
    caller = plus(sim)
    path = "sems-plant/api/portal/stations/page"
    whole = caller.post(path, {"current": 1, "size": 100})["data"]
    assert (len(whole["dataList"]), whole["total"]) == (8, 8)
    parts = [caller.post(path, {"current": n, "size": 3})["data"] for n in (1, 2, 3, 4)]
    assert [len(part["dataList"]) for part in parts] == [3, 3, 2, 0]
    ids = [row["id"] for part in parts for row in part["dataList"]]
    assert ids == list(sim.books.station_ids)
    assert len(set(ids)) == 8
    assert {"0", "1"} <= {row["status"] for row in whole["dataList"]}
    zones = {row["timeZone"] for row in whole["dataList"]}
    assert any(zone.startswith("UTC") for zone in zones)
    query = "sems-plant/api/stations/simple-query"
    rows = caller.post(query, {"pageIndex": 2, "pageSize": 5})["data"]["dataList"]
    assert [row["id"] for row in rows] == ids[5:]


@pytest.mark.parametrize("scenario", ["fault", "grid-lost", "silent"])
def test_a_trouble_can_pass_by_itself(scenario):
    clock = [NOON]
    sim = Simulator(scenario, now=lambda: clock[0], recover_after_s=60)
    assert (
        flow_of(sim)["status"]
        == {"fault": "2", "grid-lost": "1", "silent": "0"}[scenario]
    )
    clock[0] += timedelta(seconds=61)
    assert flow_of(sim)["status"] == "1"
    assert not active_alarms(sim)
    if scenario != "silent":
        rows = data_of(alarm_pages.page(sim.world, asked(sim)))["dataList"]
        assert rows[0]["status"] == 1
        assert int(rows[0]["recoverytime"]) / 1000 == NOON.timestamp() + 60
    clock[0] += timedelta(minutes=6)
    assert sim.books.live().pv_w_each[1] > 0


def test_the_scenario_can_change_while_running():
    clock = [NOON]
    sim = Simulator("day", now=lambda: clock[0])
    station = sim.books.station_ids
    before = sim.books.today()
    sim.set_scenario("fault")
    assert flow_of(sim)["status"] == "2"
    assert sim.books.live().pv_w_each[1] == 0
    clock[0] += timedelta(minutes=12)
    sim.set_scenario("grid-lost")
    assert [row["warningNameEn"] for row in active_alarms(sim)] == ["Utility Loss"]
    sim.set_scenario("silent")
    assert flow_of(sim)["status"] == "0"
    sim.set_scenario("day")
    assert not active_alarms(sim)
    assert flow_of(sim)["status"] == "1"
    assert sim.books.station_ids == station
    assert sim.books.today().load_kwh >= before.load_kwh
    sim.set_scenario("multi")
    assert len(sim.books.station_ids) == 8
    sim.set_scenario("night")
    assert sim.books.live().pv_w == 0
    with pytest.raises(ValueError, match="unknown scenario"):
        sim.set_scenario("weekend")


def test_time_can_run_faster_and_the_date_header_tells(plus):
    with Simulator(speed=3600) as sim:
        caller = plus(sim)
        first = sim.now()
        time.sleep(0.02)
        reply = caller.send("GET", FLOW)
        assert sim.now() - first > timedelta(minutes=1)
        told = parsedate_to_datetime(reply.headers["Date"])
        assert timedelta() <= sim.now() - told < timedelta(hours=2)


def test_totals_are_told_as_the_facts_say(at_noon, plus, old):
    """That they are those of the books, the client's own tests show."""
    sim = at_noon("multi")
    caller = plus(sim)
    first = sim.books.station_ids[0]
    months = caller.statistics(first, "month", "2026-01-01", "2026-12-31")["data"]
    assert [row["date"] for row in months["dataList"][0]["statisticsList"]] == [
        f"2026-0{month}" for month in (1, 2, 3, 4)
    ]
    several = caller.statistics(first, "year", "2025-01-01", "2026-12-31")["data"]
    assert {row["val"] for row in several["dataList"][0]["statisticsList"]} == {0}
    detail = old(sim).monitor(first)
    full = detail["inverter"][0]["invert_full"]
    before = full["etotal"] - full["thismonthetotle"] - full["eday"]
    assert full["lastmonthetotle"] == pytest.approx(before, abs=0.05)


def test_a_curve_is_empty_before_dawn_and_in_the_future(at_noon, plus):
    sim = at_noon()
    curve = plus(sim).curve(sim.books.station_ids[0], "2026-04-21")
    assert [len(rows) for rows in curve.values()] == [1440] * 5
    assert curve["pSystem"][0] == {
        "tp": "2026-04-21 00:00:00",
        "power": None,
        "isCE": True,
    }
    assert curve["pConsum"][0]["power"] > 0
    assert curve["pSystem"][12 * 60 + 52]["power"] > 0
    assert curve["pSystem"][12 * 60 + 53]["isCE"] is True
    assert curve["soc"][12 * 60 + 53]["power"] is None


@pytest.fixture(scope="module")
def odd_and_sane():
    """Return one house with the portal's midnight, and one without."""
    return [
        still("day", place="Europe/Madrid", midnight_glitch=glitch).world.sites[0]
        for glitch in (True, False)
    ]


@pytest.mark.parametrize(
    ("clock", "today_is", "doubled"),
    [
        ("23:57", "today", False),
        ("23:58", "nothing", False),
        ("00:01", "yesterday", True),
        ("00:07", "yesterday", True),
        ("00:08", "today", True),
        ("00:15", "today", False),
    ],
)
def test_counters_misbehave_around_midnight(odd_and_sane, clock, today_is, doubled):
    day = 21 if clock.startswith("23") else 22
    hour, minute = map(int, clock.split(":"))
    now = datetime(2026, 4, day, hour, minute, tzinfo=ZoneInfo("Europe/Madrid"))
    odd, true = (site.counters(now) for site in odd_and_sane)
    yesterday = odd_and_sane[1].ledger.day(date(2026, 4, day - 1))
    expected = {"today": true.today.pv_kwh, "nothing": 0, "yesterday": yesterday.pv_kwh}
    assert odd.today.pv_kwh == pytest.approx(expected[today_is])
    extra = yesterday.pv_kwh if doubled else 0
    assert odd.total.pv_kwh - true.total.pv_kwh == pytest.approx(extra)
    assert odd.week.pv_kwh - true.week.pv_kwh == pytest.approx(extra)


def test_it_starts_and_ends_quickly_and_leaves_no_thread():
    before = threading.active_count()
    began = time.perf_counter()
    sim = Simulator()
    sim.start()
    assert time.perf_counter() - began < 0.3
    caller = Plus(sim.url)
    caller.sign_in()
    began = time.perf_counter()
    sim.stop()
    sim.stop()
    assert time.perf_counter() - began < 0.5
    assert threading.active_count() == before
    caller.http.close()


def test_a_port_can_be_chosen_and_a_taken_one_is_an_error():
    with Simulator() as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Simulator(port=port).start()


SERVE = (
    "import sys; from sems_tray.simulator.serve import serve_forever;"
    "sys.exit(serve_forever('{host}', {port}, '{scenario}', 1, {speed}))"
)


def serving(**options):
    values = {"host": "127.0.0.1", "port": 0, "scenario": "day", "speed": 1.0}
    return [sys.executable, "-c", SERVE.format(**values | options)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_serving_ends_with_the_signal_and_all_is_well(number):
    with subprocess.Popen(
        serving(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        caller = Plus(line.removeprefix("listening on ").strip())
        assert caller.sign_in()["code"] == "00000"
        caller.http.close()
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"scenario": "weekend"}, 2),
        ({"port": 99999}, 2),
        ({"speed": 0}, 2),
        ({"speed": "float('nan')"}, 2),
        ({"host": "192.0.2.1"}, 4),
        ({"host": "no-such-host.invalid"}, 4),
    ],
)
def test_serving_nonsense_ends_with_one_line(options, code):
    ended = subprocess.run(
        serving(**options), capture_output=True, text=True, check=False, timeout=20
    )
    assert ended.returncode == code
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1


def test_the_names_are_cheap_to_import():
    code = (
        "import sys; from sems_tray.simulator.scenarios import SCENARIOS;"
        "print([m for m in ('astral', 'http.server') if m in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"


def test_a_trouble_can_come_to_one_of_several_stations(at_noon):
    sim = at_noon("multi")
    first, second = sim.books.station_ids[:2]
    sim.trouble("fault", second)
    assert sim.books.site(second).is_("fault", sim.now())
    assert not sim.books.site(first).is_("fault", sim.now())
    sim.trouble(None, second)
    assert not sim.books.site(second).is_("fault", sim.now())
    sim.trouble("grid-lost")
    assert sim.books.site(first).is_("grid-lost", sim.now())


def test_the_account_can_have_fewer_stations_and_others(at_noon):
    sim = at_noon("multi")
    ids = sim.books.station_ids
    sim.own(ids[2:0:-1])
    assert sim.books.station_ids == (ids[2], ids[1])
    sim.own()
    assert sim.books.station_ids == ids


def test_classic_answers_what_other_clients_ask(at_noon, old):
    """Paths that published clients use, and this project's own does not."""
    sim = at_noon()
    first, caller = sim.books.station_ids[0], old(sim)
    caller.sign_in()
    days = caller.post(
        "v2/PowerStationMonitor/GetPowerStationPowerAndIncomeByDay",
        powerstation_id=first,
        count=3,
        date="2026-04-21",
    )["data"]
    assert [row["d"] for row in days] == ["04/19/2026", "04/20/2026", "04/21/2026"]
    stations = caller.post("PowerStationMonitor/QueryPowerStationMonitor")["data"]
    assert stations["record"] == len(stations["list"]) == len(sim.books.station_ids)
    warnings = "SmartOperateMaintenance/GetPowerStationWariningInfoByMultiCondition"
    events = caller.post(warnings)["data"]["list"]
    assert {it["status"] for it in events} <= {0, 1}
