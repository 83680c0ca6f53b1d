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
    each_was_told_and_cleared_once,
    fault,
    hours,
    live,
    nothing_was_said,
)
from tests.year.plants import DIALECTS, site_of


@pytest.mark.parametrize(
    ("place", "dialect", "month", "day", "first", "last"),
    [("65N", "classic", 12, 13, 33, 88), ("69N", "semsplus", 11, 16, 9, 60)],
)
def test_dark_winter_days_are_no_silence(place, dialect, month, day, first, last):
    """Awake for two hours a day, or not at all for three days."""
    scene = hours(month, day, first, last, place=place, plant="roof", dialect=dialect)
    nothing_was_said(live(scene))


def test_snow_is_no_silence():
    scene = hours(2, 3, 14, 64, plant="roof")
    since = scene.midnight + DAY
    snow = Event(kind=SNOW, since=since, until=since + 34 * HOUR)
    nothing_was_said(live(scene, weather=[snow]))


def test_a_battery_that_comes_to_its_reserve_at_night_is_no_news():
    scene = hours(12, 10, 14, 34, dialect="classic", seed=2)
    charge = site_of(scene).powers(scene.midnight + DAY).soc_percent
    assert round(charge) == 10
    nothing_was_said(live(scene))


@pytest.mark.parametrize("night", list(NightFlow))
def test_a_winters_days_without_light_are_night_and_no_silence(night):
    scene = hours(12, 5, 9, 37, place="65N", plant="roof", night=night)
    nothing_was_said(live(scene))


def test_snow_for_three_days_is_a_roof_asleep():
    scene = hours(1, 20, 12, 106, place="52N", plant="roof", dialect="classic")
    since = scene.midnight + 20 * HOUR
    snow = Event(kind=SNOW, since=since, until=since + 3 * DAY)
    score = live(scene, weather=(snow,))
    assert [it for it in score.false_alarms if "silent" in it] == []
    assert {what: h for what, h in score.false_h.items() if h > 0.3} == {}


def test_a_logger_that_dies_on_a_winters_noon_is_told_and_stays_so_over_the_night():
    scene = hours(1, 20, 9, 37, place="52N", plant="roof")
    died = fault(scene, SILENT, 11, 34)
    each_was_told_and_cleared_once(live(scene, died))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_portal_that_rests_every_night_is_no_news(dialect):
    scene = hours(5, 10, 0, 24, place="23N", plant="meter", dialect=dialect)
    nothing_was_said(live(scene))


def test_until_the_inverter_wakes_yesterdays_counters_are_not_todays():
    scene = hours(6, 30, 14, 36, plant="roof", dialect="classic")
    score = live(scene)
    assert score.compared > 50
    assert dict(score.wrong) == {}
