"""The station's alarms: those of the scenario and a sparse, invented past."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias

from .events import ALARM, FAULT, GRID_LOST, Event
from .specs import InverterSpec, StationSpec

PAST_DAYS = 30
PAST_CHANCE = 0.07


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm; ``until`` is None while it is happening. Codes are the portal's."""

    alarm_id: str
    code: str
    error_code: int
    name_en: str
    name_zh: str
    level: str
    device: InverterSpec
    since: datetime
    until: datetime | None

    def active(self, now: datetime) -> bool:
        """Say whether the alarm is happening at an instant."""
        return self.since <= now and (self.until is None or now < self.until)


# Code, bit, names and level: word 3, bits 18, 9, 13 and 17 of the inverter's error word
# (facts, section 8).
_Kind: TypeAlias = tuple[str, int, str, str, str]
_ALARM = "Total_FaultLevel_alarm"
_OF_EVENT: dict[str, _Kind] = {
    FAULT: ("E-G3-0-18", 18, "Isolation Failure", "绝缘故障", "Total_FaultLevel_Fault"),
    GRID_LOST: ("E-G3-0-9", 9, "Utility Loss", "电网断电", _ALARM),
    ALARM: ("E-G3-0-13", 13, "Over Temperature", "温度过高", _ALARM),
}
# A grid that is gone is one without a voltage, too: some inverters say that.
VAC_FAILURE = "Vac Failure"
_VAC: _Kind = ("E-G3-0-17", 17, VAC_FAILURE, "电网电压异常", _ALARM)
_PAST: _Kind = (
    "E-G3-0-12",
    12,
    "Grid Waveform Abnormal",
    "电网波形异常",
    "Total_FaultLevel_Prompt",
)


def alarms(
    spec: StationSpec, events: Iterable[Event], now: datetime, seed: int
) -> list[Alarm]:
    """Return all alarms known at an instant, the newest first."""
    out = []
    for event in events:
        late = event.alarm_after
        if event.kind not in _OF_EVENT or late is None or event.since + late > now:
            continue
        kind = _VAC if event.alarm_name == VAC_FAILURE else _OF_EVENT[event.kind]
        place = 0 if event.kind == GRID_LOST else event.place(len(spec.inverters))
        ended = event.until if event.until and event.until + late <= now else None
        out.append(_alarm(spec, kind, place, event.since, ended))
    out += _past(spec, now.astimezone(spec.place.timezone).date(), seed)
    return sorted(out, key=lambda alarm: alarm.since, reverse=True)


def _alarm(
    spec: StationSpec, kind: _Kind, place: int, since: datetime, until: datetime | None
) -> Alarm:
    code, bit, name_en, name_zh, level = kind
    return Alarm(
        alarm_id=f"{spec.station_id[:8]}-{int(since.timestamp())}",
        code=code,
        error_code=1 << bit,
        name_en=name_en,
        name_zh=name_zh,
        level=level,
        device=spec.inverters[place],
        since=since,
        until=until,
    )


@lru_cache(8)
def _past(spec: StationSpec, today: date, seed: int) -> list[Alarm]:
    out = []
    for back in range(1, PAST_DAYS + 1):
        day = today - timedelta(days=back)
        happened = _happened(seed, spec.station_id, day)
        if happened is None or day < spec.created.date():
            continue
        hour, lasted = happened
        since = datetime.combine(day, time(hour, 12, 40), spec.place.timezone)
        out.append(_alarm(spec, _PAST, 0, since, since + lasted))
    return out


@lru_cache(4 * PAST_DAYS)
def _happened(seed: int, station_id: str, day: date) -> tuple[int, timedelta] | None:
    """Return in which hour of a day there was an alarm, and how long it lasted."""
    rng = random.Random(f"{seed}|{station_id}|{day}|alarm")
    if rng.random() > PAST_CHANCE:
        return None
    return rng.randint(9, 16), timedelta(seconds=rng.randint(20, 400))
