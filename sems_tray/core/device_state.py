"""What a device does, as a word with a shape; offline in the dark is asleep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from . import words
from .directions import battery_word, direction
from .language import markc, tr, trc
from .model import AlarmLevel, BatteryState, DeviceState
from .signs import Shape, Sign, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta, tzinfo

    from .model import Accessory, Alarm, Inverter

_STATES = {
    DeviceState.RUNNING: markc("device state", "running"),
    DeviceState.WAITING: markc("device state", "waiting"),
    DeviceState.FAULT: markc("device state", "fault"),
    DeviceState.OFFLINE: markc("device state", "offline"),
    DeviceState.UNKNOWN: markc("device state", "unknown"),
}
_ONLINE = markc("device state", "online")
# Translators: of a charging station for cars
_CHARGING = markc("device state", "charging")
# Translators: of a charging station with a car that does not charge
_READY = markc("device state", "ready")
# Translators: of a charging station without a car
_FREE = markc("device state", "free")


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


def state_word(state: DeviceState) -> str:
    """Return what a device does, "running" or "offline"."""
    return trc("device state", _STATES[state])


def inverter_sign(it: Inverter, alarms: Sequence[Alarm], seen: Seen) -> Sign:
    """Return an inverter's state; an active alarm of its own comes first."""
    serious = any(a.level is AlarmLevel.FAULT for a in alarms)
    if alarms or it.state is DeviceState.FAULT:
        fault = serious or it.state is DeviceState.FAULT
        times = [a.happened_at for a in alarms if a.happened_at is not None]
        since = words.clock(min(times), seen.now, seen.where) if times else ""
        return Sign(
            word=_fault_word(since) if fault else _alarm_word(since),
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
    way = direction(power_w, state)
    if way is None:
        return None
    word = battery_word(way)
    if seen.as_of:
        return Sign(word=_at(word, seen))
    if way is BatteryState.IDLE:
        return Sign(word=word)
    return Sign(word=word, shape=Shape.DOT, tone=Tone.GOOD)


def meter_sign(state: DeviceState, seen: Seen) -> Sign | None:
    """Return a meter's state."""
    if state is DeviceState.UNKNOWN:
        return None
    return _device(state, seen, running=_ONLINE, sleeps=False)


def accessory_sign(it: Accessory, seen: Seen) -> Sign | None:
    """Return what a data logger or wallbox does."""
    if it.state is DeviceState.UNKNOWN:
        return None
    if it.power_w is None:
        return _device(it.state, seen, running=_ONLINE, sleeps=False)
    running = _CHARGING if it.power_w > 0 else _READY
    return _device(it.state, seen, running=running, waiting=_FREE, sleeps=False)


def _fault_word(since: str) -> str:
    if since:
        return tr("fault since {clock}").format(clock=since)
    return trc("device state", "fault")


def _alarm_word(since: str) -> str:
    if since:
        return tr("alarm since {clock}").format(clock=since)
    return trc("alarm level", "alarm")


def _at(word: str, seen: Seen) -> str:
    # Translators: what a device did when it was last heard: "running at 11:42"
    return tr("{state} at {clock}").format(state=word, clock=seen.as_of)


def _device(  # noqa: PLR0911 (a return per state)
    state: DeviceState,
    seen: Seen,
    *,
    status: int | None = None,
    running: str = _STATES[DeviceState.RUNNING],
    waiting: str = _STATES[DeviceState.WAITING],
    sleeps: bool = True,
) -> Sign:
    match state:
        case DeviceState.RUNNING | DeviceState.WAITING:
            running_now = state is DeviceState.RUNNING
            word = trc("device state", running if running_now else waiting)
            if seen.as_of:
                return Sign(word=_at(word, seen))
            if state is DeviceState.WAITING:
                return Sign(word=word)
            return Sign(word=word, shape=Shape.DOT, tone=Tone.GOOD)
        case DeviceState.FAULT:
            return Sign(word=state_word(state), shape=Shape.DIAMOND, tone=Tone.BAD)
        case DeviceState.OFFLINE:
            if sleeps and seen.dark:
                return Sign(word=trc("device state", "asleep"), shape=Shape.MOON)
            bad = Tone.BAD if seen.dark is False else Tone.CALM
            return Sign(word=state_word(state), shape=Shape.CROSS, tone=bad)
        case DeviceState.UNKNOWN:
            if status is None:
                return Sign(word=state_word(state))
            # Translators: a state that only has a number
            return Sign(word=tr("unknown ({number})").format(number=status))
        case _:
            assert_never(state)
