"""Faults and alarms: what the portal itself reports of devices.

A device's fault and its alarm rows are one topic.  An alarm row that is called
recovered is over; one that merely vanished from the list may have been lost, and is
over when it stays away.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.domain.alarm_advice import is_bare
from sems_tray.domain.model import AlarmLevel, DeviceState
from sems_tray.domain.station_state import is_fault
from sems_tray.i18n import formatting

from .model import INVERTER, Level, Rule
from .model import STATION as WHOLE
from .rules_grid import (
    VANISHED,
    belief,
    earliest,
    happening,
    is_lost,
    is_part_of_loss,
    may_tell_of_loss,
    tells_of_loss,
    was_lost,
)
from .topics import AT_ONCE, Finding, Needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sems_tray.domain.model import Alarm, Inverter, Reading

    from .model import Memory, Observation, Topic


STATION = "station"
_FAULT = "fault:"
_CODE = "code:"
# The devices' states may be 10 min older than the station's.
_STATION_ALONE = Needs(3)
_AFTER_GRID_LOSS = Needs(6)
# The grid's state is asked for every 10 min.
_PERHAPS_GRID_LOSS = Needs(2, timedelta(minutes=12))
_RANK = {AlarmLevel.INFO: 0, AlarmLevel.ALARM: 1, AlarmLevel.FAULT: 2}
_MOST_CLOSED = 60


def alarm_key(alarm: Alarm) -> str:
    """Return what stays the same when the portal lists an alarm anew."""
    return formatting.one_line(alarm.name or alarm.code).casefold()


def closed_ids(look: Observation, memory: Memory) -> tuple[str, ...]:
    """Return the happenings that the portal called recovered, the newest last."""
    now_closed = [happening(it) for it in look.reading.alarms if not it.active]
    return tuple(dict.fromkeys((*memory.closed, *now_closed)))[-_MOST_CLOSED:]


def faults(look: Observation, memory: Memory) -> Iterator[Finding]:
    """Say of each device whether something is wrong with it."""
    reading, rules = look.reading, look.rules
    rows: dict[str, list[Alarm]] = {}
    for alarm in reading.alarms:
        counts = is_fault(alarm) and not tells_of_loss(alarm, look, memory)
        if rules.on(Rule.NEW_ALARM) and counts:
            rows.setdefault(alarm.device_sn or STATION, []).append(alarm)
    broken = {
        inverter.sn: inverter
        for inverter in reading.inverters
        if rules.on(Rule.DEVICE_FAULT) and inverter.state is DeviceState.FAULT
    }
    for topic in memory.topics:
        if topic.id.startswith(_FAULT) and is_part_of_loss(topic, memory):
            yield Finding(topic=topic.id, rule=topic.rule, holds=False, quiet=True)
            memory = memory.with_topic(topic.id, None)
    for sn in sorted({*rows, *broken}):
        yield from _device(sn, rows.get(sn, []), broken.get(sn), look, memory)
    seen = {*rows, *broken}
    for topic in memory.topics:
        sn = topic.id.removeprefix(_FAULT)
        if topic.id.startswith(_FAULT) and sn not in seen and sn != STATION:
            yield from _ended(sn, look, memory)
    if STATION not in rows:
        yield from _station(look, memory, explained=bool(seen))


def _device(
    sn: str,
    rows: list[Alarm],
    broken: Inverter | None,
    look: Observation,
    memory: Memory,
) -> Iterator[Finding]:
    new = [it for it in rows if happening(it) not in memory.closed]
    rows = sorted(new or rows, key=lambda alarm: -_RANK[alarm.level])
    if not rows and is_lost(look, memory) and not memory.raised(_FAULT + sn):
        return  # an inverter without a grid may call that a fault
    needs = AT_ONCE
    if rows and all(may_tell_of_loss(it, look) for it in rows):
        needs = _PERHAPS_GRID_LOSS
    elif broken is None:
        needs = belief(rows, memory)
    elif not rows and was_lost(look, memory):
        needs = _AFTER_GRID_LOSS
    serious = broken is not None or rows[0].level is AlarmLevel.FAULT
    yield Finding(
        topic=_FAULT + sn,
        rule=Rule.NEW_ALARM if broken is None else Rule.DEVICE_FAULT,
        holds=True,
        needs=needs,
        level=Level.URGENT if serious else Level.WARNING,
        keys=_keys(rows, memory.topic(_FAULT + sn)),
        ids=tuple(dict.fromkeys(mark for it in rows for mark in _marks(it))),
        name=_newest_name(rows, memory, sn),
        subject=_subject(sn, rows, look.reading),
        device=INVERTER if _inverter(sn, look.reading) else "",
        alarm_id=rows[0].id if rows else None,
        began=earliest(rows),
    )


def _ended(sn: str, look: Observation, memory: Memory) -> Iterator[Finding]:
    """Judge a topic of which nothing bad is said in this reading."""
    topic = memory.topic(_FAULT + sn)
    reading, stale = look.reading, look.reading.stale
    if topic is None:
        return
    inverter = _inverter(sn, reading)
    well = inverter is not None and inverter.state in {
        DeviceState.RUNNING,
        DeviceState.WAITING,
    }
    said = partial(Finding, topic=topic.id, rule=topic.rule, holds=False)
    if topic.keys:
        rows = [it for it in reading.alarms if (it.device_sn or STATION) == sn]
        over = {alarm_key(it): it for it in rows if not it.active}
        told = [over[key] for key in topic.keys if key in over]
        if "alarms" in stale:
            return
        ids = {it.id for it in rows if not it.active}
        marked = {it for it in topic.ids if not it.startswith(_CODE)}
        if len(told) == len(topic.keys) or (marked and marked <= ids):
            told = told or [it for it in rows if it.id in marked]
            yield said(ended=_latest(told, topic.since))
        else:
            yield said(calm=VANISHED)
    elif well and "devices" not in stale:
        yield said()


def _keys(rows: list[Alarm], topic: Topic | None) -> tuple[str, ...]:
    """Return what names the rows; one that was only renamed keeps the name it had."""
    told = topic if topic is not None and topic.raised and topic.keys else None
    news = [it for it in rows if told is None or not _renamed(it, told)]
    return tuple(dict.fromkeys(alarm_key(it) for it in news)) or (
        told.keys if told and rows else ()
    )


def _renamed(alarm: Alarm, topic: Topic) -> bool:
    """Say whether an alarm was told of by another name, or by its code alone."""
    nameless = not (_name(alarm) and topic.name)
    return alarm.id in topic.ids or (
        nameless and bool(alarm.code) and _CODE + alarm.code in topic.ids
    )


def _marks(alarm: Alarm) -> tuple[str, ...]:
    code = _CODE + alarm.code if alarm.code else ""
    return tuple(it for it in (alarm.id, code) if it)


def _station(
    look: Observation, memory: Memory, *, explained: bool
) -> Iterator[Finding]:
    """Judge a fault that only the station's own state tells."""
    topic = memory.topic(_FAULT + STATION)
    broken = look.reading.station.state is DeviceState.FAULT
    bad = broken and look.rules.on(Rule.DEVICE_FAULT)
    said = partial(Finding, topic=_FAULT + STATION, rule=Rule.DEVICE_FAULT)
    if topic is not None and topic.keys and not explained:
        yield from _ended(STATION, look, memory)
    elif explained or not bad:
        if topic is not None:
            yield said(holds=False, quiet=explained)
    elif not is_lost(look, memory):
        yield said(
            holds=True,
            inferred=True,
            needs=_AFTER_GRID_LOSS if was_lost(look, memory) else _STATION_ALONE,
            level=Level.URGENT,
            device=WHOLE,
        )


def _latest(rows: Iterable[Alarm], since: datetime) -> datetime | None:
    times = [it.recovered_at for it in rows if it.recovered_at]
    return max((at for at in times if at >= since), default=None)


def _newest_name(rows: list[Alarm], memory: Memory, sn: str) -> str:
    topic = memory.topic(_FAULT + sn)
    told = topic.keys if topic is not None and topic.raised else ()
    news = [it for it in rows if alarm_key(it) not in told]
    chosen = (news or rows)[:1]
    return _name(chosen[0]) if chosen else ""


def _name(alarm: Alarm) -> str:
    """Return the portal's English name; a bare code is no name."""
    text = formatting.name(alarm.name)
    return "" if is_bare(text, alarm.code) else text


def _inverter(sn: str, reading: Reading) -> Inverter | None:
    return next((it for it in reading.inverters if it.sn == sn), None)


def _subject(sn: str, rows: list[Alarm], reading: Reading) -> str:
    """Return a device's name; an inverter without one has a number among several."""
    found = _inverter(sn, reading)
    if found is None:
        return next(
            (formatting.name(it.device_name) for it in rows if it.device_name), ""
        )
    several = len(reading.inverters) > 1
    number = str(reading.inverters.index(found) + 1) if several else ""
    return formatting.name(found.name) or number
