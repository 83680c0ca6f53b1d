"""Chosen days of the year: each is one that the program was once wrong about.

The whole program lives through them on a virtual clock; see ``tests.year``.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from sems_tray.simulator.station.alarms import VAC_FAILURE
from sems_tray.simulator.station.events import (
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    SILENT,
    STUCK,
)
from tests.year.days import (
    HOUR,
    MINUTE,
    days,
    each_was_told_and_cleared_once,
    fault,
    live,
)
from tests.year.plants import DIALECTS, site_of

BOTH = pytest.mark.parametrize("dialect", DIALECTS)


@pytest.mark.parametrize(
    ("dialect", "minutes"),
    [
        *(("semsplus", minutes) for minutes in (-6, 0, 3, 9)),
        ("semsplus", None),  # classic tells of the grid by the row alone
        *(("classic", minutes) for minutes in (-6, 3, 9)),
    ],
)
def test_a_lost_grid_is_one_thing_whenever_its_alarm_row_comes(dialect, minutes):
    scene = days(5, 10, 1, dialect=dialect)
    late = minutes is not None and minutes < 0
    lost = fault(
        scene,
        GRID_LOST,
        0,
        9.2,
        2 * HOUR,
        told_after=-minutes * MINUTE if late else 0 * MINUTE,
        alarm_after=None if minutes is None else max(minutes, 0) * MINUTE,
    )
    each_was_told_and_cleared_once(live(scene, lost))


@pytest.mark.parametrize("minutes", [-6, 9])
def test_a_row_about_the_voltage_belongs_to_the_lost_grid(minutes):
    scene = days(5, 10, 1)
    lost = fault(
        scene,
        GRID_LOST,
        0,
        9.2,
        2 * HOUR,
        told_after=max(-minutes, 0) * MINUTE,
        alarm_after=max(minutes, 0) * MINUTE,
        alarm_name=VAC_FAILURE,
    )
    each_was_told_and_cleared_once(live(scene, lost))


@pytest.mark.parametrize("meter_w", [0, 2, -2])
def test_a_blackout_behind_a_battery_that_feeds_the_house_is_told(meter_w):
    scene = days(5, 10, 1)
    lost = fault(scene, GRID_LOST, 0, 2, 3 * HOUR, meter_w=meter_w, alarm_after=None)
    each_was_told_and_cleared_once(live(scene, lost))


@BOTH
def test_a_plant_that_is_dead_from_its_first_days_is_told(dialect):
    scene = days(6, 10, 3, plant="roof", dialect=dialect)
    each_was_told_and_cleared_once(live(scene, fault(scene, DEAD, 0, 8, 51 * HOUR)))


def test_restarts_in_the_middle_of_a_fault_say_nothing_twice():
    scene = days(6, 10, 1, dialect="classic")
    broken = fault(scene, FAULT, 0, 7, 4 * HOUR, device=1)
    middle = [broken.since + n * 35 * MINUTE for n in range(1, 7)]
    each_was_told_and_cleared_once(live(scene, broken, restarts=middle))


def test_a_battery_that_stands_still_is_told_although_the_program_restarts():
    scene = days(6, 10, 1, seed=11)
    stuck = fault(scene, STUCK, 0, 6.5, 7 * HOUR)
    # A battery that is nearly full rests, and nobody can tell that it is stuck.
    assert site_of(scene).powers(stuck.since).soc_percent < 80
    middle = [stuck.since + n * 75 * MINUTE for n in range(1, 4)]
    each_was_told_and_cleared_once(live(scene, stuck, restarts=middle))


@BOTH
def test_one_silent_inverter_of_two_and_a_silent_station_are_told(dialect):
    scene = days(6, 10, 2, dialect=dialect)
    one = fault(scene, ONE_OFF, 0, 8, 3 * HOUR, device=1)
    all_ = fault(scene, SILENT, 1, 8, 3 * HOUR)
    each_was_told_and_cleared_once(live(scene, one, all_))


def test_over_a_real_loopback_it_is_the_same():
    scene = replace(days(6, 10, 1, plant="roof"), days=1)
    short = replace(scene, start=scene.start + 7 * HOUR)
    direct, real = live(short), live(replace(short, real_http=True))
    assert (real.requests, real.sign_ins) == (direct.requests, direct.sign_ins)
    assert real.compared == direct.compared
