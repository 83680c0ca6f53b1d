import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from sems_tray.cli.status_text import to_json, to_text
from sems_tray.domain.model import (
    Energy,
    EnergySums,
    Phase,
    Powers,
    PvString,
    Station,
)
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from tests.kit.readings import (
    MEASURED,
    MINUTE,
    NOW,
    alarm,
    any_darkness,
    any_readings,
    by_day,
    by_night,
    inverter,
    reading,
)

SUMS = (
    *("pv_kwh", "load_kwh", "import_kwh", "export_kwh", "charge_kwh", "discharge_kwh"),
    *("income", "currency"),
)


def as_json(dark=by_day, now=NOW, **changes) -> Any:
    return to_json(PollSucceeded(reading=reading(**changes)), now, dark)


def text(dark=by_day, now=NOW, **changes):
    return to_text(PollSucceeded(reading=reading(**changes)), now, dark).splitlines()


def test_the_object_is_the_contracts():
    energies = (18.4, 9.1, 0.3, 6.2, 5.0, 1.4, 4.1, "EUR")
    today = EnergySums(**dict(zip(SUMS, energies, strict=True)))  # type: ignore[arg-type]
    machine = inverter(
        model="GW10K-ET",
        power_w=3150.0,
        today_kwh=18.4,
        total_kwh=16851.1,
        temperature_c=41.2,
        strings=(PvString(name="1", v=365.1, a=4.3, w=1570.0),),
        phases=(Phase(name="1", v=233.1, a=4.5, hz=50.01, w=1000.0),),
    )
    row = alarm(device_sn="S1", happened_at=MEASURED)
    got = as_json(energy=Energy(today=today), inverters=(machine,), alarms=(row,))
    nothing = dict.fromkeys(SUMS)
    assert got == {
        "schema": 1,
        "dialect": "semsplus",
        "state": "fault",
        "trouble": None,
        "stale": [],
        "station": {
            "id": "plant-1",
            "name": "Home",
            "capacity_kwp": 10.1,
            "timezone": "Europe/Amsterdam",
        },
        "measured_at": "2026-06-21T09:42:00Z",
        "age_s": 180,
        "power": {
            "pv_w": 3210,
            "load_w": 800,
            "grid_w": 1210,
            "battery_w": -1200,
            "ev_w": None,
        },
        "battery": {
            "soc_percent": 76,
            "state": "charging",
            "soh_percent": 98,
            "temperature_c": 27.1,
        },
        "energy": {
            "today": dict(zip(SUMS, energies, strict=True)),
            "month": nothing,
            "year": nothing,
            "total": nothing,
        },
        "inverters": [
            {
                "sn": "S1",
                "name": "Roof",
                "model": "GW10K-ET",
                "state": "running",
                "power_w": 3150,
                "today_kwh": 18.4,
                "total_kwh": 16851.1,
                "temperature_c": 41.2,
                "strings": [{"name": "1", "v": 365.1, "a": 4.3, "w": 1570}],
                "phases": [{"name": "1", "v": 233.1, "a": 4.5, "hz": 50.01}],
            }
        ],
        "alarms": [
            {
                "id": "a1",
                "name": "Fan Fault",
                "level": "fault",
                "device_sn": "S1",
                "active": True,
                "happened_at": "2026-06-21T09:42:00Z",
                "recovered_at": None,
            }
        ],
    }


def test_whole_numbers_are_written_whole():
    line = json.dumps(as_json())
    assert '"pv_w": 3210,' in line
    assert '"soc_percent": 76,' in line
    zeros = as_json(power=Powers(pv_w=-0.0, load_w=0.4))["power"]
    assert json.dumps(zeros).startswith('{"pv_w": 0, "load_w": 0.4,')


def test_what_is_not_known_is_null():
    got = as_json(
        battery=None,
        measured_at=None,
        power=Powers(),
        station=Station(id="x"),
        inverters=(inverter(),),
    )
    assert (got["battery"], got["measured_at"], got["age_s"]) == (None, None, None)
    assert set(got["power"].values()) == {None}
    assert list(got["station"].values()) == ["x", "", None, None]
    assert got["inverters"][0]["strings"] == []
    assert got["inverters"][0]["power_w"] is None


def test_a_night_is_zero_watts_in_json_too():
    got = as_json(by_night, inverters=(inverter("offline", power_w=900.0),))
    assert (got["state"], got["power"]["pv_w"]) == ("night", 0)
    assert got["inverters"][0]["power_w"] == 0
    page = text(by_night, inverters=(inverter("offline"),))
    assert any(it.startswith("Inverter  Roof: asleep") for it in page)


def test_a_trouble_is_told_by_name_and_in_a_line():
    failed = PollFailed(trouble=Trouble.THROTTLED, detail="slow\ndown")
    words = "GoodWe's service says it was asked too often. (slow down)"
    assert to_json(failed, NOW, by_day) == {
        "schema": 1,
        "trouble": "throttled",
        "message": words,
    }
    assert to_text(failed, NOW, by_day) == words


def test_the_page_has_one_unit_for_powers_and_one_for_energies():
    page = "\n".join(
        text(
            power=Powers(pv_w=40.0, load_w=4_900.0, grid_w=-4_860.0),
            energy=Energy(today=EnergySums(pv_kwh=12_400.0, load_kwh=940.0)),
            inverters=(inverter(power_w=35.0),),
        )
    )
    assert "0.04 kW\n" in page
    assert "importing 4.9 kW" in page
    assert "running, 0.04 kW" in page
    assert "12,400 kWh solar, 940.0 kWh house" in page
    assert " W" not in page


@given(any_readings, any_darkness)
def test_any_reading_can_be_written_as_json(given, dark):
    got: Any = to_json(PollSucceeded(reading=given), NOW, dark)
    assert json.loads(json.dumps(got, allow_nan=False)) == got
    times = [got["measured_at"], *(it["happened_at"] for it in got["alarms"])]
    assert all(it is None or it.endswith("Z") for it in times)
    assert got["age_s"] is None or (isinstance(got["age_s"], int) and got["age_s"] >= 0)


@given(any_readings, any_darkness)
def test_any_reading_is_a_page_that_commands_no_terminal(given, dark):
    page = to_text(PollSucceeded(reading=given), NOW, dark)
    assert "\x1b" not in page
    assert "\x9b" not in page
    page.encode()


def test_the_page_reads_well():
    today = EnergySums(pv_kwh=18.4, load_kwh=9.1, income=4.1, currency="EUR")
    ended = replace(
        alarm(name="Fan Fault"), active=False, recovered_at=NOW - timedelta(hours=2)
    )
    assert text(energy=Energy(today=today), alarms=(ended,), stale=("statistics",)) == [
        "Home",
        "────────────────────────",
        "State        All well",
        "Solar        3.2 kW",
        "Battery      76 %, charging 1.2 kW",
        "House        0.8 kW",
        "Grid         exporting 1.2 kW",
        "Today        18.4 kWh solar, 9.1 kWh house",
        "Income       4.10 EUR",
        "Inverter     Roof: running",
        "Alarm        Fan Fault, over 2 h ago",
        "Not renewed  statistics",
        "Measured 11:42 (3 min ago)",
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"alarms": (alarm(),)}, "Alarm     Fan Fault, active"),
        ({"energy": Energy()}, "Today     \N{EN DASH}"),
        ({"inverters": (inverter(name=""),)}, "Inverter  S1: running"),
        ({"measured_at": None}, "Time of measurement unknown"),
        ({"power": Powers(battery_w=-15.0)}, "Battery   76 %, idle"),
        ({"power": Powers(battery_w=-500.0)}, "Battery   76 %, charging 0.5 kW"),
        (
            {"power": Powers(grid_w=-5.0)},
            "Grid      balanced",
        ),
        (
            {"power": Powers(grid_w=0.0), "grid_connected": False},
            "Grid      lost",
        ),
        ({"power": replace(reading().power, ev_w=7200.0)}, "Car       7.2 kW"),
    ],
)
def test_a_page_tells(changes, line):
    assert line in text(**changes)


def test_a_station_without_a_name_is_called_by_its_id():
    assert text(station=Station(id="plant-9"))[0] == "plant-9"
    assert text(station=Station(id="plant-9", name="\x1b\n"))[0] == "plant-9"


def test_a_name_cannot_draw_on_the_terminal():
    evil = Station(id="1", name="A\x1b[2J\nB" + "C" * 5000)
    page = text(station=evil)
    assert page[0].startswith("A [2J B")
    assert len(page[0]) == len(page[1]) == 60


def test_the_silent_page_says_since_when():
    page = text(now=MEASURED + 45 * MINUTE)
    assert page[2] == "State     No report since 11:42"
    assert page[-1] == "Measured 11:42 (45 min ago)"
