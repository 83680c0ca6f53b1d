"""The battery: low, critical, full, or not moving although it should."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.domain.time_zones import zone
from sems_tray.i18n import formatting

from .model import Level, Rule
from .rules_grid import GRID, is_lost
from .topics import Finding, Needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .model import Memory, Observation, Topic


LEVEL = "battery"
FULL = "battery-full"
STUCK = "battery-stuck"
_TWICE = Needs(2)
# A battery at its limit goes to and fro by a percent: it must leave by more than that.
_LOW_BAND_PERCENT, _FULL_BAND_PERCENT = 5.0, 2.0
_MOST_PERCENT = 100.0
# Lower by this than the lowest nights of the last weeks at the same hour is odd.
_ODD_BY_PERCENT = 15.0
_ONCE_IN = timedelta(days=1)
_IDLE_W = 20.0
_AT_REST_PERCENT = 1.0
# A battery at rest is no trouble while there is little to take or to give, near full,
# or anywhere near the reserve, which the portal does not tell.
_MUCH_W = 300.0
_ROOM_BELOW_PERCENT = 90.0
_SURELY_ABOVE_RESERVE_PERCENT = 50.0
_STUCK_SAMPLES, _STUCK_AFTER = 10, timedelta(hours=4)
# Clouds take the work away for hours; what was not seen for longer is another rest.
_LULL = timedelta(hours=3)


def charge(look: Observation, memory: Memory) -> Iterator[Finding]:
    """Say whether the battery is low; critical is the same topic, and worse.

    Reaching the reserve at the end of a night is a battery's work.  Unless the owner
    wants to hear of each time, it is told where it matters, and once a day at most.
    """
    soc, rules = _soc(look), look.rules
    if soc is None:
        return
    limits = []
    if rules.on(Rule.BATTERY_LOW):
        limits.append(("low", rules.low_percent))
    if rules.on(Rule.BATTERY_CRITICAL):
        limits.append(("critical", rules.critical_percent))
    topic = memory.topic(LEVEL)
    keys = tuple(name for name, limit in limits if soc < limit)
    off_grid = is_lost(look, memory)
    if keys and _matters(soc, look, memory):
        if topic is not None and topic.raised and not (off_grid or rules.low_each_time):
            keys = topic.keys  # that it goes on falling is the same story
        critical = "critical" in keys
        level = Level.WARNING if critical else Level.INFO
        yield Finding(
            topic=LEVEL,
            rule=Rule.BATTERY_CRITICAL if critical else Rule.BATTERY_LOW,
            holds=True,
            needs=_TWICE,
            # Without the grid the battery is all there is.
            level=Level(min(level + off_grid, Level.URGENT)),
            keys=keys,
            detail=formatting.percent(soc),
        )
    elif topic is not None and soc >= _over_at(topic, limits):
        yield Finding(
            topic=LEVEL,
            rule=topic.rule,
            holds=False,
            calm=_TWICE,
            quiet=not limits,
            detail=formatting.percent(soc),
        )


def _matters(soc: float, look: Observation, memory: Memory) -> bool:
    """Say whether a low charge is worth a word: in a power cut, or where it is odd."""
    topic, cut = memory.topic(LEVEL), memory.topic(GRID)
    if look.rules.low_each_time or (topic is not None and topic.raised):
        return True
    low_at, off_grid = memory.low_at, is_lost(look, memory)
    if low_at is not None and look.at - low_at < _ONCE_IN:
        return off_grid and cut is not None and low_at < cut.since
    where = zone(look.reading.station.timezone)
    usual = look.context.habits.charge
    low = None if usual is None else usual.get(look.at.astimezone(where).hour)
    return off_grid or (low is not None and soc < low - _ODD_BY_PERCENT)


def full(look: Observation, memory: Memory) -> Iterator[Finding]:
    """Say whether the battery is full; its end needs no words."""
    soc, rules = _soc(look), look.rules
    if soc is None:
        return
    said = partial(Finding, topic=FULL, rule=Rule.BATTERY_FULL, level=Level.INFO)
    if soc >= rules.full_percent:
        yield said(holds=True, needs=_TWICE, detail=formatting.percent(soc))
        return
    topic = memory.topic(FULL)
    over_at = max(rules.full_percent - _FULL_BAND_PERCENT, rules.low_percent)
    if topic is not None and (not topic.raised or soc < over_at):
        yield said(holds=False, quiet=True)


def stuck(look: Observation, memory: Memory) -> Iterator[Finding]:
    """Say whether charge and power stand still although there is work to do."""
    soc, power = _soc(look), look.reading.power
    if soc is None or power.battery_w is None or power.grid_w is None:
        return
    said = partial(Finding, topic=STUCK, rule=Rule.BATTERY_STUCK, inferred=True)
    if at_rest(look, memory) is None:
        if memory.topic(STUCK) is not None:
            yield said(holds=False, detail=formatting.percent(soc))
        return
    surplus = power.grid_w > _MUCH_W and soc < _ROOM_BELOW_PERCENT
    deficit = power.grid_w < -_MUCH_W and soc >= _SURELY_ABOVE_RESERVE_PERCENT
    if (surplus or deficit) and not is_lost(look, memory):
        yield said(
            holds=True,
            needs=Needs(_STUCK_SAMPLES, _STUCK_AFTER, apart=_LULL),
            began=rests_since(look, memory),
            detail=formatting.percent(soc),
        )


def at_rest(look: Observation, memory: Memory) -> float | None:
    """Return the charge at which the battery rests; None while it works."""
    soc, battery_w = _soc(look), look.reading.power.battery_w
    if soc is None or battery_w is None or abs(battery_w) > _IDLE_W:
        return None
    if memory.rest_soc is None:
        return soc
    moved = abs(soc - memory.rest_soc) > _AT_REST_PERCENT
    return None if moved else memory.rest_soc


def rests_since(look: Observation, memory: Memory) -> datetime | None:
    """Return since when the battery rests; None while it works."""
    if at_rest(look, memory) is None:
        return None
    now, before = look.reading.measured_at, memory.measured_at
    watched = now is not None and before is not None and now - before <= _LULL
    return memory.rest_at if watched and memory.rest_at else look.at


def judges(look: Observation) -> bool:
    """Say whether the reading tells anything new of the battery."""
    return _soc(look) is not None


def _soc(look: Observation) -> float | None:
    battery = look.reading.battery
    if battery is None or not look.fresh or not look.new:
        return None
    return battery.soc_percent


def _over_at(topic: Topic, limits: list[tuple[str, float]]) -> float:
    """Return where the highest limit that was crossed counts as left."""
    if not topic.raised:
        return 0.0
    crossed = [limit for name, limit in limits if name in topic.keys]
    return min(max(crossed) + _LOW_BAND_PERCENT, _MOST_PERCENT) if crossed else 0.0
