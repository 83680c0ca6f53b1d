"""A plant that makes nothing although its own history says that it should.

It is inferred, so the rule is slow to speak.  Only good light counts: so much that even
dull days gave something.  In weaker light the counting is slower, and it goes on over
nights and restarts until the plant makes something.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from .model import Level, Rule
from .rules_grid import is_lost
from .rules_station import SILENT
from .topics import Finding, Needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .model import HeightAt, Memory, Observation


PRODUCTION = "production"
# What a topic's name says of its beginning: by day it has none.
SINCE_YESTERDAY, SNOW = "since yesterday", "snow"
# What stands for "nothing": below it even a plant held back by its house's small load
# does not go, and thick fog gives more.  Of a small plant a hundredth is nothing.
_NOTHING_W = 20.0
_NOTHING_SHARE = 0.01
# Of what is installed: so much an inverter without sun may show; dull light gives more.
_NOISE_SHARE = 0.001
# So many times nothing is something, and so many times it is clearly at work.
_SOMETHING, _CLEARLY = 2.5, 5.0
_PRODUCING_AGAIN = Needs(2)
_DARK_DEG, _GOOD_LIGHT_DEG = 3.0, 10.0
# From this height on the darkest sky leaves a plant something: thick clouds let two
# hundredths of the light through, and inverters begin at half a hundredth.
_HIGH_SUN_DEG = 20.0
_WEAK_LIGHT_WEIGHT = 1 / 6
_SAMPLES = 5
_HOUR = timedelta(hours=1)
_DAY_HOURS = 24
# Over a night, in winter too, where good light lasts for three hours.
_OVER_NIGHT = timedelta(hours=26)
# What was only weak light in the evening is no beginning.
_IN_DUSK = timedelta(hours=1)
# A roof that did not wake may have less light than its history of waking days tells:
# one dark day is not enough, however long it is; two long ones are.
_ASLEEP_WEIGHT = 0.1
_DARK_DAY_SHARE = 0.6
_AFTER, _AFTER_WITHOUT_HISTORY = timedelta(hours=1), timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Light:
    """What the plant gives in the present light, by its history.

    Up to ``nothing_w`` it is nothing.  ``expects`` says that some power is usual,
    ``sure`` that there is some on the dullest days.
    """

    nothing_w: float
    expects: bool
    sure: bool
    known: bool

    @property
    def something_w(self) -> float:
        """From where on the plant works."""
        return (self.nothing_w if self.known else _NOTHING_W) * _SOMETHING

    @property
    def clearly_w(self) -> float:
        """From where on no cloud may make it nothing a moment later."""
        return (self.nothing_w if self.known else _NOTHING_W) * _CLEARLY


def production(look: Observation, memory: Memory) -> Iterator[Finding]:
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
    if not light.expects or _explained(look, memory):
        return
    topic = memory.topic(PRODUCTION)
    begun = topic is not None and topic.held_s > 0
    after = _AFTER if light.known else _AFTER_WITHOUT_HISTORY
    weight = _asleep_weight(look, after) if asleep else _weight(light, look, memory)
    name = (
        topic.name
        if topic is not None and begun
        else _beginning(look, memory, asleep=asleep)
    )
    yield said(
        holds=True,
        needs=Needs(
            _SAMPLES,
            after,
            apart=_OVER_NIGHT if begun else _IN_DUSK,
        ),
        weight=weight,
        level=Level.INFO if name == SNOW else Level.WARNING,
        name=name,
        began=_stopped_at(look, memory),
    )


def nothing_since(look: Observation, memory: Memory) -> datetime | None:
    """Return since when the plant is seen to make nothing, for no other reason."""
    if _has_reason(look, memory):
        return None
    pv_w, light = look.reading.power.pv_w, _light(look)
    if pv_w is None or not look.fresh or look.all_offline:
        return memory.nothing_at
    if pv_w > (0.0 if light is None else light.nothing_w):
        return None
    before = memory.measured_at
    watched = before is not None and look.at - before <= _OVER_NIGHT
    return memory.nothing_at if watched and memory.nothing_at else look.at


def produced_at(look: Observation, memory: Memory) -> datetime | None:
    """Return when the plant was last clearly at work."""
    pv_w, light = look.reading.power.pv_w, _light(look)
    if pv_w is None or not look.fresh or look.all_offline:
        return memory.produced_at
    clearly_w = _NOTHING_W * _CLEARLY if light is None else light.clearly_w
    return look.at if pv_w >= clearly_w else memory.produced_at


def _slept_on(look: Observation, memory: Memory) -> bool:
    """Say whether the roof has not woken since the night."""
    if not (look.old or look.all_offline) or look.context.habits.power is None:
        return False
    return memory.awake_at is not None and _night_since(memory.awake_at, look)


def _night_since(earlier: datetime, look: Observation) -> bool:
    """Say whether the sun was down in between."""
    hours = math.ceil((look.at - earlier) / _HOUR)
    if hours >= _DAY_HOURS:
        return True
    heights = (look.context.height_at(look.at - _HOUR * n) for n in range(hours))
    return any(it is not None and it < _DARK_DEG for it in heights)


def _explained(look: Observation, memory: Memory) -> bool:
    """Say whether the plant may stand still for a reason that has its own notice."""
    stopped = look.all_offline and not _slept_on(look, memory)
    return stopped or _has_reason(look, memory)


def _has_reason(look: Observation, memory: Memory) -> bool:
    fault = any(it.raised and it.id.startswith("fault:") for it in memory.topics)
    return fault or memory.raised(SILENT) or is_lost(look, memory)


def _stopped_at(look: Observation, memory: Memory) -> datetime | None:
    """Return when the plant stopped, if that was in good light and was seen.

    It may have been before the light could be judged: where the roof stands may be
    learned only later.
    """
    if memory.nothing_at is None:
        return None
    return memory.nothing_at if _in_good_light(look, memory.nothing_at) else None


def _light(look: Observation) -> _Light | None:
    """Return what the light is good for; None where nobody knows the sun."""
    height = look.context.height_at(look.at)
    if height is None:
        return None
    power = look.context.habits.power
    usual = None if power is None else power.at_or_below(height)
    if usual is None or usual.high_w < _NOTHING_W * _SOMETHING:
        # Without a history only darkness on the roof counts.
        lit = height >= _GOOD_LIGHT_DEG
        kwp = look.reading.station.capacity_kwp or 0.0
        noise_w = min(_NOTHING_W, kwp * 1000 * _NOISE_SHARE)
        return _Light(nothing_w=noise_w, expects=lit, sure=lit, known=False)
    nothing_w = min(_NOTHING_W, usual.high_w * _NOTHING_SHARE)
    return _Light(
        nothing_w=nothing_w,
        expects=usual.middle_w >= nothing_w * _CLEARLY,
        sure=usual.low_w >= nothing_w * _CLEARLY,
        known=True,
    )


def _asleep_weight(look: Observation, after: timedelta) -> float:
    """Return how much a time without waking tells, of the time that suffices."""
    if not _in_good_light(look, look.at):
        return 0.0
    hours = (look.at - _HOUR * n for n in range(_DAY_HOURS))
    lit = _HOUR * sum(_in_good_light(look, it) for it in hours)
    return min(_ASLEEP_WEIGHT, _DARK_DAY_SHARE * after / lit)


def _in_good_light(look: Observation, at: datetime) -> bool:
    height = look.context.height_at(at)
    return height is not None and height >= _GOOD_LIGHT_DEG


def _weight(light: _Light, look: Observation, memory: Memory) -> float:
    """Return how much a time without power tells.

    A plant that was clearly at work today and then gives nothing has stopped; one that
    did not begin may have had too little light.
    """
    height = look.context.height_at(look.at)
    if height is None or height < _GOOD_LIGHT_DEG:
        return 0.0
    last = memory.produced_at
    stopped = last is not None and not _night_since(last, look)
    sure = light.sure and height >= _HIGH_SUN_DEG
    return 1.0 if stopped or sure else _WEAK_LIGHT_WEIGHT


def _beginning(look: Observation, memory: Memory, *, asleep: bool) -> str:
    """Say whether the plant worked yesterday and did not begin today, as under snow.

    A roof that slept worked when it was awake, be it on a dull day.
    """
    last = memory.awake_at if asleep else memory.produced_at
    if last is None or look.at - last > _OVER_NIGHT or not _night_since(last, look):
        return ""
    return SNOW if snow_is_likely(look.at, look.context.height_at) else SINCE_YESTERDAY


# Whether snow may lie on the panels: by the sun, where winters are and when.


# The sun at noon: where it never stays this low there is no snow to speak of (beyond
# 37 degrees of latitude it does), and from this height on it melts.
_WINTER_NOON_DEG = 30.0
_SNOW_NOON_DEG = 45.0
_STEPS = 12
_SOLSTICES = ((6, 21), (12, 21))


def snow_is_likely(at: datetime, height_at: HeightAt) -> bool:
    """Say whether snow is a likely reason for a dark roof."""
    noon = _noon_deg(at, height_at)
    if noon is None or noon > _SNOW_NOON_DEG:
        return False
    solstices = (at.replace(month=month, day=day) for month, day in _SOLSTICES)
    lowest = (_noon_deg(it, height_at) for it in solstices)
    return min((it for it in lowest if it is not None), default=90) < _WINTER_NOON_DEG


def _noon_deg(at: datetime, height_at: HeightAt) -> float | None:
    """Return how high the sun stands at its highest within a day, roughly."""
    step = timedelta(days=1) / _STEPS
    heights = [height_at(at - step * n) for n in range(_STEPS)]
    return max((it for it in heights if it is not None), default=None)
