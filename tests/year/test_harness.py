"""The year's own parts: a judge that sees nothing wrong must be able to see."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from sems_tray.alerts.model import Rule
from sems_tray.simulator.station.events import DEAD, SNOW
from tests.kit.clock import Clock
from tests.year.faults import KINDS, Fault, planned
from tests.year.judge import Score, Told
from tests.year.plants import PLACES, PLANTS, Scene, site_of
from tests.year.promises import broken
from tests.year.timers import Timers

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FAULT = Fault(
    kind="no production",
    since=NOW,
    until=NOW + 4 * HOUR,
    rules=frozenset({Rule.NO_PRODUCTION}),
)


def told(raised=1, cleared=1, lasted=4 * HOUR):
    return Told(
        fault=FAULT, raised=[NOW] * raised, cleared=[NOW] * cleared, lasted=lasted
    )


def score(**what: Any):
    return Score(name="Roof", days=365, **what)


def test_a_timer_stands_still_while_the_computer_sleeps():
    clock = Clock(NOW)
    timers, fired = Timers(clock), []
    timer = timers.make()
    timer.setSingleShot(True)
    timer.connect(lambda: fired.append(clock.at))
    timer.start(120_000)
    clock.at += HOUR
    timers.sleep(HOUR)
    assert timer.remainingTime() == 120_000
    assert timers.next_at() == NOW + HOUR + 2 * MINUTE
    timers.fire()
    assert len(fired) == 1
    assert timers.next_at() is None


def test_a_timer_that_is_started_again_goes_off_once():
    timers = Timers(Clock(NOW))
    timer = timers.make()
    timer.start(1000)
    timer.start(5000)
    assert timers.next_at() == NOW + timedelta(seconds=5)
    timer.stop()
    assert timers.next_at() is None


def test_what_is_right_breaks_no_promise():
    assert broken([score(told=[told()], compared=1)]) == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"told": [told(raised=0)]}, "told once"),
        ({"told": [told(raised=2)]}, "told once"),
        ({"told": [told(cleared=0)]}, "cleared once"),
        ({"told": [told(lasted=5 * HOUR)]}, "15 min off"),
        ({"false_alarms": ["2026-06-01 10:00 silent raised: Roof"]}, "false alarms"),
        (
            {
                "false_h": Counter({"silent for ok": 2.5}),
                "false_when": {"silent for ok": ["06-01 10:00"]},
            },
            "false states",
        ),
        ({"wrong": Counter({"today pv": 1}), "worst": {"today pv": "1 kWh"}}, "books"),
    ],
)
def test_what_is_wrong_breaks_a_promise(what, said):
    (line,) = broken([score(**what)])
    assert said in line


@pytest.mark.parametrize("plant", PLANTS)
def test_of_every_kind_that_a_plant_can_have_some_are_planted(plant):
    scene = Scene(plant=plant)
    site = site_of(scene)
    kinds = Counter(it.kind for it in planned(scene, site, ()))
    able = {name for name, kind in KINDS.items() if plant in kind.plants}
    if len(site.spec.inverters) == 1:
        able.discard("one inverter silent")
    assert kinds.keys() == able


def test_faults_are_days_apart_and_none_is_under_snow():
    scene = Scene(place="65N", plant="roof")
    site = site_of(scene)
    found = planned(scene, site, ())
    for one, other in pairwise(found):
        assert other.since - one.until > 24 * HOUR
    snow = [it for it in site.events if it.kind == SNOW]
    assert snow
    for it in found:
        assert not any(s.holds(it.since) or s.holds(it.until) for s in snow)


def test_where_nothing_is_made_no_production_is_planted():
    scene = Scene(place="69N", plant="roof")
    dead = [
        it
        for it in planned(scene, site_of(scene), ())
        if it.event is not None and it.event.kind == DEAD
    ]
    assert dead
    assert not [it for it in dead if it.since.month in {11, 12, 1}]


def test_the_same_seed_is_the_same_year():
    scene = Scene(place="52N", days=40)
    one, other = (planned(scene, site_of(scene), ()) for _ in range(2))
    assert one == other
    assert site_of(scene).events == site_of(scene).events


def test_places_are_where_they_are_named():
    for name, place in PLACES.items():
        south = -1 if name.endswith("S") else 1
        assert abs(place.latitude_deg - south * int(name[:2])) < 1
