"""The "Devices" page as a value: a card for each device, with what is known of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from sems_tray.domain.device_tables import Fact
from sems_tray.domain.model import (
    Accessory,
    BatteryPack,
    BatteryState,
    DeviceState,
    Meter,
    Phase,
    PvString,
)
from sems_tray.domain.station_state import Shape, Sign, Tone
from sems_tray.i18n.formatting import DASH
from sems_tray.window.devices.view_model import FETCHING, devices_view
from tests.kit.readings import (
    MINUTE,
    NOW,
    alarm,
    any_darkness,
    any_readings,
    by_day,
    by_night,
    inverter,
    nobody_knows,
    reading,
)
from tests.kit.speaking import pseudo  # noqa: F401

ROOF = inverter(
    sn="9010KETU20W0001",
    model="GW10K-ET",
    firmware="04.02",
    power_w=3150.0,
    today_kwh=18.4,
    total_kwh=16851.1,
    temperature_c=41.2,
    strings=(PvString(name="1", v=365.1, a=4.3, w=1570.0),),
    phases=(Phase(name="1", v=233.1, a=4.5, hz=50.01),),
)


def cards(given, dark=by_day, now=NOW, **more):
    return devices_view(given, now, dark, **more).cards


def card(it, dark=by_day, **more):
    found = cards(reading(inverters=(it,), battery=None, **more), dark)
    return found[0]


def test_an_inverter_shows_all_that_is_known_of_it():
    found = card(ROOF)
    assert (found.title, found.model) == ("Roof", "GW10K-ET")
    assert (found.serial, found.short_serial) == ("9010KETU20W0001", "9010…0001")
    assert found.sign == Sign(word="running", shape=Shape.DOT, tone=Tone.GOOD)
    assert not found.old


def test_a_copied_card_has_the_whole_serial_number_and_its_tables():
    assert card(ROOF).copy_text == (
        "Roof · GW10K-ET · 9010KETU20W0001\nState: running\nPower: 3.15 kW\n"
        "Today: 18.4 kWh\nIn all: 16,851 kWh\nInside: 41.2 °C\n"
        "String\tV\tA\tW\n1\t365.1\t4.3\t1,570\n"
        "Phase\tV\tA\tHz\nL1\t233.1\t4.5\t50.01\nFirmware 04.02"
    )


def test_a_screen_reader_hears_one_sentence_and_the_rows():
    found = card(ROOF)
    assert found.sentence == (
        "Roof, GW10K-ET, running, Power 3.15 kW, Today 18.4 kWh, In all 16,851 kWh, "
        "Inside 41.2 °C."
    )
    assert found.grids[0].sentences == ("String 1: 365.1 V, 4.3 A, 1,570 W",)


def test_only_what_is_known_has_a_place():
    found = card(inverter())
    assert (found.facts, found.grids, found.notes) == ((), (), ())
    strings = (PvString(name="1", v=0.0), PvString(name="2"))
    (grid,) = card(inverter(strings=strings)).grids
    assert grid.head == ("String", "V")
    assert grid.rows == (("1", "0.0"), ("2", "–"))  # noqa: RUF001 (a dash: not known)


@pytest.mark.parametrize(
    ("state", "dark", "word", "shape", "tone"),
    [
        ("running", by_day, "running", Shape.DOT, Tone.GOOD),
        ("waiting", by_day, "waiting", Shape.RING, Tone.CALM),
        ("fault", by_day, "fault", Shape.DIAMOND, Tone.BAD),
        ("offline", by_day, "offline", Shape.CROSS, Tone.BAD),
        ("offline", nobody_knows, "offline", Shape.CROSS, Tone.CALM),
        ("offline", by_night, "asleep", Shape.MOON, Tone.CALM),
        ("unknown", by_day, "unknown (42)", Shape.RING, Tone.CALM),
    ],
)
def test_a_state_is_a_word_a_shape_and_a_tone(state, dark, word, shape, tone):
    found = card(inverter(state=state, status=42), dark)
    assert found.sign == Sign(word=word, shape=shape, tone=tone)


def test_what_sleeps_gives_no_power_whatever_it_measured_last():
    asleep = inverter(state="offline", power_w=500.0)
    found = card(asleep, by_night, measured_at=NOW - timedelta(hours=3))
    assert found.facts == (Fact("Power", "0 W"),)
    assert not found.old
    assert found.notes == ()


def test_a_fault_says_since_when_and_what_to_do():
    wrong = alarm(
        name="Utility Loss",
        device_sn="S1",
        happened_at=NOW - 47 * MINUTE,
        level="alarm",
    )
    found = card(inverter(state="fault"), alarms=(wrong,))
    assert found.sign.word == "fault since 10:58"
    assert found.trouble == (
        "Utility Loss. The inverter sees no power from the grid. "
        "It clears by itself when the grid is back."
    )
    mild = card(inverter(), alarms=(wrong,))
    assert (mild.sign.word, mild.sign.shape) == ("alarm since 10:58", Shape.TRIANGLE)


def test_an_alarm_of_another_device_a_hint_or_an_old_one_is_no_trouble_here():
    others = (
        alarm(device_sn="S2"),
        alarm(device_sn="S1", level="info"),
        alarm(device_sn="S1", active=False),
    )
    found = card(inverter(), alarms=others)
    assert (found.trouble, found.sign.word) == ("", "running")


def test_an_alarm_without_a_device_is_the_only_inverters():
    wrong, another = (alarm(),), inverter(sn="S2")
    assert card(inverter(), alarms=wrong).trouble
    two = reading(inverters=(inverter(), another), battery=None, alarms=wrong)
    assert not any(it.trouble for it in cards(two))


def test_old_values_stay_and_say_of_when_they_are():
    found = card(ROOF, measured_at=NOW - timedelta(minutes=95))
    assert found.old
    assert found.sign == Sign(word="running at 10:10")
    assert found.notes[0] == "As of 10:10, 1 h 35 min ago."


def test_details_that_are_asked_for_are_waited_for():
    bare = reading(inverters=(inverter(),), battery=None)
    (found,) = cards(bare, fetching=True)
    assert found.notes == (FETCHING,)
    assert FETCHING not in found.copy_text
    known = reading(inverters=(ROOF,), battery=None)
    assert FETCHING not in cards(known, fetching=True)[0].notes


def test_nothing_known_is_a_sentence():
    assert devices_view(None, NOW, by_day).message == "Waiting for the first reading …"
    empty = devices_view(reading(inverters=(), battery=None), NOW, by_day)
    assert empty.message == "The portal has not named the devices yet."


def test_parts_that_were_not_renewed_are_named():
    notes = card(ROOF, stale=("devices", "telemetry")).notes
    assert notes[1:] == (
        "State could not be renewed; this is the last known.",
        "Details could not be renewed; these are the last known.",
    )


def test_a_high_grid_voltage_is_told():
    high = Phase(name="2", v=254.6, hz=50.0)
    assert card(inverter(phases=(high,))).notes == (
        "L2 has 254.6 V. Above 253 V an inverter gives less power or disconnects.",
    )
    for fine in (replace(high, v=253.0), replace(high, v=400.0), replace(high, hz=60)):
        assert card(inverter(phases=(fine,))).notes == ()


def test_a_battery_tells_its_way_in_words_and_its_cells():
    pack = BatteryPack(
        sn="B1",
        name="LX F16.0",
        state=BatteryState.CHARGING,
        soc_percent=76.0,
        soh_percent=98.0,
        v=331.7,
        a=-3.6,
        power_w=-1200.0,
        temperature_c=27.1,
        cell_min_mv=3312.0,
        cell_max_mv=3321.0,
        cell_min_c=26.0,
        cell_max_c=28.0,
    )
    (found,) = cards(reading(inverters=(), packs=(pack,)))
    assert (found.title, found.model) == ("LX F16.0", "Battery")
    assert found.sign.word == "charging"
    assert [it.value for it in found.facts] == [
        "76 %",
        "charging 1.20 kW",
        "98 %",
        "331.7 V",
        "3.6 A",
        "27.1 °C",
        "3.312–3.321 V",  # noqa: RUF001
        "26.0–28.0 °C",  # noqa: RUF001
    ]


def test_a_battery_without_packs_is_one_card():
    (found,) = cards(reading(inverters=()))
    assert (found.title, found.model, found.sign.word) == ("Battery", "", "charging")
    assert found.facts[:2] == (
        Fact("Charge", "76 %"),
        Fact("Power", "charging 1.20 kW"),
    )


def test_the_only_pack_has_the_power_of_the_station():
    one, two = BatteryPack(sn="B1"), BatteryPack(sn="B2")
    (found,) = cards(reading(inverters=(), packs=(one,)))
    assert found.facts == (Fact("Power", "charging 1.20 kW"),)
    assert not any(it.facts for it in cards(reading(inverters=(), packs=(one, two))))


def test_a_meter_says_which_way_and_how_much_by_phase():
    meter = Meter(
        sn="M1",
        name="M1",
        state=DeviceState.RUNNING,
        power_w=-1154.0,
        phases=(Phase(name="1", v=240.0, w=-515.0), Phase(name="2", v=234.3, w=3.0)),
    )
    (found,) = cards(reading(inverters=(), battery=None, meters=(meter,)))
    assert (found.title, found.sign.word) == ("Grid meter", "online")
    assert found.facts == (Fact("Grid", "importing 1.15 kW"),)
    assert found.grids[0].head == ("Phase", "V", "W", "")
    assert found.grids[0].rows == (
        ("L1", "240.0", "515", "in"),
        ("L2", "234.3", "3", ""),
    )


@pytest.mark.parametrize(
    ("kind", "state", "power_w", "title", "word"),
    [
        ("DONGLE", DeviceState.RUNNING, None, "Data logger", "online"),
        ("EV_CHARGER", DeviceState.RUNNING, 7600.0, "EV charger", "charging"),
        ("EV_CHARGER", DeviceState.WAITING, 0.0, "EV charger", "free"),
        ("HEAT_PUMP", DeviceState.OFFLINE, None, "Heat pump", "offline"),
    ],
)
def test_other_devices_are_there_or_not(kind, state, power_w, title, word):
    it = Accessory(sn="C", kind=kind, state=state, power_w=power_w)
    (found,) = cards(reading(inverters=(), battery=None, accessories=(it,)))
    assert (found.title, found.sign.word) == (title, word)


def test_equal_names_are_numbered_and_keys_differ():
    eight = tuple(inverter(sn=f"S{n}", name=f"S{n}") for n in range(8))
    found = cards(reading(inverters=eight, battery=None))
    assert [it.title for it in found] == [f"Inverter {n}" for n in range(1, 9)]
    twice = cards(reading(inverters=(inverter(), inverter()), battery=None))
    assert len({it.key for it in twice}) == 2


@given(any_readings, any_darkness)
def test_any_reading_gives_cards_that_are_not_empty(it, dark):
    found = devices_view(it, NOW, dark, fetching=True)
    assert bool(found.cards) is not bool(found.message)
    assert len({c.key for c in found.cards}) == len(found.cards)
    for c in found.cards:
        assert c.title
        assert c.sign or c.facts or c.grids or c.notes
        assert all(len(row) == len(g.head) for g in c.grids for row in g.rows)
        assert "\x1b" not in c.copy_text


@pytest.mark.usefixtures("pseudo")
def test_another_language_has_its_words_its_numbers_and_its_degrees():
    found = card(ROOF)
    assert found.sign == Sign(word="⟦running⟧", shape=Shape.DOT, tone=Tone.GOOD)
    assert Fact("⟦Inside⟧", "106,2 °F") in found.facts
    assert found.grids[0].named_rows == (("⟦⟦String⟧ 1⟧", "365,1 V, 4,3 A, 1.570 W"),)


@pytest.mark.usefixtures("pseudo")
def test_a_battery_charges_in_another_language_too():
    pack = BatteryPack(sn="B1", power_w=-1200.0, cell_min_c=20.0, cell_max_c=25.0)
    (found,) = cards(reading(inverters=(), battery=None, packs=(pack,)))
    assert found.sign == Sign(word="⟦charging⟧", shape=Shape.DOT, tone=Tone.GOOD)
    assert found.facts == (
        Fact("⟦Power⟧", "⟦charging 1,20 kW⟧"),
        Fact("⟦Cell temperature⟧", f"68,0{DASH}77,0 °F"),
    )
