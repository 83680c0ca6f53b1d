"""Chosen days of the year: each is one that the program was once wrong about.

The whole program lives through them on a virtual clock; see ``tests.year``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.core.alerts import Rule
from sems_tray.simulator.alarms import VAC_FAILURE
from sems_tray.simulator.behaviour import NightFlow
from sems_tray.simulator.events import (
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    SILENT,
    SNOW,
    STUCK,
    Event,
)
from tests.year.faults import Fault
from tests.year.plants import DIALECTS, Scene, site_of
from tests.year.station_year import lived

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOTH = pytest.mark.parametrize("dialect", DIALECTS)
RULES = {
    FAULT: {Rule.DEVICE_FAULT, Rule.NEW_ALARM},
    GRID_LOST: {Rule.GRID_LOST},
    SILENT: {Rule.SILENT},
    ONE_OFF: {Rule.SILENT},
    DEAD: {Rule.NO_PRODUCTION},
    STUCK: {Rule.BATTERY_STUCK},
}


def days(month, day, count, **more):
    start = datetime(2026, month, day, tzinfo=UTC)
    return Scene(start=start, days=count, **({"night": NightFlow.EMPTY} | more))


def fault(scene, kind, day, hours, lasts, **more):
    """Plant a fault so many hours into a day of the scene, UTC."""
    since = scene.start + day * DAY + hours * HOUR
    event = Event(kind=kind, since=since, until=since + lasts, **more)
    return Fault(
        kind=kind,
        since=since,
        until=since + lasts,
        rules=frozenset(RULES[kind]),
        event=event,
    )


def live(scene, *faults, weather=(), restarts=()):
    site = site_of(scene)
    site.set_events(tuple(weather))
    return lived(scene, site, faults, restarts=restarts)


def nothing_was_said(score):
    assert score.false_alarms == []
    assert {what: round(h, 1) for what, h in score.false_h.items() if h > 0.3} == {}


def each_was_told_and_cleared_once(score):
    said = [
        (it.fault.kind, len(it.raised), it.changed, len(it.cleared))
        for it in score.told
    ]
    assert said == [(it.fault.kind, 1, 0, 1) for it in score.told]
    assert [it.off for it in score.told if it.off and it.off > 15 * MINUTE] == []
    assert score.false_alarms == []


@BOTH
@pytest.mark.parametrize("place", ["65N", "69N"])
def test_dark_winter_days_are_no_silence(place, dialect):
    month, day = (12, 13) if place == "65N" else (11, 16)
    scene = days(month, day, 4, place=place, plant="roof", dialect=dialect)
    nothing_was_said(live(scene))


@pytest.mark.parametrize("night", [it for it in NightFlow if it is not NightFlow.TOLD])
def test_whatever_the_flow_says_of_a_sleeping_station_the_portal_is_well(night):
    scene = days(12, 13, 2, place="65N", plant="roof", night=night)
    nothing_was_said(live(scene))


@BOTH
def test_snow_is_no_silence(dialect):
    scene = days(2, 3, 3, plant="roof", dialect=dialect)
    snow = Event(
        kind=SNOW, since=scene.start + DAY, until=scene.start + 2 * DAY + 10 * HOUR
    )
    nothing_was_said(live(scene, weather=[snow]))


@pytest.mark.parametrize("place", ["52N", "35S"])
def test_a_battery_that_comes_to_its_reserve_at_night_is_no_news(place):
    month = 12 if place == "52N" else 6
    scene = days(month, 10, 2, place=place, dialect="classic", seed=2)
    battery = site_of(scene).spec.battery
    assert battery is not None
    assert battery.reserve_percent == 10
    nothing_was_said(live(scene))


@BOTH
def test_a_portal_that_rests_every_night_is_no_news(dialect):
    scene = days(5, 10, 1, place="23N", plant="meter", dialect=dialect)
    nothing_was_said(live(scene))


@pytest.mark.parametrize("night", list(NightFlow))
def test_a_winters_days_without_light_are_night_and_no_silence(night):
    scene = days(12, 5, 3, place="65N", plant="roof", night=night)
    nothing_was_said(live(replace(scene, quiet=True)))


@BOTH
def test_snow_for_three_days_is_a_roof_asleep(dialect):
    scene = days(1, 20, 5, place="52N", plant="roof", dialect=dialect)
    scene = replace(scene, quiet=True)
    since = scene.start + 20 * HOUR
    snow = Event(kind=SNOW, since=since, until=since + 3 * DAY)
    score = live(scene, weather=(snow,))
    assert [it for it in score.false_alarms if "silent" in it] == []
    assert {what: h for what, h in score.false_h.items() if h > 0.3} == {}


def test_a_logger_that_dies_on_a_winters_noon_is_told_and_stays_so_over_the_night():
    scene = days(1, 20, 2, place="52N", plant="roof")
    died = fault(scene, SILENT, 0, 11, 23 * HOUR)
    each_was_told_and_cleared_once(live(scene, died))


@pytest.mark.parametrize("minutes", [-6, 0, 3, 9, None])
@BOTH
def test_a_lost_grid_is_one_thing_whenever_its_alarm_row_comes(dialect, minutes):
    if minutes is None and dialect == "classic":
        pytest.skip("classic tells of the grid by the row alone")
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


def test_until_the_inverter_wakes_yesterdays_counters_are_not_todays():
    scene = days(6, 30, 2, plant="roof", dialect="classic")
    score = live(scene)
    assert score.compared > 50
    assert dict(score.wrong) == {}


@BOTH
def test_restarts_in_the_middle_of_a_fault_say_nothing_twice(dialect):
    scene = days(6, 10, 1, dialect=dialect)
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
