"""The grid: lost or there, and which alarms tell of the same event.

An inverter without a grid gives several signs of it, each at its own time: the grid's
state, alarms of its loss, alarms of a voltage or frequency out of bounds, a fault
state.  They are one event and one topic, whichever comes first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.domain.alarm_advice import is_about_grid, is_bare
from sems_tray.domain.station_state import is_grid_loss
from sems_tray.i18n import formatting

from .model import Level, Rule
from .topics import AT_ONCE, Finding, Needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sems_tray.domain.model import Alarm

    from .model import Memory, Observation, Topic


GRID = "grid"
# The grid's state is asked for every 10 min, the alarms every 5.
_SIGNS_WITHIN = timedelta(minutes=15)
_NO_POWER_W = 50.0
# The alarm list is asked for every 5 min: two lists and more must lack the row,
# at night, when the program polls every 15 min, three.
VANISHED = Needs(3, timedelta(minutes=10))
# The portal may serve an older copy of the list once or twice.
_FROM_AN_OLD_LIST = Needs(3)


def is_lost(look: Observation, memory: Memory) -> bool:
    """Say whether the grid is gone."""
    return memory.raised(GRID) or look.reading.grid_connected is False


def was_lost(look: Observation, memory: Memory) -> bool:
    """Say whether the grid was gone a moment ago."""
    topic = memory.topic(GRID)
    if topic is None or topic.bad_at is None:
        return False
    return abs(look.at - topic.bad_at) <= _SIGNS_WITHIN


def grid(look: Observation, memory: Memory) -> Iterator[Finding]:
    """Say whether the grid is gone."""
    reading = look.reading
    lost = [it for it in reading.alarms if is_grid_loss(it)]
    topic = memory.topic(GRID)
    said = partial(Finding, topic=GRID, rule=Rule.GRID_LOST)
    if lost or reading.grid_connected is False:
        soc = reading.battery.soc_percent if reading.battery else None
        since = topic.since if topic is not None and topic.raised else look.at
        signs = [it for it in reading.alarms if it.active and _is_sign(it, since)]
        rows = [*lost, *(it for it in signs if it not in lost)]
        yield said(
            holds=True,
            level=Level.URGENT,
            keys=("lost",),
            ids=tuple(it.id for it in rows),
            began=earliest(rows),
            needs=belief(lost, memory) if reading.grid_connected is None else AT_ONCE,
            detail="" if soc is None else formatting.percent(soc),
            alarm_id=rows[0].id if rows else None,
        )
        return
    if topic is None:
        return
    ended = _recovery(look, topic)
    if (reading.grid_connected and look.fresh) or ended:
        yield said(holds=False, ended=ended)
    elif "alarms" not in reading.stale:
        yield said(holds=False, calm=VANISHED)


def tells_of_loss(alarm: Alarm, look: Observation, memory: Memory) -> bool:
    """Say whether an alarm belongs to the grid's topic.

    What began well before the loss is an alarm of its own, and so is one that stays
    when the loss is long over.
    """
    if is_grid_loss(replace(alarm, active=True)):
        return True
    topic = memory.topic(GRID)
    if topic is None:
        return is_lost(look, memory) and _is_sign(alarm, None)
    over = topic.cleared_at is not None
    recent = over if _is_named(alarm) else was_lost(look, memory)
    return (is_lost(look, memory) or recent) and _is_sign(alarm, topic.since)


def may_tell_of_loss(alarm: Alarm, look: Observation) -> bool:
    """Say whether an alarm may be the first sign of a loss that is not known yet.

    It is not while power flows to or from the grid.
    """
    reading, at = look.reading, alarm.happened_at
    measured_at, grid_w = reading.measured_at, reading.power.grid_w
    if reading.grid_connected is None or not _is_sign(alarm, None):
        return False
    before = at is not None and measured_at is not None and measured_at < at
    return before or grid_w is None or abs(grid_w) < _NO_POWER_W


def is_part_of_loss(topic: Topic, memory: Memory) -> bool:
    """Say whether what was told of a device was a first sign of the loss."""
    lost = memory.topic(GRID)
    if lost is None or not (lost.raised and topic.raised):
        return False
    if topic.since < lost.since - _SIGNS_WITHIN:
        return False
    return not topic.name or all(is_about_grid(key) for key in topic.keys)


def _is_sign(alarm: Alarm, lost_since: datetime | None) -> bool:
    """Say whether an alarm tells of the grid, or of nothing by name, at that time."""
    at = alarm.happened_at
    if _is_named(alarm) and not is_about_grid(alarm.name):
        return False
    return at is None or lost_since is None or at >= lost_since - _SIGNS_WITHIN


def _is_named(alarm: Alarm) -> bool:
    return not is_bare(formatting.one_line(alarm.name), alarm.code)


def _recovery(look: Observation, topic: Topic) -> datetime | None:
    """Return when the last alarm of the loss was over; None if that is not its end."""
    ids = {*topic.ids, topic.alarm_id}
    rows = [it for it in look.reading.alarms if it.id in ids]
    if any(it.active for it in rows):
        return None
    lost = [it for it in rows if is_grid_loss(replace(it, active=True))]
    end = max((it.recovered_at for it in lost or rows if it.recovered_at), default=None)
    # A voltage may be out of bounds for a moment only, at the loss.
    last_sign = topic.bad_at or topic.since
    momentary = not lost and end is not None and end < last_sign - _SIGNS_WITHIN
    return None if momentary else end


# The rows of the portal's alarm list, as the rules read them.


def happening(alarm: Alarm) -> str:
    """Return the mark of one occurrence of an alarm."""
    at = alarm.happened_at
    return f"{alarm.id}@{'' if at is None else int(at.timestamp())}"


def belief(rows: Sequence[Alarm], memory: Memory) -> Needs:
    """Return how often rows must be seen: those once recovered more often."""
    returned = all(happening(it) in memory.closed for it in rows)
    return _FROM_AN_OLD_LIST if rows and returned else AT_ONCE


def earliest(rows: Iterable[Alarm]) -> datetime | None:
    """Return when the first of some alarms happened."""
    return min((it.happened_at for it in rows if it.happened_at), default=None)
