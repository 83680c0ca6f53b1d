"""Chosen nights and winter days: a roof or a portal that sleeps is no news.

The whole program lives through them on a virtual clock; see ``tests.year``.
"""

from __future__ import annotations

import pytest

from sems_tray.simulator.station.behaviour import NightFlow
from sems_tray.simulator.station.events import SILENT, SNOW, Event
from tests.year.days import (
    DAY,
    HOUR,
    days,
    each_was_told_and_cleared_once,
    fault,
    live,
    nothing_was_said,
)
from tests.year.plants import DIALECTS, site_of


@pytest.mark.parametrize(
    ("place", "dialect"), [("65N", "classic"), ("69N", "semsplus")]
)
def test_dark_winter_days_are_no_silence(place, dialect):
    month, day = (12, 13) if place == "65N" else (11, 16)
    scene = days(month, day, 4, place=place, plant="roof", dialect=dialect)
    nothing_was_said(live(scene))


def test_snow_is_no_silence():
    scene = days(2, 3, 3, plant="roof")
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


@pytest.mark.parametrize("night", list(NightFlow))
def test_a_winters_days_without_light_are_night_and_no_silence(night):
    scene = days(12, 5, 3, place="65N", plant="roof", night=night)
    nothing_was_said(live(scene))


def test_snow_for_three_days_is_a_roof_asleep():
    scene = days(1, 20, 5, place="52N", plant="roof", dialect="classic")
    since = scene.start + 20 * HOUR
    snow = Event(kind=SNOW, since=since, until=since + 3 * DAY)
    score = live(scene, weather=(snow,))
    assert [it for it in score.false_alarms if "silent" in it] == []
    assert {what: h for what, h in score.false_h.items() if h > 0.3} == {}


def test_a_logger_that_dies_on_a_winters_noon_is_told_and_stays_so_over_the_night():
    scene = days(1, 20, 2, place="52N", plant="roof")
    died = fault(scene, SILENT, 0, 11, 23 * HOUR)
    each_was_told_and_cleared_once(live(scene, died))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_portal_that_rests_every_night_is_no_news(dialect):
    scene = days(5, 10, 1, place="23N", plant="meter", dialect=dialect)
    nothing_was_said(live(scene))


def test_until_the_inverter_wakes_yesterdays_counters_are_not_todays():
    scene = days(6, 30, 2, plant="roof", dialect="classic")
    score = live(scene)
    assert score.compared > 50
    assert dict(score.wrong) == {}
