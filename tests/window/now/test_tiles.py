"""The tiles of the day: what a plant can know, and dashes for what it does not tell."""

from dataclasses import replace

import pytest
from hypothesis import given

from sems_tray.domain.model import Energy, EnergySums, Powers, Tariffs
from sems_tray.i18n.formatting import DASH
from sems_tray.window.now.view_model import self_used, tiles
from tests.kit.readings import any_readings, reading

DAY = EnergySums(
    pv_kwh=18.4,
    load_kwh=9.1,
    import_kwh=0.3,
    export_kwh=6.2,
    charge_kwh=5.0,
    discharge_kwh=1.9,
    income=4.1,
    currency="EUR",
)


def shown(given, **more):
    return {it.label: it.text for it in tiles(given, **more)}


def test_a_plant_with_a_battery_has_all_of_them():
    assert shown(reading(energy=Energy(today=DAY))) == {
        "Solar today": "18.4 kWh",
        "House": "9.1 kWh",
        "Exported": "6.2 kWh",
        "Imported": "0.3 kWh",
        "Charged": "5.0 kWh",
        "Discharged": "1.9 kWh",
        "Self-powered": "97 %",
        "Self-used": "66 %",
        "Income": "4.10 €",
    }


def test_self_powered_is_all_only_if_nothing_was_imported():
    def self_powered(import_kwh, load_kwh=20.0):
        sums = EnergySums(pv_kwh=9.0, load_kwh=load_kwh, import_kwh=import_kwh)
        return shown(reading(energy=Energy(today=sums)))["Self-powered"]

    assert self_powered(0.0) == "100 %"
    assert self_powered(0.04) == "99 %"
    assert self_powered(19.96) == "1 %"
    assert self_powered(20.0) == "0 %"


def test_a_large_roofs_tiles_have_one_unit():
    sums = EnergySums(pv_kwh=12_600.0, load_kwh=940.0, import_kwh=2.0, export_kwh=0.0)
    units = {
        it.unit for it in tiles(reading(energy=Energy(today=sums))) if "k" in it.unit
    }
    assert units == {"kWh"}
    assert shown(reading(energy=Energy(today=sums)))["Solar today"] == "12,600 kWh"


def test_what_is_not_told_is_a_dash_and_a_zero_is_a_zero():
    found = shown(reading(energy=Energy()), tariffs=Tariffs(import_price=0.3))
    assert set(found.values()) == {DASH}
    assert "Saved" in found
    assert "Income" not in found
    assert "Saved" not in shown(reading(energy=Energy()))
    none_bought = replace(DAY, import_kwh=0.0)
    assert shown(reading(energy=Energy(today=none_bought)))["Imported"] == "0.0 kWh"


def test_a_roof_alone_tells_of_longer_periods_instead():
    alone = reading(
        battery=None,
        power=Powers(pv_w=900.0),
        energy=Energy(
            today=EnergySums(pv_kwh=9.0),
            month=EnergySums(pv_kwh=387.2),
            total=EnergySums(pv_kwh=11_200.0),
        ),
    )
    assert shown(alone) == {
        "Solar today": "9.0 kWh",
        "This month": "387.2 kWh",
        "In all": "11,200 kWh",
    }


def test_without_a_battery_nothing_is_charged():
    found = shown(reading(battery=None, power=Powers(pv_w=1.0, load_w=1.0, grid_w=0.0)))
    assert "Charged" not in found
    assert "Exported" in found


@pytest.mark.parametrize(
    ("tariffs", "label", "text"),
    [
        (
            Tariffs(import_price=0.3, export_price=0.1, currency="EUR"),
            "Saved",
            "3.26 €",
        ),
        (Tariffs(import_price=0.3, currency="CHF"), "Saved", "2.64 CHF"),
        (Tariffs(export_price=0.1, currency="gbp"), "Earned", "0.62 £"),
    ],
)
def test_without_an_income_the_tariffs_tell_what_it_was_worth(tariffs, label, text):
    day = replace(DAY, income=None, currency=None)
    assert shown(reading(energy=Energy(today=day)), tariffs=tariffs)[label] == text


def test_what_could_not_be_renewed_is_old():
    assert all(it.old for it in tiles(reading(stale=("energy",))))
    assert all(it.old for it in tiles(reading(), old=True))
    assert not any(it.old for it in tiles(reading(stale=("alarms",))))


@pytest.mark.parametrize(
    ("sums", "share"),
    [
        ({"pv_kwh": 10.0, "self_use_kwh": 4.0, "export_kwh": 1.0}, 0.9),
        ({"pv_kwh": 10.0, "self_use_kwh": 4.0}, 0.4),
        ({"pv_kwh": 10.0, "self_use_kwh": 4.0, "charge_kwh": 5.0}, None),
        ({"pv_kwh": 10.0, "export_kwh": 12.0}, 0.0),
        ({"pv_kwh": 0.0, "export_kwh": 0.0}, None),
        ({"pv_kwh": 10.0}, None),
        # As recorded: 17.24 is 27.0 of AC output less 9.76.
        (
            {
                "pv_kwh": 31.4,
                "export_kwh": 9.76,
                "charge_kwh": 20.3,
                "discharge_kwh": 12.8,
                "self_use_kwh": 17.24,
            },
            (31.4 - 9.76) / 31.4,
        ),
        ({"pv_kwh": 6791.0, "export_kwh": 388.67, "self_use_kwh": 8134.03}, 0.94277),
    ],
)
def test_the_share_that_was_used_is_told_by_the_portal_or_by_what_was_sold(sums, share):
    assert self_used(EnergySums(**sums)) == pytest.approx(share, abs=1e-4)


@given(any_readings)
def test_any_reading_has_tiles_with_one_label_each(given):
    found = tiles(given)
    assert found[0].label == "Solar today"
    assert len({it.label for it in found}) == len(found)
    assert all(it.number for it in found)


def test_an_income_that_was_not_renewed_is_grey_alone():
    told = reading(energy=Energy(today=DAY), stale=("income",))
    assert {it.label for it in tiles(told) if it.old} == {"Income"}
    saved = replace(told, energy=Energy(today=replace(DAY, income=None)))
    priced = tiles(saved, Tariffs(import_price=0.3, export_price=0.1))
    assert not any(it.old for it in priced)
