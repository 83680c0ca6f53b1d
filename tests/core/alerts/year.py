"""The simulator's plant as readings, without a portal between: a year in seconds.

The simulator knows what is true; here it becomes what a client would hold: states of
devices that are up to ten minutes old, an alarm list up to six, parts that could not be
renewed, polls that fail, nights in which the computer sleeps.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sems_tray.core.alerts import AlertState, Context, step
from sems_tray.core.habits import Habits
from sems_tray.core.model import (
    Alarm,
    AlarmLevel,
    Battery,
    CurvePoint,
    DeviceState,
    Dialect,
    Inverter,
    Powers,
    Reading,
    Station,
)
from sems_tray.core.outcome import Failed, Trouble
from sems_tray.core.records import usual_power
from sems_tray.simulator.events import FAULT, GRID_LOST, SILENT, Event
from sems_tray.simulator.places import place_named
from sems_tray.simulator.site import Site
from sems_tray.simulator.specs import house, roof
from sems_tray.simulator.sun import hour_angle_deg, sun_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sems_tray.core.alerts import Notice, Withdrawal
    from sems_tray.simulator.alarms import Alarm as Truth
    from sems_tray.simulator.places import Place
    from sems_tray.simulator.site import Live
    from sems_tray.simulator.sun import SunDay

POLL = timedelta(minutes=2)
DEVICES = timedelta(minutes=10)
ALARMS = timedelta(minutes=6)
HOUR = timedelta(hours=1)
DARK_BELOW_DEG = 3.0  # as in sems_tray.sun
_LEVELS = {
    "Total_FaultLevel_Prompt": AlarmLevel.INFO,
    "Total_FaultLevel_alarm": AlarmLevel.ALARM,
    "Total_FaultLevel_Fault": AlarmLevel.FAULT,
}
# None of these is worth a notice: short, or not GoodWe's.
_SHORT = (
    Trouble.UNREACHABLE,
    Trouble.THROTTLED,
    Trouble.UNREADABLE,
    Trouble.PORTAL_CHANGED,
)


@dataclass
class Told:
    """What a stretch of time brought."""

    raised: list[Notice]
    cleared: list[Notice]
    others: list[Notice | Withdrawal]
    polls: int = 0
    readings: int = 0


class Plant:
    """A station of the simulator, read by a client that has its troubles."""

    def __init__(self, dialect: Dialect, start: datetime, seed: int) -> None:
        self.place = place_named("Europe/Amsterdam")
        spec = (
            house(self.place, start)
            if dialect is Dialect.SEMSPLUS
            else roof(self.place, start, no=2, name="Roof", age_days=400)
        )
        self.dialect, self.start = dialect, start
        self.site = Site(spec, seed, midnight_glitch=True)
        self.rng = random.Random(f"{seed}|{dialect}|{start}")
        self._station = Station(
            id=spec.station_id, name=spec.name, timezone=self.place.zone
        )
        self._states: list[DeviceState] = []
        self._alarms: tuple[Alarm, ...] = ()
        self._states_at = self._alarms_at = start - timedelta(days=1)
        self._station_state = ""
        self._asleep_live: Live | None = None
        self._past: dict[tuple[object, ...], list[Alarm]] = {}

    # -- the client's view -----------------------------------------------------

    def reading(self, now: datetime) -> Reading:
        """Return what a client holds at an instant."""
        live, state = self._live(now)
        turned, self._station_state = state != self._station_state, state
        if turned or now - self._states_at >= DEVICES:
            self._states, self._states_at = self._device_states(now), now
        stale: tuple[str, ...] = ()
        if turned or now - self._alarms_at >= ALARMS:
            luck = self.rng.random()
            if luck < 0.02 and not turned:
                stale = ("alarms",)
            else:
                rows = self._rows(now)
                self._alarms = () if 0.02 <= luck < 0.03 else rows
                self._alarms_at = now
        site = self.site
        lost = site.is_(GRID_LOST, live.at)
        hybrid = self.dialect is Dialect.SEMSPLUS
        soc = live.soc_percent
        return Reading(
            dialect=self.dialect,
            station=replace(self._station, state=DeviceState(state)),
            received_at=now,
            measured_at=live.at,
            power=Powers(
                pv_w=float(live.pv_w),
                load_w=live.load_w,
                grid_w=live.grid_w,
                battery_w=live.battery_w,
            ),
            battery=None if soc is None else Battery(soc_percent=float(soc)),
            inverters=tuple(
                Inverter(sn=it.sn, name=it.name, state=state_, power_w=float(pv_w))
                for it, state_, pv_w in zip(
                    site.spec.inverters, self._states, live.pv_w_each, strict=True
                )
            ),
            alarms=self._alarms,
            grid_connected=not lost if hybrid else None,
            stale=stale,
        )

    def curve(self, days: int, now: datetime) -> list[CurvePoint]:
        """Return the plant's powers of the days before, every quarter of an hour."""
        first = now - timedelta(days=days)
        times = (first + timedelta(minutes=15 * n) for n in range(days * 96))
        return [
            CurvePoint(at=at, power=Powers(pv_w=float(self.site.powers(at).pv_w)))
            for at in times
            if self.height(at) > 0
        ]

    def height(self, at: datetime) -> float:
        """Return the sun's height."""
        return _height(self.place, int(at.timestamp()) // 60)

    def dark(self, at: datetime) -> bool:
        """Say whether the sun is down."""
        return self.height(at) < DARK_BELOW_DEG

    def _live(self, now: datetime) -> tuple[Live, str]:
        """Return the last report; what sleeps reports nothing new."""
        site = self.site
        if not site.dormant(now):
            self._asleep_live = None
            live = site.live(now)
            if any(it.holds(now) for it in site.events):
                return live, site.station_state(now)
            # What the site would say, without asking it everything again.
            works = live.pv_w or site.spec.battery is not None
            return live, "running" if works else "waiting"
        if self._asleep_live is None:
            self._asleep_live = site.live(now)
        return self._asleep_live, "offline"

    def _device_states(self, now: datetime) -> list[DeviceState]:
        site = self.site
        count = len(site.spec.inverters)
        return [DeviceState(site.inverter_state(n, now)) for n in range(count)]

    def _rows(self, now: datetime) -> tuple[Alarm, ...]:
        holding = tuple(it.holds(now) for it in self.site.events)
        key = (now.replace(minute=0), *holding)
        if key not in self._past:
            self._past = {key: [self._row(it, now) for it in self.site.alarms(now)]}
        rows = self._past[key]
        if self.dialect is Dialect.CLASSIC:  # it lists what is active, and no more
            rows = [it for it in rows if it.active]
        elif self.rng.random() < 0.05:
            rows = rows[::-1]
        return tuple(rows)

    def _row(self, it: Truth, now: datetime) -> Alarm:
        classic = self.dialect is Dialect.CLASSIC
        return Alarm(
            id=f"{it.device.sn}:{it.code}" if classic else it.alarm_id,
            name=it.name_en,
            level=_LEVELS[it.level],
            device_sn=it.device.sn,
            device_name=it.device.name,
            code=it.code,
            active=it.active(now),
            happened_at=it.since,
            recovered_at=it.until,
        )


@lru_cache(maxsize=4096)
def _height(place: Place, minute: int) -> float:
    at = datetime.fromtimestamp(60 * minute, UTC)
    path = _path(at.date())
    angle = math.radians(hour_angle_deg(path, place.longitude_deg, at))
    latitude = math.radians(place.latitude_deg)
    sine = math.sin(latitude) * path.sin_declination
    sine += math.cos(latitude) * path.cos_declination * math.cos(angle)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


@lru_cache(maxsize=64)
def _path(day: date) -> SunDay:
    return sun_day(datetime.combine(day, time(12), UTC))


def troubled(
    plant: Plant, days: int
) -> Iterator[tuple[datetime, Trouble | None, bool]]:
    """Give each poll's time, its trouble if it fails, and whether a sleep ended."""
    rng = random.Random(f"{plant.start}|{plant.dialect}|weather of the net")
    now, end = plant.start, plant.start + timedelta(days=days)
    trouble, until = None, now
    while now < end:
        woke = False
        local = now.astimezone(plant.place.timezone)
        if local.hour == 0 and local.minute < 2 and rng.random() < 0.3:
            now += timedelta(hours=rng.uniform(5, 7))
            woke = True
        if trouble is not None and now >= until:
            trouble = None
        elif trouble is None and rng.random() < 0.004:
            trouble = rng.choice(_SHORT)
            until = now + timedelta(minutes=rng.choice([2, 2, 4, 10, 30, 50]))
        elif trouble is None and local.hour >= 17 and rng.random() < 0.001:
            # In the evening: what comes and goes by day is not to be missed.
            trouble, until = Trouble.OFFLINE, now + timedelta(hours=rng.uniform(1, 14))
        elif trouble is None and rng.random() < 0.0004:
            trouble, until = Trouble.SIGN_IN, now + POLL
        yield now, trouble, woke
        now += POLL


def ten_events(plant: Plant, days: int) -> tuple[Event, ...]:
    """Return ten troubles by daylight, on days that are apart."""
    rng = random.Random(f"{plant.start}|{plant.dialect}|events")
    first = plant.start.astimezone(plant.place.timezone).date()
    found = []
    for number in range(10):
        day = first + timedelta(days=1 + number * (days - 2) // 10)
        since = datetime.combine(day, time(10, rng.randrange(60)), plant.place.timezone)
        length = timedelta(minutes=rng.randrange(150, 220))
        kind = (FAULT, GRID_LOST, SILENT)[number % 3]
        found.append(Event(kind=kind, since=since, until=since + length))
    return tuple(found)


def lived(plant: Plant, days: int) -> Told:
    """Let the rules see a plant for some days, restart them now and then."""
    told = Told([], [], [])
    state = AlertState()
    context = Context(dark_at=plant.dark, height_at=plant.height)
    month = None
    for now, trouble, woke in troubled(plant, days):
        if woke:
            context = replace(context, woke_at=now)
        if now.month != month:
            month = now.month
            learned = usual_power(plant.curve(30, now), plant.height)
            context = replace(context, habits=Habits(power=learned))
        away = trouble is not None
        outcome = Failed(trouble=trouble) if trouble else plant.reading(now)
        state, notices, gone = step(state, outcome, now, context)
        told.polls += 1
        told.readings += not away
        for notice in notices:
            match notice.kind.value:
                case "raised":
                    told.raised.append(notice)
                case "cleared":
                    told.cleared.append(notice)
                case _:
                    told.others.append(notice)
        told.others += gone
    return told
