"""Counters of a lifetime: glitches, and those that start again."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.lifetime_counters import from_json, settled, to_json
from sems_tray.domain.model import Energy, EnergySums, Lifetimes
from tests.kit.readings import MEASURED, any_readings, inverter, reading

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD_KWH = 16_851.1


def told(at, *counters, station=None, kwp=10.0, **sums):
    """Return a reading whose inverters, by serial number, have counted so much."""
    kwh = sum(kwh for _, kwh in counters) if station is None else station
    made = reading(
        received_at=at,
        inverters=tuple(inverter(sn=sn, total_kwh=kwh) for sn, kwh in counters),
        energy=Energy(total=EnergySums(pv_kwh=kwh, **sums)),
    )
    return replace(made, station=replace(made.station, capacity_kwp=kwp))


def through(readings, before=None):
    """Return what is shown of the station and its inverters, reading by reading.

    What is known goes through the file's form each time: a restart changes nothing.
    """
    known, shown = before or Lifetimes(), []
    for it in readings:
        found = settled(from_json(json.loads(json.dumps(to_json(known)))), it)
        known = found.lifetimes
        inverters = [one.total_kwh for one in found.inverters]
        shown.append((found.energy.total.pv_kwh, *inverters))
    return shown


# Of one inverter: hours and what its counter says, then what is shown of the station
# and, where that differs, of the inverter.
COUNTERS: dict[str, Any] = {
    "a drop is a glitch while it has not held for a day": (
        [(0, OLD_KWH), (1, 0.0), (2, 12.0), (3, OLD_KWH + 9), (30, OLD_KWH + 20)],
        [OLD_KWH, OLD_KWH, OLD_KWH, OLD_KWH + 9, OLD_KWH + 20],
    ),
    "one that starts again counts on for the station": (
        [(0, OLD_KWH), (1, 2.0), (12, 20.0), (24.5, 21.0), (25, 22.0), (49, 60.0)],
        [*[OLD_KWH] * 4, (OLD_KWH + 22, 22.0), (OLD_KWH + 60, 60.0)],
    ),
    "and may do so more than once": (
        [(0, 100.0), (1, 1.0), (26, 20.0), (27, 0.5), (52, 10.0)],
        [100.0, 100.0, (120.0, 20.0), (120.0, 20.0), (130.0, 10.0)],
    ),
    "a leap is a glitch too": (
        [(0, OLD_KWH), (1, 2 * OLD_KWH), (2, OLD_KWH + 4), (3, OLD_KWH + 9)],
        [OLD_KWH, OLD_KWH, OLD_KWH + 4, OLD_KWH + 9],
    ),
    "what was made while nobody looked is no leap": (
        [(0, OLD_KWH), (24 * 14, OLD_KWH + 700)],
        [OLD_KWH, OLD_KWH + 700],
    ),
    "it may have started again while nobody looked": (
        [(0, OLD_KWH), (24 * 14, 280.0), (24 * 15 + 1, 300.0)],
        [OLD_KWH, OLD_KWH, (OLD_KWH + 300, 300.0)],
    ),
}


@pytest.mark.parametrize("story", COUNTERS)
def test_what_is_shown_of_a_counter(story):
    rows, shown = COUNTERS[story]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in rows)
    assert found == [it if isinstance(it, tuple) else (it, it) for it in shown]


@pytest.mark.parametrize("odd_kwh", [12.0, 9_000.0])
@pytest.mark.parametrize("more_kwh", [3.0, 60.0])
def test_what_is_odd_for_two_days_and_then_right_again_counts_nothing_twice(
    odd_kwh, more_kwh
):
    right = OLD_KWH + more_kwh
    hours = [(0, OLD_KWH), (1, odd_kwh), (26, odd_kwh), (48, right), (74, right + 2)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in hours)
    assert found[-1][0] == pytest.approx(right + 2, abs=12.0)
    assert found[-1][1] == right + 2


ONE, BOTH = (("A", 5000.0),), (("A", 5000.0), ("B", 6000.0))
# Hours and what each inverter's counter says, then what is shown of the station.
INVERTERS: dict[str, Any] = {
    "another serial number is believed at once, without its past": (
        {0: BOTH, 1: (("C", 3000.0), *BOTH[1:]), 2: (("C", 3003.0), *BOTH[1:])},
        [11_000.0, 11_000.0, 11_003.0],
    ),
    "one that is added is counted at once": ({0: ONE, 1: BOTH}, [5000.0, 11_000.0]),
    "one that is not listed for once is not gone": (
        {0: BOTH, 1: ONE, 2: BOTH},
        [11_000.0] * 3,
    ),
    "one that is listed again after days counts nothing twice": (
        {0: BOTH, 1: ONE, 30: ONE, 72: BOTH, 98: BOTH},
        [11_000.0] * 5,
    ),
}


@pytest.mark.parametrize("story", INVERTERS)
def test_what_is_shown_while_inverters_come_and_go(story):
    polls, shown = INVERTERS[story]
    found = through(told(MEASURED + h * HOUR, *rows) for h, rows in polls.items())
    assert [it[0] for it in found] == shown
    counted = [tuple(kwh for _, kwh in rows) for rows in polls.values()]
    assert [it[1:] for it in found] == counted


def test_a_total_that_is_not_told_stays_as_it_was():
    start = told(MEASURED, ("A", OLD_KWH), import_kwh=70.0)
    found = settled(Lifetimes(), start)
    silent = replace(start, energy=Energy(), inverters=(inverter(sn="A"),))
    again = settled(found.lifetimes or Lifetimes(), silent)
    assert again.energy.total == EnergySums(pv_kwh=OLD_KWH, import_kwh=70.0)
    assert again.inverters[0].total_kwh == OLD_KWH


def test_each_amount_is_a_counter_of_its_own():
    rows = [(0, 70.0, 500.0), (1, 1.0, 501.0), (26, 9.0, 520.0)]
    readings = [
        told(MEASURED + h * HOUR, ("A", 1.0), import_kwh=bought, export_kwh=sold)
        for h, bought, sold in rows
    ]
    known = Lifetimes()
    for it in readings[:-1]:
        known = settled(known, it).lifetimes or known
    total = settled(known, readings[-1]).energy.total
    assert (total.import_kwh, total.export_kwh) == (79, 520)


@given(any_readings)
def test_the_first_look_at_any_reading_believes_the_portal(it):
    found = settled(Lifetimes(), it)
    for name in ("pv_kwh", "import_kwh", "export_kwh", "charge_kwh"):
        was, now = getattr(it.energy.total, name), getattr(found.energy.total, name)
        assert (was is None and now is None) or abs(was - now) <= 0.001
    assert from_json(to_json(found.lifetimes or Lifetimes())) == found.lifetimes


@given(st.lists(st.tuples(st.integers(1, 3000), st.floats(0, 1e5)), max_size=20))
def test_the_stations_lifetime_never_shrinks(steps):
    at, readings = MEASURED, []
    for minutes, kwh in steps:
        at += timedelta(minutes=minutes)
        readings.append(told(at, ("A", kwh)))
    shown = [it[0] for it in through(readings)]
    assert shown == sorted(shown)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {"station": 3},
        {"station": {"pv_kwh": None, "import_kwh": {"kwh": "x", "seen_at": "y"}}},
        {"station": {"pv_kwh": {"kwh": 3.0, "seen_at": "2026-06-21T00:00:00"}}},
        {"station": {"pv_kwh": {"kwh": 3.0, "seen_at": 5}}, "inverters": None},
    ],
)
def test_what_cannot_be_read_was_never_kept(kept):
    assert from_json(kept) == Lifetimes()
