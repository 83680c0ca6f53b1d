"""A plant that makes nothing although its own history says that it should.

It is inferred, so the rule is slow to speak.  Only good light counts: so much that even
dull days gave something.  In weaker light the counting is slower, and it goes on over
nights and restarts until the plant makes something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.core.zones import zone

from .fold import Finding, Needs
from .rules_grid import is_lost
from .rules_station import SILENT
from .values import Level, Rule
from .winter import snow_is_likely

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sems_tray.core.records import Usual

    from .look import Look
    from .state import Memory

PRODUCTION = "production"
# What a topic's name says of its beginning: by day it has none.
SINCE_YESTERDAY, SNOW = "since yesterday", "snow"
# What stands for "nothing": below it even a plant held back by its house's small load
# does not go, and thick fog gives more.  Of a small plant a hundredth is nothing.
_NOTHING_W = 20.0
_NOTHING_SHARE = 0.01
# From here on it is something for sure.
_SOMETHING = 2.5
_DULL_DAY = 5.0
_PRODUCING_AGAIN = Needs(2)
_GOOD_LIGHT_DEG = 10.0
# Without a history only exact darkness on the roof under a high sun counts in full.
_HIGH_SUN_DEG = 20.0
_WEAK_LIGHT_WEIGHT = 0.25
_SAMPLES = 5
# Over a night, in winter too, where good light lasts for three hours.
_OVER_NIGHT = timedelta(hours=26)
# What was only weak light in the evening is no beginning.
_IN_DUSK = timedelta(hours=1)
# A roof that never woke may have less light than its history of waking days tells.
_ASLEEP_FACTOR = 4
_WITHOUT_HISTORY_FACTOR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Light:
    """What the plant gives in the present light, by its history, and how it counts.

    Up to ``nothing_w`` it is nothing, from ``something_w`` on it works.  A time without
    power counts by its ``weight``; None is where it is usual.
    """

    nothing_w: float
    something_w: float
    weight: float | None
    factor: int = 1


def production(look: Look, memory: Memory) -> Iterator[Finding]:
    """Say whether the plant makes nothing although the light suffices."""
    light = _light(look)
    if light is None:
        return
    said = partial(Finding, topic=PRODUCTION, rule=Rule.NO_PRODUCTION, inferred=True)
    asleep = _slept_on(look, memory)
    pv_w = look.reading.power.pv_w
    if not asleep:
        if pv_w is None or not look.new or not look.fresh:
            return
        if pv_w > light.nothing_w:
            if pv_w >= light.something_w and memory.topic(PRODUCTION) is not None:
                yield said(holds=False, calm=_PRODUCING_AGAIN)
            return
    if light.weight is None or _explained(look, memory):
        return
    topic = memory.topic(PRODUCTION)
    begun = topic is not None and topic.held_s > 0
    factor = _ASLEEP_FACTOR if asleep else light.factor
    name = _beginning(look, memory)
    yield said(
        holds=True,
        needs=Needs(
            _SAMPLES,
            look.rules.production_after * factor,
            apart=_OVER_NIGHT if begun else _IN_DUSK,
        ),
        weight=light.weight,
        level=Level.INFO if name == SNOW else Level.WARNING,
        name=name,
    )


def produced_at(look: Look, memory: Memory) -> datetime | None:
    """Return when the plant last made something."""
    pv_w, light = look.reading.power.pv_w, _light(look)
    if pv_w is None or not look.fresh or look.all_offline:
        return memory.produced_at
    least_w = _NOTHING_W if light is None else light.nothing_w
    return look.at if pv_w > least_w else memory.produced_at


def _slept_on(look: Look, memory: Memory) -> bool:
    """Say whether the roof has not woken since the night."""
    if not (look.old or look.all_offline) or look.context.habits.power is None:
        return False
    return memory.awake_at is not None and not look.same_daylight(memory.awake_at)


def _explained(look: Look, memory: Memory) -> bool:
    """Say whether the plant may stand still for a reason that has its own notice."""
    fault = any(it.raised and it.id.startswith("fault:") for it in memory.topics)
    stopped = look.all_offline and not _slept_on(look, memory)
    return fault or stopped or memory.raised(SILENT) or is_lost(look, memory)


def _light(look: Look) -> _Light | None:
    """Return what the light is good for; None where nobody knows the sun."""
    height = look.context.height_at(look.at)
    if height is None:
        return None
    power = look.context.habits.power
    usual = None if power is None else power.at_or_below(height)
    good = height >= _GOOD_LIGHT_DEG and look.broad_daylight
    if usual is None or usual.high_w < _NOTHING_W * _SOMETHING:
        full = 1.0 if height >= _HIGH_SUN_DEG else _WEAK_LIGHT_WEIGHT
        return _Light(
            nothing_w=0.0,
            something_w=_NOTHING_W * _SOMETHING,
            weight=full if good else None,
            factor=_WITHOUT_HISTORY_FACTOR,
        )
    nothing_w = min(_NOTHING_W, usual.high_w * _NOTHING_SHARE)
    return _Light(
        nothing_w=nothing_w,
        something_w=nothing_w * _SOMETHING,
        weight=_weight(usual, nothing_w * _DULL_DAY, good=good),
    )


def _weight(usual: Usual, clearly_w: float, *, good: bool) -> float | None:
    """Return how much a time without power tells; None where it is usual."""
    if usual.middle_w < clearly_w:
        return None
    if not good:
        return 0.0
    return 1.0 if usual.low_w >= clearly_w else _WEAK_LIGHT_WEIGHT


def _beginning(look: Look, memory: Memory) -> str:
    """Say whether the plant worked yesterday and did not begin today, as under snow."""
    topic, last = memory.topic(PRODUCTION), memory.produced_at
    since = topic.since if topic is not None and topic.held_s else look.at
    where = zone(look.reading.station.timezone)
    today = look.at.astimezone(where).date()
    if last is None or last.astimezone(where).date() != today - timedelta(days=1):
        return ""
    if since.astimezone(where).date() != today:
        return ""  # it stopped in good light
    return SNOW if snow_is_likely(look.at, look.context.height_at) else SINCE_YESTERDAY
