"""Chosen days of the year: each is one that the program was once wrong about.

The whole program lives through their hours on a virtual clock; see ``tests.year``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sems_tray.simulator.station.alarms import VAC_FAILURE
from sems_tray.simulator.station.events import (
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    PAUSE,
    SILENT,
    STUCK,
    Event,
)
from tests.year.days import (
    MINUTE,
    each_was_told_and_cleared_once,
    fault,
    hours,
    live,
)
from tests.year.plants import DIALECTS, site_of

BOTH = pytest.mark.parametrize("dialect", DIALECTS)
LATE = {"told_after": 6 * MINUTE, "alarm_after": 0 * MINUTE}
ROWS: dict[str, dict[str, Any]] = {
    "six minutes before the state": LATE,
    "with the state": {"alarm_after": 0 * MINUTE},
    "soon after it": {"alarm_after": 3 * MINUTE},
    "late": {"alarm_after": 9 * MINUTE},
    "never": {"alarm_after": None},
}


@pytest.mark.parametrize(
    ("dialect", "row", "name"),
    [
        *(("semsplus", row, "") for row in ROWS),
        # classic tells of the grid by the row alone
        *(
            ("classic", row, "")
            for row in ROWS
            if row not in {"with the state", "never"}
        ),
        ("semsplus", "six minutes before the state", VAC_FAILURE),
        ("semsplus", "late", VAC_FAILURE),
    ],
)
def test_a_lost_grid_is_one_thing_whenever_its_alarm_row_comes(dialect, row, name):
    scene = hours(5, 10, 8.5, 12.5, dialect=dialect)
    lost = fault(scene, GRID_LOST, 9.2, 11.2, alarm_name=name, **ROWS[row])
    each_was_told_and_cleared_once(live(scene, lost))


@pytest.mark.parametrize("meter_w", [0, 2, -2])
def test_a_blackout_behind_a_battery_that_feeds_the_house_is_told(meter_w):
    scene = hours(5, 10, 1, 6)
    lost = fault(scene, GRID_LOST, 2, 5, meter_w=meter_w, alarm_after=None)
    each_was_told_and_cleared_once(live(scene, lost))


@BOTH
def test_a_plant_that_is_dead_from_its_first_days_is_told(dialect):
    scene = hours(6, 10, 0, 60, plant="roof", dialect=dialect)
    each_was_told_and_cleared_once(live(scene, fault(scene, DEAD, 8, 59)))


def test_restarts_in_the_middle_of_a_fault_say_nothing_twice():
    scene = hours(6, 10, 6, 12, dialect="classic")
    broken = fault(scene, FAULT, 7, 11, device=1)
    middle = [broken.since + n * 35 * MINUTE for n in range(1, 7)]
    each_was_told_and_cleared_once(live(scene, broken, restarts=middle))


def test_a_battery_that_stands_still_is_told_although_the_program_restarts():
    scene = hours(6, 10, 6, 15, seed=11)
    stuck = fault(scene, STUCK, 6.5, 13.5)
    # A battery that is nearly full rests, and nobody can tell that it is stuck.
    assert site_of(scene).powers(stuck.since).soc_percent < 80
    middle = [stuck.since + n * 75 * MINUTE for n in range(1, 4)]
    each_was_told_and_cleared_once(live(scene, stuck, restarts=middle))


@BOTH
def test_one_silent_inverter_of_two_and_a_silent_station_are_told(dialect):
    scene = hours(6, 10, 7, 16, dialect=dialect)
    one = fault(scene, ONE_OFF, 8, 11, device=1)
    all_ = fault(scene, SILENT, 12.5, 15)
    each_was_told_and_cleared_once(live(scene, one, all_))


@BOTH
def test_a_logger_that_pauses_just_after_midnight_counts_no_day_twice(dialect):
    scene = hours(8, 9, 20, 23.5, place="65N", dialect=dialect)
    since = scene.start + 66 * MINUTE  # six minutes past midnight there
    pause = Event(kind=PAUSE, since=since, until=since + 15 * MINUTE)
    score = live(scene, weather=[pause])
    assert score.compared
    assert score.wrong == {}


def test_over_a_real_loopback_it_is_the_same():
    scene = hours(6, 10, 7, 14, plant="roof")
    direct, real = live(scene), live(replace(scene, real_http=True))
    assert (real.requests, real.sign_ins) == (direct.requests, direct.sign_ins)
    assert real.compared == direct.compared
