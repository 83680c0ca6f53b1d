"""The portal's numbers, texts and times, and those that are none."""

import json
import math
import unicodedata
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.classic.stations import local_time
from sems_tray.portal.classic.statistics import parse_pac_day, parse_power_chart
from sems_tray.portal.semsplus.flow import measured_at
from sems_tray.portal.semsplus.statistics import parse_curve
from sems_tray.portal.wire import values
from sems_tray.portal.wire.values import epoch_ms
from tests.portal.scripted import NOON, monitor

POWERS = (values.watts, values.kilowatts)
READERS = (
    *(values.number, values.integer, values.money, values.kwh, *POWERS),
    *(values.percent, values.health, values.capacity_kwp, values.capacity_kwh),
    *(values.volts, values.millivolts, values.amperes, values.hertz, values.celsius),
)
NO_NUMBERS = ["", "-", "--", "true", "1,234", "12,4", "1e5", "0x10", "NaN", "inf", "٣"]


def each(by_reader):
    """Return a row for each reader's leaf, or leaf and value."""
    return pytest.mark.parametrize(
        ("read", "leaf", "value"),
        [
            (read, leaf, leaves[leaf] if isinstance(leaves, dict) else None)
            for read, leaves in by_reader.items()
            for leaf in leaves
        ],
    )


@pytest.mark.parametrize(
    ("leaf", "value"),
    [
        (12.4, 12.4),
        ("12.4", 12.4),
        ("2337(W)", 2337.0),
        ("-515", -515.0),
        ("76%", 76.0),
        ("0.5kWh", 0.5),
        (" 29.2 ℃ ", 29.2),
        (0, 0.0),
        ("0", 0.0),
    ],
)
def test_a_number_is_read(leaf, value):
    assert values.number(leaf) == value


@pytest.mark.parametrize(
    "leaf", [None, True, 10**400, "9" * 400, math.nan, math.inf, [], {}, *NO_NUMBERS]
)
def test_what_is_no_number_is_none(leaf):
    assert values.number(leaf) is None


@each(
    {
        values.volts: [6553.5, "65535", 4294967.295, "3 A"],
        values.amperes: [6553.5],
        values.hertz: [655.35],
        values.watts: [429483622.5, 6554.3],
        values.kilowatts: [
            655.35,
            "-6553.5",
            "3.2 kWh",
            "3.2 kVA",
            "3200 mW",
            "4.3 hp",
        ],
        values.percent: [400, "536%", -0.1, 100.1, "76 V"],
        values.health: [0, -0.1],
        values.kwh: [-1, "3 kW", "10 MJ", "3 km"],
        values.capacity_kwh: ["200Ah"],
        values.celsius: [6553.5, "300 K"],
        values.millivolts: [65535],
        values.money: ["4.1 kWh"],
    }
)
def test_a_sentinel_and_a_unit_of_something_else_are_no_value(read, leaf, value):
    assert read(leaf) is value


@each(
    {
        values.kilowatts: {
            "0.07772": 77.72,  # without dust
            -1.154: -1154.0,
            "3200W": 3200.0,
            "0.0032MW": 3200.0,
            "3.2 KW": 3200.0,
        },
        values.watts: {
            "6.77(kW)": 6770.0,
            "Power\uff1a6.77\uff08\uff4b\uff37\uff09": 6770.0,
            "Power:0kW": 0.0,
            "\u22125 W": -5.0,
            "0.004 GW": 4e6,
        },
        values.kwh: {
            "Today Generation\uff1a 500(Wh)": 0.5,
            "1.2\xa0MWh": 1200.0,
            "0.002 GWh": 2000.0,
            "5 kW·h": 5.0,
        },
        values.capacity_kwp: {"10100 Wp": 10.1},
        values.capacity_kwh: {"9600Wh": 9.6},
        values.percent: {"SOC\uff1a76\uff05": 76.0, 100: 100.0, 0: 0.0},
        values.volts: {"0.7kV": 700.0, "3300mV": 3.3},
        values.millivolts: {"3.3V": 3300.0},
        values.amperes: {"400mA": 0.4},
        values.hertz: {"0.05 kHz": 50.0},
        values.celsius: {"29.2 ℃": 29.2, "86 °F": 30.0, "86℉": 30.0},
        values.money: {"4.10 EUR": 4.1, "4.10€": 4.1},
    }
)
def test_the_unit_that_is_told_counts(read, leaf, value):
    assert read(leaf) == value


@pytest.mark.parametrize(
    ("leaf", "unit", "value"),
    [
        ("3200", "W", 3200.0),
        (3.2, "\uff08\uff2b\uff37\uff09", 3200.0),
        (0.0032, "MW", 3200.0),
        (3.2, None, 3200.0),
        (3.2, " ", 3200.0),
        ("3200W", "kW", 3200.0),  # its own unit goes first
        (3.2, "kVar", None),
        (3.2, "kWh", None),
    ],
)
def test_a_unit_beside_a_number_counts_too(leaf, unit, value):
    assert values.kilowatts(leaf, unit) == value


@given(
    kilo=st.integers(1, 40_000),
    unit=st.sampled_from([("W", 1e3), ("kW", 1.0), ("MW", 1e-3), ("GW", 1e-6)]),
    form=st.sampled_from(["{}{}", "{} {}", "{}({})", "P\uff1a{}\uff08{}\uff09"]),
)
def test_a_power_is_the_same_in_every_unit(kilo, unit, form):
    symbol, factor = unit
    told = form.format(f"{kilo * factor:.9f}", symbol)
    assert values.kilowatts(told) == values.watts(told) == kilo * 1000


@pytest.mark.parametrize("leaf", ["EUR", "€", "R$", "zł"])
def test_a_currency_is_three_letters_or_a_sign_that_is_known(leaf):
    assert values.currency(leaf) == leaf
    assert values.currency("eur") == "EUR"
    assert values.currency(f" {leaf}\u202e\n") == leaf


@pytest.mark.parametrize(
    "leaf",
    ["Euro", "kWh", "MWH", "E\u202eR", "123", "€€€", "<b>", 978, None, []],
)
def test_what_is_no_currency_is_none(leaf):
    assert values.currency(leaf) is None


@pytest.mark.parametrize("read", READERS)
@given(leaf=st.integers() | st.floats() | st.text() | st.lists(st.none()))
def test_any_leaf_is_a_finite_number_or_none(read, leaf):
    found = read(leaf)
    assert found is None or math.isfinite(found)


@pytest.mark.parametrize(
    ("leaf", "words"),
    [(" x ", "x"), (5, "5"), (None, ""), (True, ""), (1.5, ""), ([], ""), ({}, "")],
)
def test_texts(leaf, words):
    assert values.text(leaf) == words


@given(st.text(st.characters(exclude_categories=[])))
def test_a_text_holds_nothing_that_steers_a_screen(leaf):
    found = values.text(leaf)
    assert not any(unicodedata.category(it) in {"Cc", "Cs"} for it in found)
    assert not set(found) & set(
        "\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\ufeff"
    )
    assert not any("\u202a" <= it <= "\u202e" for it in found)
    assert not any("\u2060" <= it <= "\u206f" for it in found)


def test_what_goes_back_to_the_portal_is_not_touched():
    assert values.exact(" a  b\u200b ") == "a  b\u200b"


MINUTE_MS = 60_000
NOW_MS = NOON.timestamp() * 1000


def age_of(**entry):
    """Return the age that a classic reading has, or None if it cannot be told."""
    body = monitor(inverter=[{"sn": "INV", "status": 1, "out_pac": 1, **entry}])
    raw = json.dumps(body["data"]).encode()
    at = parse_monitor(raw, "S", NOON).live.measured_at
    return None if at is None else NOON - at


# Up to a quarter of an hour clocks may differ; of a clock that runs ahead by more the
# domain's logger_clock decides.
@pytest.mark.parametrize("minutes", [5, -5, -60])
def test_last_time_is_believed_before_all_others(minutes):
    full = {"last_time": str(NOW_MS - minutes * MINUTE_MS)}
    assert age_of(invert_full=full) == timedelta(minutes=minutes)


def test_a_last_time_that_lies_leaves_the_words_beside_it():
    full = {"last_time": 4102444800000}
    words = "06/21/2026 11:50:00"
    assert age_of(invert_full=full, last_refresh_time=words) == timedelta(minutes=10)


@pytest.mark.parametrize("leaf", [1, 0, -1, 253402300799000, 1e300, None, ""])
def test_epochs_of_another_age_are_no_times(leaf):
    assert epoch_ms(leaf) is None
    assert epoch_ms(1768056758134) == datetime(2026, 1, 10, 14, 52, 38, 134000, UTC)


@pytest.mark.parametrize(
    ("words", "order", "expected"),
    [
        ("01/10/2026 15:52:38", "dd/MM/yyyy", "2026-10-01 15:52:38"),
        ("01/10/2026 15:52:38", "MM/dd/yyyy", "2026-01-10 15:52:38"),
        ("09.05.2026 18:49:40", "MM.dd.yyyy", "2026-09-05 18:49:40"),
        ("06/22/2025 17: 06: 27", "", "2025-06-22 17:06:27"),
        ("2026-06-21 10:00", "yyyy-MM-dd", "2026-06-21 10:00:00"),
        *((it, "MM/dd/yyyy", "None") for it in ("31/12/2026 10:00", "yesterday", "")),
        *((f"12/31/{year} 10:00", "MM/dd/yyyy", "None") for year in ("9999", "0001")),
    ],
)
def test_local_times_follow_the_accounts_order(words, order, expected):
    assert str(local_time(words, order)) == expected


@pytest.mark.parametrize(
    "leaf", [None, "", 0, "20260621", "1782036000000", "soon", [], {}, "21/06/2026"]
)
def test_a_refresh_time_that_is_no_iso_time_is_unknown(leaf):
    assert measured_at(leaf, UTC, NOON) is None


@pytest.mark.parametrize("year", ["0001", "9999"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_curve_of_another_age_is_empty(year, zone):
    points = [{"tp": f"{year}-12-31 23:59:00", "power": 1}]
    raw = json.dumps({"dataList": [{"item": "pSystem", "powerData": points}]}).encode()
    pac = json.dumps({"pacs": [{"date": f"12/31/{year} 23:59:00", "pac": 1}]}).encode()
    assert parse_curve(raw, ZoneInfo(zone)) == ()
    assert parse_pac_day(pac, ZoneInfo(zone)) == ()


def test_a_chart_without_clocks_is_empty():
    lines = [{"key": "PCurve_Power_PV", "xy": [{"x": "25:99", "y": 1}, {"y": 2}]}]
    raw = json.dumps({"lines": lines}).encode()
    assert parse_power_chart(raw, date(2026, 6, 21), UTC) == ()
