"""What is wrong with a station, if anything: one state, never one "offline" for all.

Design, section 4.  Age changes the state and the looks, never the numbers: what was
measured stays as measured.  One exception: an inverter that is offline in the dark
gives 0 W, whatever it measured last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sems_tray.i18n.formatting import DEAD_BAND_W
from sems_tray.i18n.language import markc, trc

from .model import AlarmLevel, BatteryState, DeviceState, StationState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from .model import Alarm, Reading, Station

    # Says whether the sun is down at the station; None where nobody can tell.
    DarkAt = Callable[[datetime], bool | None]


SILENT_AFTER = timedelta(minutes=30)

GRID_LOSS = re.compile(
    r"\b(?:utility|grid|mains)\s+(?:power\s+)?(?:loss|lost|outage|absent)\b"
    r"|\b(?:loss\s+of|no)\s+(?:the\s+)?(?:utility|grid|mains)\b",
    re.IGNORECASE,
)


def portal_time(reading: Reading, now: datetime) -> datetime:
    """Return the time by the portal's clock, for a computer whose clock is off."""
    return now + timedelta(seconds=reading.portal_ahead_s)


def age(reading: Reading, now: datetime) -> timedelta | None:
    """Return how long ago the inverter measured; None if it did not say."""
    if reading.measured_at is None:
        return None
    return max(portal_time(reading, now) - reading.measured_at, timedelta())


def is_old(reading: Reading, now: datetime) -> bool:
    """Say whether the reading is too old to be called live.

    While new reports come the station is not silent, whatever its logger's clock says.
    A reading that does not say when it was measured is at least as old as the reply.
    """
    since = age(reading, now)
    if since is None:
        return now - reading.received_at > SILENT_AFTER
    if since <= SILENT_AFTER:
        return False
    came_at = reading.renewed_at
    return came_at is None or portal_time(reading, now) - came_at > SILENT_AFTER


def may_rest(
    reading: Reading, now: datetime, dark: Callable[[Station, datetime], bool | None]
) -> bool | None:
    """Say whether polls may rest: the sun is down, and no roof that works is seen.

    A roof that sleeps by day may wake at any time.
    """
    if is_seen_working(reading, now):
        return False
    return dark(reading.station, portal_time(reading, now))


def is_seen_working(reading: Reading, now: datetime) -> bool:
    """Say whether a new reading tells of solar power, and of an inverter that is on."""
    seen = bool(reading.power.pv_w) and not is_old(reading, now)
    return seen and not all_offline(reading)


def is_grid_loss(alarm: Alarm) -> bool:
    """Say whether an alarm's name means that the grid is gone."""
    return alarm.active and bool(GRID_LOSS.search(alarm.name))


def is_fault(alarm: Alarm) -> bool:
    """Say whether an alarm is active and more than a hint."""
    return alarm.active and alarm.level is not AlarmLevel.INFO


def darkness(now: datetime, dark_at: DarkAt) -> bool | None:
    """Say whether the station may sleep: it is dark, or was half an hour ago.

    After sunrise an inverter needs a while to wake, and the portal to tell of it.
    """
    here, before = dark_at(now), dark_at(now - SILENT_AFTER)
    if here or before:
        return True
    return None if here is None else before


def state_of(  # noqa: PLR0911 (a return per state, most urgent first)
    reading: Reading, now: datetime, dark_at: DarkAt
) -> StationState:
    """Return the most urgent state that holds."""
    # Where a roof is seen at work, what the sun does changes nothing: by day that saves
    # most of what there is to compute.
    works = is_seen_working(reading, now)
    dark = None if works else darkness(portal_time(reading, now), dark_at)
    old = is_old(reading, now)
    states = [it.state for it in reading.inverters]
    lost = reading.grid_connected is False
    if lost or any(is_grid_loss(it) for it in reading.alarms):
        return StationState.GRID_LOST
    if _has_fault(reading, states):
        return StationState.FAULT
    if dark is False and (old or all_offline(reading)):
        return StationState.SILENT
    waiting = reading.station.state is DeviceState.WAITING
    if waiting or _all(states, DeviceState.WAITING):
        return StationState.WAITING
    if dark and (old or not zero_offline_power(reading, dark=dark).power.pv_w):
        return StationState.NIGHT
    if old or _says_nothing(reading):
        return StationState.UNKNOWN
    return StationState.OK


def zero_offline_power(reading: Reading, *, dark: bool | None) -> Reading:
    """Return the reading with 0 W for what is offline in the dark."""
    if not dark:
        return reading
    all_off = all_offline(reading)
    power = replace(reading.power, pv_w=0.0) if all_off else reading.power
    return replace(
        reading,
        power=power,
        inverters=tuple(
            replace(inverter, power_w=0.0)
            if inverter.state is DeviceState.OFFLINE
            else inverter
            for inverter in reading.inverters
        ),
    )


def any_offline(reading: Reading) -> bool:
    """Say whether an inverter is offline; without a list the station tells."""
    return all_offline(reading) or any(
        it.state is DeviceState.OFFLINE for it in reading.inverters
    )


def all_offline(reading: Reading) -> bool:
    """Say whether every inverter is offline; without a list the station tells."""
    if not reading.inverters:
        return reading.station.state is DeviceState.OFFLINE
    return all(it.state is DeviceState.OFFLINE for it in reading.inverters)


def _has_fault(reading: Reading, states: list[DeviceState]) -> bool:
    return DeviceState.FAULT in (*states, reading.station.state) or any(
        is_fault(alarm) for alarm in reading.alarms
    )


def _all(states: list[DeviceState], state: DeviceState) -> bool:
    return bool(states) and all(it is state for it in states)


def _says_nothing(reading: Reading) -> bool:
    power = reading.power
    known = (power.pv_w, power.load_w, power.grid_w, power.battery_w)
    return all(it is None for it in known)


# Which way energy goes, as a value and as a word.


_BATTERY: Mapping[BatteryState, str] = {
    BatteryState.CHARGING: markc("battery state", "charging"),
    BatteryState.DISCHARGING: markc("battery state", "discharging"),
    BatteryState.IDLE: markc("battery state", "idle"),
}


def direction(
    battery_w: float | None, state: BatteryState | None
) -> BatteryState | None:
    """Return which way the battery's energy goes; the power tells before the state."""
    if battery_w is None:
        return state
    if abs(battery_w) < DEAD_BAND_W:
        return BatteryState.IDLE
    return BatteryState.DISCHARGING if battery_w > 0 else BatteryState.CHARGING


def battery_word(state: BatteryState) -> str:
    """Return "charging", "discharging" or "idle"."""
    return trc("battery state", _BATTERY[state])


def grid_direction(grid_w: float) -> str:
    """Return "exporting" or "importing"; near zero the grid is balanced."""
    if abs(grid_w) < DEAD_BAND_W:
        return trc("grid", "balanced")
    return trc("grid", "exporting") if grid_w > 0 else trc("grid", "importing")


# A state at a glance: a word, a shape and a tone, so that colour is never alone.


class Shape(StrEnum):
    """What is drawn before the word."""

    DOT = "dot"  # all is well, or a hint
    RING = "ring"  # nothing happens, or nobody knows
    MOON = "moon"  # asleep in the dark
    CROSS = "cross"  # not there
    TRIANGLE = "triangle"  # an alarm
    DIAMOND = "diamond"  # a fault


class Tone(StrEnum):
    """How it is coloured."""

    GOOD = "good"
    CALM = "calm"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A state as it is shown."""

    word: str
    shape: Shape = Shape.RING
    tone: Tone = Tone.CALM
