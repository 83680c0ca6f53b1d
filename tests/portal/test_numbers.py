"""The portal's numbers, and those that are none."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.portal.wire import values

READERS = [
    values.capacity_kwp,
    values.capacity_kwh,
    values.number,
    values.integer,
    values.watts,
    values.kilowatts,
    values.kwh,
    values.money,
    values.percent,
    values.health,
    values.volts,
    values.millivolts,
    values.amperes,
    values.hertz,
    values.celsius,
]


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
        ("7587.800000", 7587.8),
        (0, 0.0),
        ("0", 0.0),
        ("", None),
        ("-", None),
        ("--", None),
        (None, None),
        (True, None),
        (False, None),
        ("true", None),
        ("1,234", None),
        ("12,4", None),
        ("1e5", None),
        ("0x10", None),
        ("NaN", None),
        ("inf", None),
        ("65535V/6553.5A", None),
        ("٣", None),
        ("9" * 400, None),
        (10**400, None),
        (math.nan, None),
        (math.inf, None),
        ([], None),
        ({}, None),
    ],
)
def test_a_number_is_read_or_is_none(leaf, value):
    assert values.number(leaf) == value


@pytest.mark.parametrize(
    ("read", "leaf"),
    [
        (values.volts, 6553.5),
        (values.volts, "65535"),
        (values.volts, 4294967.295),
        (values.amperes, 6553.5),
        (values.hertz, 655.35),
        (values.watts, 429483622.5),
        (values.watts, 6554.3),
        (values.percent, 400),
        (values.percent, "536%"),
        (values.percent, -0.1),
        (values.percent, 100.1),
        (values.health, 0),
        (values.health, -0.1),
        (values.kwh, -1),
        (values.celsius, 6553.5),
        (values.millivolts, 65535),
    ],
)
def test_a_sentinel_is_no_value(read, leaf):
    assert read(leaf) is None


def test_kilowatts_become_watts_without_dust():
    assert values.kilowatts("0.07772") == 77.72
    assert values.kilowatts(-1.154) == -1154.0


@pytest.mark.parametrize(
    ("read", "leaf", "value"),
    [
        (values.kilowatts, "3200W", 3200.0),
        (values.kilowatts, "0.0032MW", 3200.0),
        (values.kilowatts, "3.2 KW", 3200.0),
        (values.watts, "6.77(kW)", 6770.0),
        (values.watts, "Power\uff1a6.77\uff08\uff4b\uff37\uff09", 6770.0),
        (values.watts, "Power:0kW", 0.0),
        (values.watts, "\u22125 W", -5.0),
        (values.watts, "0.004 GW", 4e6),
        (values.kwh, "Today Generation\uff1a 500(Wh)", 0.5),
        (values.kwh, "1.2\xa0MWh", 1200.0),
        (values.kwh, "0.002 GWh", 2000.0),
        (values.kwh, "5 kW·h", 5.0),
        (values.capacity_kwp, "10100 Wp", 10.1),
        (values.capacity_kwh, "9600Wh", 9.6),
        (values.percent, "SOC\uff1a76\uff05", 76.0),
        (values.volts, "0.7kV", 700.0),
        (values.volts, "3300mV", 3.3),
        (values.millivolts, "3.3V", 3300.0),
        (values.amperes, "400mA", 0.4),
        (values.hertz, "0.05 kHz", 50.0),
        (values.celsius, "29.2 ℃", 29.2),
        (values.celsius, "86 °F", 30.0),
        (values.celsius, "86℉", 30.0),
        (values.money, "4.10 EUR", 4.1),
        (values.money, "4.10€", 4.1),
    ],
)
def test_the_unit_that_is_told_counts(read, leaf, value):
    assert read(leaf) == value


@pytest.mark.parametrize(
    ("read", "leaf"),
    [
        (values.kilowatts, "3.2 kWh"),
        (values.kilowatts, "3.2 kVA"),
        (values.kilowatts, "3200 mW"),
        (values.kilowatts, "4.3 hp"),
        (values.kwh, "3 kW"),
        (values.kwh, "10 MJ"),
        (values.kwh, "3 km"),
        (values.capacity_kwh, "200Ah"),
        (values.percent, "76 V"),
        (values.volts, "3 A"),
        (values.celsius, "300 K"),
        (values.money, "4.1 kWh"),
    ],
)
def test_a_unit_of_something_else_makes_a_value_unknown(read, leaf):
    assert read(leaf) is None


@pytest.mark.parametrize(
    ("leaf", "unit", "value"),
    [
        ("3200", "W", 3200.0),
        (3.2, "kW", 3200.0),
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


@pytest.mark.parametrize(
    ("leaf", "known"),
    [
        ("EUR", "EUR"),
        ("eur", "EUR"),
        (" AUD\n", "AUD"),
        ("EUR\u202e", "EUR"),
        ("€", "€"),
        ("R$", "R$"),
        ("zł", "zł"),
        ("Euro", None),
        ("kWh", None),
        ("MWH", None),
        ("E\u202eR", None),
        ("123", None),
        ("€€€", None),
        ("<b>", None),
        (978, None),
        (None, None),
        ([], None),
    ],
)
def test_a_currency_is_three_letters_or_a_sign_that_is_known(leaf, known):
    assert values.currency(leaf) == known


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
