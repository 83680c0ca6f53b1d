"""One station-year: plant, portal, computer and owner together, from start to end."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sems_tray.simulator.station.events import GRID_LOST
from sems_tray.storage.history.reader import HistoryReader
from tests.kit.clock import Clock

from .faults import planned
from .judge import Judge
from .plants import simulator_of, site_of
from .program import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sems_tray.simulator.simulator import Simulator
    from sems_tray.simulator.station.site import Site

    from .faults import Fault
    from .judge import Score
    from .plants import Scene

Spans: TypeAlias = "tuple[tuple[datetime, datetime], ...]"
HABITS = ("always", "sleeps", "away")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LOW_PERCENT = 15
_RESTARTS_A_MONTH = 4
_STUMBLES, _OUTAGES = 0.3, 0.03  # a day
_ORDERLY = 0.6  # the share of restarts that are no power cut


def run(scene: Scene) -> Score:
    """Live through a scene and return what came of it."""
    site = site_of(scene)
    absent, offline = _absences(scene, site), _offline(scene)
    faults = () if scene.quiet else planned(scene, site, (*absent, *offline))
    return lived(scene, site, faults, absent, offline)


def lived(
    scene: Scene,
    site: Site,
    faults: tuple[Fault, ...],
    absent: Spans = (),
    offline: Spans = (),
    restarts: Iterable[datetime] | None = None,
) -> Score:
    """Live through a scene with these faults, restarted then; None is at random."""
    events = tuple(it.event for it in faults if it.event is not None)
    site.set_events((*site.events, *events))
    faults = tuple(part for it in faults for part in _parts(it, site))
    maintenance = _maintenance(scene)
    judge = Judge(site, faults, [(since, until) for since, until, _ in maintenance])
    clock = Clock(scene.start)
    simulator = simulator_of(site, clock)
    if scene.real_http:
        simulator.start()
    memory = Path("/dev/shm")  # noqa: S108 (the history of a year, on no disk)
    with tempfile.TemporaryDirectory(
        prefix="sems-tray-year-", dir=memory if memory.is_dir() else None
    ) as folder:
        desk = Desk(
            simulator=simulator,
            clock=clock,
            folder=Path(folder),
            dialect=scene.dialect,
            real_http=scene.real_http,
            seed=scene.seed,
        )
        desk.told.append(judge.hear)
        desk.looks.append(judge.look)
        _arrange(desk, scene, judge, faults, absent, maintenance)
        for since, until in offline:
            desk.at(since, partial(setattr, desk, "is_offline", True))
            desk.at(until, partial(setattr, desk, "is_offline", False))
        for at in _restarts(scene, absent) if restarts is None else restarts:
            orderly = desk.rng.random() < _ORDERLY
            desk.at(at, partial(_restart, desk, judge, orderly=orderly))
        try:
            with desk.prepared():
                desk.start()
                desk.live_until(scene.end)
            with HistoryReader(desk.run.paths.history) as reader:
                first, last = scene.start.date(), scene.end.date()
                judge.history(reader.days(site.spec.station_id, first, last))
        finally:
            simulator.stop()
    score = judge.score
    score.name, score.days = scene.name, scene.days
    score.requests, score.sign_ins = desk.requests, desk.sign_ins
    return score


def _parts(fault: Fault, site: Site) -> tuple[Fault, ...]:
    """A long blackout is two things to tell of, if the battery really runs low."""
    event = fault.event
    if event is None or event.kind != GRID_LOST or not fault.also:
        return (fault,)
    if fault.kind != "battery low off grid":
        return (fault,)
    lost = replace(
        fault, kind="grid lost", rules=fault.also, also=fault.rules, low=False
    )
    steps = int((fault.until - fault.since) / (5 * MINUTE))
    charge = min(
        site.powers(fault.since + n * 5 * MINUTE).soc_percent for n in range(steps)
    )
    return (lost, fault) if charge < _LOW_PERCENT else (lost,)


def _absences(scene: Scene, site: Site) -> Spans:
    """Return when the computer is off or asleep."""
    rng, zone = scene.rng("absences"), site.spec.place.timezone
    found = []
    if scene.habit == "sleeps":
        for n in range(scene.days):
            day = (scene.start + n * DAY).astimezone(zone)
            since = day.replace(hour=23, minute=0, second=0, microsecond=0)
            since += rng.uniform(0, 90) * MINUTE
            found.append((since, since + rng.uniform(6.5, 8.5) * HOUR))
    if scene.habit == "away":
        for share in (0.2, 0.55, 0.8):
            since = scene.start + share * scene.days * DAY + rng.uniform(0, 24) * HOUR
            found.append((since, since + min(14 * DAY, scene.days * DAY / 10)))
    return tuple(found)


def _offline(scene: Scene) -> Spans:
    """Return when the computer has no network: for moments, and for half a night."""
    rng, found = scene.rng("network"), []
    for n in range(scene.days):
        since = scene.start + n * DAY + rng.uniform(0, 24) * HOUR
        if rng.random() < _STUMBLES:
            found.append((since, since + rng.choice([2, 4, 10, 30]) * MINUTE))
        elif rng.random() < _OUTAGES:
            found.append((since, since + rng.uniform(1, 14) * HOUR))
    return tuple(found)


def _restarts(scene: Scene, absent: Spans) -> list[datetime]:
    rng = scene.rng("restarts")
    count = scene.days * _RESTARTS_A_MONTH // 30
    times = [scene.start + rng.uniform(0.1, scene.days) * DAY for _ in range(count)]
    return [
        at
        for at in times
        if not any(since - HOUR <= at <= until + HOUR for since, until in absent)
    ]


def _arrange(
    desk: Desk,
    scene: Scene,
    judge: Judge,
    faults: tuple[Fault, ...],
    absent: Spans,
    maintenance: list[tuple[datetime, datetime, str]],
) -> None:
    for since, until in absent:
        if scene.habit == "sleeps":
            desk.at(since, partial(_sleep, desk, judge, until))
        else:
            desk.at(since, partial(_off, desk, judge))
            desk.at(until, desk.start)
    for since, until, how in maintenance:
        desk.at(since, partial(desk.simulator.fail, "", how, until=until))
    for fault in faults:
        if fault.portal is not None:
            _trouble_portal(desk, fault)


def _sleep(desk: Desk, judge: Judge, until: datetime) -> None:
    judge.pause()
    desk.sleep(until)


def _off(desk: Desk, judge: Judge) -> None:
    judge.pause()
    desk.end(orderly=True)


def _restart(desk: Desk, judge: Judge, *, orderly: bool) -> None:
    judge.pause()
    judge.score.starts += 1
    desk.restart(orderly=orderly)


def _maintenance(scene: Scene) -> list[tuple[datetime, datetime, str]]:
    """Return the minutes of every night in which the portal rests, and how."""
    rng = scene.rng("maintenance")
    hour = rng.choice([0.5, 2.0, 18.2])  # somebody's night: it is a portal for all
    found = []
    for n in range(scene.days):
        since = scene.midnight + n * DAY + hour * HOUR + rng.uniform(0, 20) * MINUTE
        until = since + rng.uniform(3, 14) * MINUTE
        found.append((since, until, rng.choice(["503", "html", "500", "empty"])))
    return found


def _trouble_portal(desk: Desk, fault: Fault) -> None:
    """Let the portal be wrong for the time of a fault."""
    sim, how, until = desk.simulator, fault.portal, fault.until
    if how == "refused":
        desk.at(fault.since, partial(_refuse, sim))
        desk.at(until, partial(setattr, sim.world, "scenario", "day"))
        desk.at(until + MINUTE, desk.sign_in)
        return
    assert how is not None
    paths = ("/stations/flow", "/GetMonitorDetailByPowerstationId")
    for path in paths if how == "expired" else ("",):
        desk.at(fault.since, partial(sim.fail, path, how, until=until))


def _refuse(sim: Simulator) -> None:
    """Refuse the password, as after a change of it elsewhere."""
    sim.world.scenario = "refused"
    sim.expire_tokens()
