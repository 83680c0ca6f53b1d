"""What goes wrong in a year: planted at random where an owner would want to know.

A fault is planted only where there is something to notice: no missing production in
the dark, no stuck battery without work for it, nothing while the computer is off.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.alerts.model import Rule
from sems_tray.simulator.station.alarms import VAC_FAILURE
from sems_tray.simulator.station.events import (
    ALARM,
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    SILENT,
    SNOW,
    STUCK,
    Event,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from random import Random

    from sems_tray.simulator.station.ledger import Powers
    from sems_tray.simulator.station.site import Site

    from .plants import Scene

    Times = Callable[[Random, datetime, Site], tuple[datetime, datetime] | None]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_PATIENCE = 20  # so many days in vain, and its turn is over
_DEVICE = frozenset({Rule.DEVICE_FAULT, Rule.NEW_ALARM})
_CHARGED_PERCENT = 40
_LOW = frozenset({Rule.BATTERY_LOW, Rule.BATTERY_CRITICAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One planted fault, and which rules may speak of it.

    ``portal`` is what the portal does wrong meanwhile, in the simulator's words.
    ``also`` are rules that may speak of what follows from it.
    """

    kind: str
    since: datetime
    until: datetime
    rules: frozenset[Rule]
    also: frozenset[Rule] = frozenset()
    event: Event | None = None
    portal: str | None = None
    low: bool = False  # a charge, which recovers by itself some time later

    @property
    def lasts(self) -> timedelta | None:
        """How long it truly lasts; None where that is no one's to say."""
        return None if self.low else self.until - self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of fault: when it may be, and what it is for the plant or the portal."""

    rules: frozenset[Rule]
    when: Times
    event: Callable[[Random, Site], dict[str, object]] | None = None
    portal: tuple[str, ...] = ()
    plants: frozenset[str] = frozenset({"battery", "roof", "meter"})
    also: frozenset[Rule] = frozenset()
    inverters: int = 1


def planned(
    scene: Scene,
    site: Site,
    away: Iterable[tuple[datetime, datetime]],
    kinds: Iterable[str] = (),
    first_day: int = 3,
) -> tuple[Fault, ...]:
    """Return faults of all kinds that this station can have, days apart."""
    rng = scene.rng("faults")
    able = [
        name
        for name in (kinds or KINDS)
        if scene.plant in KINDS[name].plants
        and len(site.spec.inverters) >= KINDS[name].inverters
    ]
    off = list(away)
    found: list[Fault] = []
    day = first_day
    queue: list[str] = []
    misses: Counter[str] = Counter()
    while able and day < scene.days - 3:
        if not queue:
            queue = rng.sample(able, len(able))
        name = queue.pop()
        fault = _planted(name, rng, scene.start + timedelta(days=day), site, off)
        if fault is None:
            misses[name] += 1
            if misses[name] % _PATIENCE:
                queue.insert(0, name)
            day += misses.total() % len(able) == 0
            continue
        found.append(_as_told(fault, scene))
        day = (fault.until - scene.start).days + rng.randint(3, 8)
    return tuple(found)


def _as_told(fault: Fault, scene: Scene) -> Fault:
    """Return the fault as its dialect can tell it.

    Of a lost grid the classic replies know by the inverter's own fault word alone; a
    voltage out of bounds says no more than that.
    """
    event = fault.event
    if scene.dialect == "semsplus" or event is None or event.kind != GRID_LOST:
        return fault
    after = timedelta() if event.alarm_after is None else event.alarm_after
    return replace(fault, event=replace(event, alarm_after=after, alarm_name=""))


def _planted(
    name: str,
    rng: Random,
    day: datetime,
    site: Site,
    off: list[tuple[datetime, datetime]],
) -> Fault | None:
    kind = KINDS[name]
    times = kind.when(rng, day, site)
    if times is None:
        return None
    since, until = (it.replace(second=0, microsecond=0) for it in times)
    if any(_hides(span, since, until) for span in off):
        return None
    if any(
        it.kind == SNOW
        and it.since - 12 * HOUR < until
        and (it.until is None or since - 36 * HOUR < it.until)
        for it in site.events
    ):
        return None  # weather of its own
    event = None
    if kind.event is not None:
        event = Event(since=since, until=until, **kind.event(rng, site))  # type: ignore[arg-type]
    return Fault(
        kind=name,
        since=since,
        until=until,
        rules=kind.rules,
        also=kind.also,
        event=event,
        portal=rng.choice(kind.portal) if kind.portal else None,
        low=bool(kind.rules & _LOW),
    )


def _hides(off: tuple[datetime, datetime], since: datetime, until: datetime) -> bool:
    """Say whether nobody would see a fault begin or end: the computer is off."""
    begin, end = off
    if until - since > DAY and end - begin < DAY / 2:  # a night in the midst of it
        edges = (since, until)
        return any(begin - HOUR < it < end + HOUR / 2 for it in edges)
    return since - HOUR / 2 < end and begin < until + HOUR


# -- when ----------------------------------------------------------------------


def _local(site: Site, day: datetime, hour: float) -> datetime:
    zone = site.spec.place.timezone
    midnight = day.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)


def _any_time(
    rng: Random, day: datetime, site: Site, *, hours: tuple[float, float]
) -> tuple[datetime, datetime]:
    since = _local(site, day, rng.uniform(8, 18))
    return since, since + rng.uniform(*hours) * HOUR


def _in_light(
    rng: Random,
    day: datetime,
    site: Site,
    *,
    hours: tuple[float, float],
    share: float = 0.08,
) -> tuple[datetime, datetime] | None:
    """Return a span in which the roof gives a share of what it could, all along."""
    since = _local(site, day, rng.uniform(8.5, 12.5))
    until = since + rng.uniform(*hours) * HOUR
    least_w = share * 1000 * site.spec.capacity_kwp
    every = [
        since + n * 10 * MINUTE for n in range(int((until - since) / MINUTE) // 10)
    ]
    bright = all(site.powers(at).pv_w >= least_w for at in every)
    return (since, until) if bright else None


def _for_days(
    rng: Random, day: datetime, site: Site
) -> tuple[datetime, datetime] | None:
    first = _in_light(rng, day, site, hours=(3, 4), share=0.2)
    if first is None:
        return None
    last = _in_light(rng, day + timedelta(days=rng.choice([2, 3])), site, hours=(3, 4))
    return (first[0], last[1]) if last else None


def _with_work(
    rng: Random, day: datetime, site: Site
) -> tuple[datetime, datetime] | None:
    """Return a span with plenty to store, or to give from a charge well above half."""
    battery = site.spec.battery
    assert battery is not None
    since = _local(site, day, rng.uniform(8, 10))
    until = since + 7 * HOUR
    full = site.powers(since).soc_percent
    every = [site.powers(since + n * 10 * MINUTE) for n in range(6 * 6)]
    busy = sum(_surplus_w(it) > 500 for it in every) >= 5 * 6
    return (since, until) if full < 80 and busy else None


def _surplus_w(powers: Powers) -> float:
    return powers.pv_w - powers.load_w


def _long_dark(
    rng: Random, day: datetime, site: Site
) -> tuple[datetime, datetime] | None:
    """Return an evening and a night long enough to empty a charged battery.

    In a polar night it is empty for weeks, whatever the grid does: then the fault would
    neither begin nor end.
    """
    since = _local(site, day, rng.uniform(18, 20))
    until = since + rng.uniform(11, 13) * HOUR
    charged = site.powers(since).soc_percent >= _CHARGED_PERCENT
    later = (site.powers(until + n * 3 * HOUR) for n in range(5 * 8))
    recovers = any(it.soc_percent >= _CHARGED_PERCENT for it in later)
    return (since, until) if charged and recovers else None


# -- what ----------------------------------------------------------------------


def _blackout(rng: Random, site: Site) -> dict[str, object]:
    """Return a lost grid: what the meter shows, and what is told when."""
    stored = site.spec.battery is not None
    after = rng.choice([0, -4, 3, 9, None if stored else 2])
    told_after = 0 if after is None else max(-after, 0)
    alarm_after = None if after is None else timedelta(minutes=max(after, 0))
    return {
        "kind": GRID_LOST,
        "meter_w": rng.choice([0, 0, 2, -2]) if stored else 0,
        "alarm_after": alarm_after,
        "told_after": told_after * MINUTE,
        "alarm_name": rng.choice(["", "", VAC_FAILURE]) if stored else "",
    }


def _one(kind: str) -> Callable[[Random, Site], dict[str, object]]:
    return lambda rng, site: {
        "kind": kind,
        "device": rng.randrange(len(site.spec.inverters)),
    }


def _whole(kind: str) -> Callable[[Random, Site], dict[str, object]]:
    return lambda _rng, _site: {"kind": kind}


def _string_inverter(_: Random, site: Site) -> dict[str, object]:
    found = [n for n, it in enumerate(site.spec.inverters) if not it.hybrid]
    return {"kind": ONE_OFF, "device": found[-1]}


_STORED = frozenset({"battery"})
_PORTAL = frozenset({Rule.PORTAL})
_SIGN_IN = frozenset({Rule.SIGN_IN})
KINDS: dict[str, _Kind] = {
    "device fault": _Kind(
        rules=_DEVICE, when=partial(_in_light, hours=(1, 5)), event=_one(FAULT)
    ),
    "new alarm": _Kind(
        rules=_DEVICE, when=partial(_any_time, hours=(1, 6)), event=_one(ALARM)
    ),
    "grid lost": _Kind(
        rules=frozenset({Rule.GRID_LOST}),
        when=partial(_in_light, hours=(0.5, 5), share=0.02),
        event=_blackout,
        also=_LOW,
    ),
    "battery low off grid": _Kind(
        rules=_LOW,
        when=_long_dark,
        event=_blackout,
        plants=_STORED,
        also=frozenset({Rule.GRID_LOST}),
    ),
    "station silent": _Kind(
        rules=frozenset({Rule.SILENT}),
        when=partial(_in_light, hours=(2, 5)),
        event=_whole(SILENT),
    ),
    "one inverter silent": _Kind(
        rules=frozenset({Rule.SILENT}),
        when=partial(_in_light, hours=(3, 5), share=0.15),
        event=_string_inverter,
        inverters=2,
    ),
    "no production": _Kind(
        rules=frozenset({Rule.NO_PRODUCTION}),
        when=partial(_in_light, hours=(4, 5), share=0.2),
        event=_whole(DEAD),
    ),
    "dead plant": _Kind(
        rules=frozenset({Rule.NO_PRODUCTION}), when=_for_days, event=_whole(DEAD)
    ),
    "battery stuck": _Kind(
        rules=frozenset({Rule.BATTERY_STUCK}),
        when=_with_work,
        event=_whole(STUCK),
        plants=_STORED,
    ),
    "portal down": _Kind(
        rules=_PORTAL, when=partial(_any_time, hours=(3, 9)), portal=("503", "html")
    ),
    "throttled": _Kind(
        rules=_PORTAL, when=partial(_any_time, hours=(3, 5)), portal=("429", "throttle")
    ),
    "paths gone": _Kind(
        rules=_PORTAL, when=partial(_any_time, hours=(3, 5)), portal=("404",)
    ),
    "sign-in refused": _Kind(
        rules=_SIGN_IN, when=partial(_any_time, hours=(1, 5)), portal=("refused",)
    ),
    "tokens refused": _Kind(
        rules=_SIGN_IN, when=partial(_any_time, hours=(3, 6)), portal=("expired",)
    ),
}
