"""Counters of a lifetime only grow, until they start again.

One that falls, or leaps higher than any plant can make it, has a glitch; once it has
held for a day it is believed, and at once if another inverter stands in its place.  A
new firmware or inverter counts from zero: the device does, too, but what the station
has made before stays made.  An old counter that comes back has counted that itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .energy import AMOUNTS, most_kwh
from .model import Counter, EnergySums, Lifetimes

if TYPE_CHECKING:
    from .model import Reading


# Under this name the store keeps the counters of each station.
LIFETIMES = "lifetimes"
_A_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SUMS = tuple(it for it in AMOUNTS if it != "income")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a counter says, and what could be true of it."""

    kwh: float
    at: datetime
    kwp: float | None
    name: str = "pv_kwh"

    def follows(self, kwh: float, since: datetime) -> bool:
        """Say whether a counter can have got here from there."""
        hours = (self.at - since) / _HOUR
        return kwh <= self.kwh <= kwh + most_kwh(self.name, hours, self.kwp)


def settled(before: Lifetimes, reading: Reading) -> Reading:
    """Return the reading with the lifetimes that are believed, and these with it."""
    at, kwp = reading.received_at, reading.station.capacity_kwp
    told = {it.sn: it.total_kwh for it in reading.inverters if it.sn}
    counted = {sn for sn, kwh in told.items() if kwh is not None}
    gone, come = before.inverters.keys() - told, counted - before.inverters.keys()
    inverters = {} if come else {sn: before.inverters[sn] for sn in gone}
    changed = bool(before.inverters and come)
    for sn, kwh in told.items():
        was = before.inverters.get(sn)
        found = was if kwh is None else _next(was, _Look(kwh=kwh, at=at, kwp=kwp))
        if found is not None:
            inverters[sn] = replace(found, base_kwh=0.0) if found.base_kwh else found
    station = dict(before.station)
    for name in _SUMS:
        kwh = getattr(reading.energy.total, name)
        if kwh is not None:
            look = _Look(kwh=kwh, at=at, kwp=kwp, name=name)
            station[name] = _next(station.get(name), look, at_once=changed)
    sums = {name: it.total_kwh for name, it in station.items()}
    told_sums = reading.energy.total
    total = EnergySums(**sums, income=told_sums.income, currency=told_sums.currency)
    return replace(
        reading,
        energy=replace(reading.energy, total=total),
        inverters=tuple(
            replace(inverter, total_kwh=inverters[inverter.sn].total_kwh)
            if inverter.sn in inverters
            else inverter
            for inverter in reading.inverters
        ),
        lifetimes=Lifetimes(station=station, inverters=inverters),
    )


def _next(before: Counter | None, look: _Look, *, at_once: bool = False) -> Counter:
    """Return a counter after another look; ``at_once`` believes what is odd."""
    if before is None:
        return Counter(kwh=look.kwh, seen_at=look.at)
    if look.follows(before.kwh, before.seen_at):
        return Counter(kwh=look.kwh, seen_at=look.at, base_kwh=before.base_kwh)
    odd_kwh, odd_at = before.odd_kwh, before.odd_at
    if odd_kwh is None or odd_at is None or not look.follows(odd_kwh, odd_at):
        odd_kwh, odd_at = look.kwh, look.at
    if not at_once and look.at - odd_at < _A_DAY:
        return replace(before, odd_kwh=odd_kwh, odd_at=odd_at)
    base_kwh = before.base_kwh
    if look.kwh < before.kwh:
        # Of what it says at first all is new if it can have begun at zero.
        first = replace(look, kwh=odd_kwh, at=odd_at)
        new_kwh = odd_kwh if first.follows(0.0, before.seen_at) else 0.0
        base_kwh = before.total_kwh + new_kwh - odd_kwh
    elif not at_once and look.kwh >= base_kwh:
        # The old counter is back, with what was made before: nothing counts twice.
        base_kwh = max(before.total_kwh - look.kwh, 0.0)
    return Counter(kwh=look.kwh, seen_at=look.at, base_kwh=base_kwh)


def to_json(lifetimes: Lifetimes) -> dict[str, object]:
    """Return the counters as JSON can say them."""
    return {
        "station": {name: _said(it) for name, it in lifetimes.station.items()},
        "inverters": {sn: _said(it) for sn, it in lifetimes.inverters.items()},
    }


def from_json(kept: object) -> Lifetimes:
    """Read kept counters; what cannot be read was never there."""
    parts = kept if isinstance(kept, dict) else {}
    station, inverters = (_counters(parts.get(it)) for it in ("station", "inverters"))
    return Lifetimes(
        station={name: it for name, it in station.items() if name in _SUMS},
        inverters=inverters,
    )


def _counters(kept: object) -> dict[str, Counter]:
    rows = kept if isinstance(kept, dict) else {}
    found = {str(name): _counter(row) for name, row in rows.items()}
    return {name: it for name, it in found.items() if it is not None}


def _said(counter: Counter) -> dict[str, object]:
    said: dict[str, object] = {
        "kwh": counter.kwh,
        "seen_at": counter.seen_at.isoformat(),
    }
    if counter.base_kwh:
        said["base_kwh"] = counter.base_kwh
    if counter.odd_at is not None:
        said |= {"odd_kwh": counter.odd_kwh, "odd_at": counter.odd_at.isoformat()}
    return said


def _counter(row: object) -> Counter | None:
    if not isinstance(row, dict):
        return None
    try:
        odd_at = row.get("odd_at")
        return Counter(
            kwh=float(row["kwh"]),
            seen_at=_aware(row["seen_at"]),
            base_kwh=float(row.get("base_kwh", 0.0)),
            odd_kwh=None if odd_at is None else float(row["odd_kwh"]),
            odd_at=None if odd_at is None else _aware(odd_at),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found
