"""How a chosen day is told: its scene, what is planted, and what was said of it."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from sems_tray.alerts.model import Rule
from sems_tray.simulator.station.behaviour import NightFlow
from sems_tray.simulator.station.events import (
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    SILENT,
    STUCK,
    Event,
)
from tests.year.faults import Fault
from tests.year.plants import Scene, site_of
from tests.year.station_year import lived

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RULES = {
    FAULT: {Rule.DEVICE_FAULT, Rule.NEW_ALARM},
    GRID_LOST: {Rule.GRID_LOST},
    SILENT: {Rule.SILENT},
    ONE_OFF: {Rule.SILENT},
    DEAD: {Rule.NO_PRODUCTION},
    STUCK: {Rule.BATTERY_STUCK},
}


def hours(month, day, first, last, **more: Any):
    """Return the scene of some hours, counted from a date's midnight, UTC."""
    midnight = datetime(2026, month, day, tzinfo=UTC)
    usual: dict[str, Any] = {"night": NightFlow.EMPTY, "age_days": 40}
    return Scene(
        start=midnight + first * HOUR,
        lasts=(last - first) * HOUR,
        days=ceil(last / 24),
        **(usual | more),
    )


def fault(scene, kind, first, last, **more):
    """Plant a fault for some hours, counted as those of the scene."""
    since, until = (scene.midnight + it * HOUR for it in (first, last))
    return Fault(
        kind=kind,
        since=since,
        until=until,
        rules=frozenset(RULES[kind]),
        event=Event(kind=kind, since=since, until=until, **more),
    )


def live(scene, *faults, weather=(), restarts=()):
    site = site_of(scene)
    site.set_events(tuple(weather))
    return lived(scene, site, faults, restarts=restarts)


def nothing_was_said(score):
    assert score.compared  # it has lived
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
