"""What a device does, as a word with a shape; offline in the dark is asleep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from . import words
from .flow import doing
from .model import AlarmLevel, BatteryState, DeviceState
from .signs import Shape, Sign, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta, tzinfo

    from .model import Accessory, Alarm, Inverter


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When the page is made, and how fresh that is which it shows.

    ``as_of`` is the time of measurement in words, "" while it is of now.
    """

    now: datetime
    where: tzinfo | None = None
    dark: bool | None = None
    as_of: str = ""
    since: timedelta | None = None


def inverter_sign(it: Inverter, alarms: Sequence[Alarm], seen: Seen) -> Sign:
    """Return an inverter's state; an active alarm of its own comes first."""
    serious = any(a.level is AlarmLevel.FAULT for a in alarms)
    if alarms or it.state is DeviceState.FAULT:
        fault = serious or it.state is DeviceState.FAULT
        times = [a.happened_at for a in alarms if a.happened_at is not None]
        word = "fault" if fault else "alarm"
        if times:
            word += f" since {words.clock(min(times), seen.now, seen.where)}"
        return Sign(
            word=word,
            shape=Shape.DIAMOND if fault else Shape.TRIANGLE,
            tone=Tone.BAD,
        )
    return _device(it.state, seen, status=it.status)


def battery_sign(
    state: BatteryState | None, power_w: float | None, seen: Seen
) -> Sign | None:
    """Return which way a battery works; None where nobody says.

    Power tells before the state, as in the flow picture.
    """
    if power_w is not None:
        state = BatteryState(doing(power_w, state))
    if state is None:
        return None
    if seen.as_of:
        return Sign(word=f"{state.value} at {seen.as_of}")
    if state is BatteryState.IDLE:
        return Sign(word="idle")
    return Sign(word=state.value, shape=Shape.DOT, tone=Tone.GOOD)


def meter_sign(state: DeviceState, seen: Seen) -> Sign | None:
    """Return a meter's state."""
    if state is DeviceState.UNKNOWN:
        return None
    return _device(state, seen, running="online", sleeps=False)


def accessory_sign(it: Accessory, seen: Seen) -> Sign | None:
    """Return what a data logger or wallbox does."""
    if it.state is DeviceState.UNKNOWN:
        return None
    if it.power_w is None:
        return _device(it.state, seen, running="online", sleeps=False)
    running = "charging" if it.power_w > 0 else "ready"
    return _device(it.state, seen, running=running, waiting="free", sleeps=False)


def _device(  # noqa: PLR0911 (a return per state)
    state: DeviceState,
    seen: Seen,
    *,
    status: int | None = None,
    running: str = "running",
    waiting: str = "waiting",
    sleeps: bool = True,
) -> Sign:
    match state:
        case DeviceState.RUNNING | DeviceState.WAITING:
            word = running if state is DeviceState.RUNNING else waiting
            if seen.as_of:
                return Sign(word=f"{word} at {seen.as_of}")
            if state is DeviceState.WAITING:
                return Sign(word=word)
            return Sign(word=word, shape=Shape.DOT, tone=Tone.GOOD)
        case DeviceState.FAULT:
            return Sign(word="fault", shape=Shape.DIAMOND, tone=Tone.BAD)
        case DeviceState.OFFLINE:
            if sleeps and seen.dark:
                return Sign(word="asleep", shape=Shape.MOON)
            bad = Tone.BAD if seen.dark is False else Tone.CALM
            return Sign(word="offline", shape=Shape.CROSS, tone=bad)
        case DeviceState.UNKNOWN:
            return Sign(word="unknown" if status is None else f"unknown ({status})")
        case _:
            assert_never(state)
