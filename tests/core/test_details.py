from dataclasses import replace

import pytest
from hypothesis import given

from sems_tray.core.details import Row, inverter_words, rows
from sems_tray.core.model import Energy, EnergySums, Powers

from .readings import (
    NOW,
    alarm,
    any_darkness,
    any_readings,
    by_day,
    by_night,
    inverter,
    reading,
)


def shown(dark=by_day, **changes):
    return {it.label: it.value for it in rows(reading(**changes), NOW, dark)}


def test_a_sunny_noon_reads_well():
    assert rows(reading(), NOW, by_day) == (
        Row("State", "All well"),
        Row("Measured", "11:42 (3 min ago)"),
        Row("Solar", "3.2 kW"),
        Row("Battery", "76 %, charging, 1.2 kW"),
        Row("House", "0.8 kW"),
        Row("Grid", "exporting 1.2 kW"),
        Row("Today, solar", "18.4 kWh"),
        Row("Roof", "running"),
    )


def test_only_what_is_fitted_has_a_row():
    bare = shown(battery=None, power=Powers(pv_w=1.0), energy=Energy(), inverters=())
    assert list(bare) == ["State", "Measured", "Solar"]


def test_every_known_sum_has_a_row():
    sums = EnergySums(
        pv_kwh=1.0,
        load_kwh=2.0,
        import_kwh=3.0,
        export_kwh=4.0,
        charge_kwh=5.0,
        discharge_kwh=6.0,
        income=4.1,
        currency="EUR",
    )
    got = shown(energy=Energy(today=sums, month=sums, year=sums, total=sums))
    assert {label: value for label, value in got.items() if "," in label} == {
        "Today, solar": "1.0 kWh",
        "Today, house": "2.0 kWh",
        "Today, imported": "3.0 kWh",
        "Today, exported": "4.0 kWh",
        "Today, charged": "5.0 kWh",
        "Today, discharged": "6.0 kWh",
        "Today, income": "4.10 EUR",
    }
    assert [got[f"Solar {it}"] for it in ("this month", "this year", "in all")] == [
        "1.0 kWh"
    ] * 3


def test_a_loss_is_told_as_one():
    sums = EnergySums(income=-1.5, currency=None)
    assert shown(energy=Energy(today=sums))["Today, income"] == "-1.50"


def test_the_car_the_alarm_and_what_is_old_have_rows():
    got = shown(
        power=replace(reading().power, ev_w=0.0),
        alarms=(alarm(name="Fan\nFault"), alarm(name="Gone", active=False)),
        stale=("alarms", "devices"),
    )
    assert got["Car"] == "0 W"
    assert got["State"] == "Fault: Fan Fault"
    assert got["Alarm"] == "Fan Fault"
    assert got["Not renewed"] == "alarms, devices"


def test_an_inverter_asleep_gives_nothing():
    got = shown(by_night, inverters=(inverter("offline", power_w=900.0),))
    assert got["Roof"] == "offline, 0 W"
    assert got["Solar"] == "0 W"
    assert got["State"] == "Night"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"model": "GW10K-ET", "power_w": 3150.0, "temperature_c": 41.2},
            "GW10K-ET, running, 3.1 kW, 41.2 °C",
        ),
        ({"state": "unknown", "status": 7}, "unknown (7)"),
        ({"state": "unknown"}, "unknown"),
        ({"temperature_c": -4.0}, "running, -4.0 °C"),
        ({"temperature_c": -0.04}, "running, 0.0 °C"),
        ({"model": "x\x1b[31m"}, "x [31m, running"),
    ],
)
def test_an_inverter_is_told_in_words(changes, text):
    assert inverter_words(inverter(**changes)) == text


def test_an_inverter_without_a_name_is_called_by_its_serial_number():
    assert "S1" in shown(inverters=(inverter(name=""),))


@given(any_readings, any_darkness)
def test_any_reading_has_rows_of_one_line_each(given, dark):
    for row in rows(given, NOW, dark):
        assert "\n" not in row.label + row.value
        assert "\x1b" not in row.label + row.value
        assert "None" not in row.value or "None" in repr(given)
