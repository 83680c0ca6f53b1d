"""The portal's numbers, and those that are none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.sems import numbers

READERS = [
    numbers.number,
    numbers.integer,
    numbers.watts,
    numbers.kilowatts,
    numbers.kwh,
    numbers.money,
    numbers.percent,
    numbers.health,
    numbers.volts,
    numbers.millivolts,
    numbers.amperes,
    numbers.hertz,
    numbers.celsius,
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
    assert numbers.number(leaf) == value


@pytest.mark.parametrize(
    ("read", "leaf"),
    [
        (numbers.volts, 6553.5),
        (numbers.volts, "65535"),
        (numbers.volts, 4294967.295),
        (numbers.amperes, 6553.5),
        (numbers.hertz, 655.35),
        (numbers.watts, 429483622.5),
        (numbers.watts, 6554.3),
        (numbers.percent, 400),
        (numbers.percent, "536%"),
        (numbers.percent, -0.1),
        (numbers.percent, 100.1),
        (numbers.health, 0),
        (numbers.health, -0.1),
        (numbers.kwh, -1),
        (numbers.celsius, 6553.5),
        (numbers.millivolts, 65535),
    ],
)
def test_a_sentinel_is_no_value(read, leaf):
    assert read(leaf) is None


def test_kilowatts_become_watts_without_dust():
    assert numbers.kilowatts("0.07772") == 77.72
    assert numbers.kilowatts(-1.154) == -1154.0


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
    assert numbers.text(leaf) == words
