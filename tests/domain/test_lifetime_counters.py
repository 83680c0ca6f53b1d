"""Counters of a lifetime: glitches, and those that start again."""

import json
from dataclasses import replace
from datetime import timedelta

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


def test_a_drop_is_a_glitch_while_it_has_not_held_for_a_day():
    hours = [(0, OLD_KWH), (1, 0.0), (2, 12.0), (3, OLD_KWH + 9), (30, OLD_KWH + 20)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in hours)
    assert [it[0] for it in found] == [
        OLD_KWH,
        OLD_KWH,
        OLD_KWH,
        OLD_KWH + 9,
        OLD_KWH + 20,
    ]
    assert all(station == roof for station, roof in found)


def test_a_counter_that_starts_again_counts_on_for_the_station():
    hours = [(0, OLD_KWH), (1, 2.0), (12, 20.0), (24.5, 21.0), (25, 22.0), (49, 60.0)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in hours)
    assert found[:4] == [(OLD_KWH, OLD_KWH)] * 4
    assert found[4:] == [(OLD_KWH + 22, 22.0), (OLD_KWH + 60, 60.0)]


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


def test_an_inverter_that_is_listed_again_after_days_counts_nothing_twice():
    both, alone = ("A", 5_000.0), ("B", 6_000.0)
    steps = [
        (0, (both, alone)),
        (1, (both,)),
        (30, (both,)),
        (72, (both, alone)),
        (98, (both, alone)),
    ]
    found = through(told(MEASURED + h * HOUR, *counters) for h, counters in steps)
    assert {it[0] for it in found} == {11_000.0}


def test_it_may_start_again_more_than_once():
    rows = [(0, 100.0), (1, 1.0), (26, 20.0), (27, 0.5), (52, 10.0)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in rows)
    assert found[-1] == (130.0, 10.0)


def test_another_serial_number_is_believed_at_once():
    start = told(MEASURED, ("A", OLD_KWH), ("B", 500.0))
    new = told(MEASURED + HOUR, ("C", 3.0), ("B", 501.0))
    later = told(MEASURED + 2 * HOUR, ("C", 5.0), ("B", 502.0))
    found = through([start, new, later])
    assert found[1][1:] == (3.0, 501.0)
    # What the new one had made by the first look is not told apart.
    assert found[1][0] == pytest.approx(OLD_KWH + 500.0, abs=5)
    assert found[2][0] - found[1][0] == pytest.approx(3.0)


def test_a_used_inverter_does_not_bring_its_past_along():
    start = told(MEASURED, ("A", OLD_KWH))
    used = told(MEASURED + HOUR, ("U", 9000.0))
    found = through([start, used, told(MEASURED + 2 * HOUR, ("U", 9004.0))])
    assert found == [(OLD_KWH, OLD_KWH), (OLD_KWH, 9000.0), (OLD_KWH + 4, 9004.0)]


def test_an_inverter_that_is_added_is_counted_at_once():
    start = told(MEASURED, ("A", OLD_KWH))
    more = told(MEASURED + HOUR, ("A", OLD_KWH), ("B", 700.0))
    assert through([start, more])[1] == (OLD_KWH + 700.0, OLD_KWH, 700.0)


def test_an_inverter_that_is_not_listed_for_once_is_not_gone():
    start = told(MEASURED, ("A", OLD_KWH), ("B", 500.0))
    less = told(MEASURED + HOUR, ("A", OLD_KWH))
    back = told(MEASURED + 2 * HOUR, ("A", OLD_KWH), ("B", 501.0))
    found = through([start, less, back])
    assert found[1] == (OLD_KWH + 500, OLD_KWH)
    assert found[2] == (OLD_KWH + 501, OLD_KWH, 501.0)


def test_a_leap_is_a_glitch_too():
    rows = [(0, OLD_KWH), (1, 2 * OLD_KWH), (2, OLD_KWH + 4), (3, OLD_KWH + 9)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in rows)
    assert [it[0] for it in found] == [OLD_KWH, OLD_KWH, OLD_KWH + 4, OLD_KWH + 9]


def test_what_was_made_while_nobody_looked_is_no_leap():
    rows = [(0, OLD_KWH), (24 * 14, OLD_KWH + 700)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in rows)
    assert found[-1][0] == OLD_KWH + 700


def test_it_may_have_started_again_while_nobody_looked():
    rows = [(0, OLD_KWH), (24 * 14, 280.0), (24 * 15 + 1, 300.0)]
    found = through(told(MEASURED + h * HOUR, ("A", kwh)) for h, kwh in rows)
    assert found[1:] == [(OLD_KWH, OLD_KWH), (OLD_KWH + 300, 300.0)]


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
