"""The figures of a device in words: which way power flows, and spans of cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, markc, tr, trc

from .model import AlarmLevel, BatteryState, DeviceState, StationState
from .station_state import (
    Shape,
    Sign,
    Tone,
    age,
    battery_word,
    direction,
    grid_direction,
    is_fault,
    is_old,
    portal_time,
)
from .time_zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta, tzinfo

    from .model import Accessory, Alarm, Inverter, Reading

_PARTS = {
    "alarms": markc("part of a reading", "alarms"),
    "devices": markc("part of a reading", "devices"),
    "energy": markc("part of a reading", "energy"),
    # Translators: the present powers.
    "live": markc("part of a reading", "live"),
    "station": markc("part of a reading", "station"),
    # Translators: the inverters' own voltages and currents.
    "telemetry": markc("part of a reading", "telemetry"),
}

_KINDS = {
    "DONGLE": mark("Data logger"),
    "EV_CHARGER": mark("EV charger"),
    "HOMEKIT": mark("HomeKit meter"),
}


def accessory_kind(told: str) -> str:
    """Return what the portal's name of a kind means; an unknown one as it is."""
    if told in _KINDS:
        return tr(_KINDS[told])
    return told.replace("_", " ").capitalize() or tr("Device")


def volts(value_mv: float) -> str:
    """Return "3.412 V" for 3412 mV."""
    return f"{formatting.fixed(value_mv / 1000, 3)} V"


def span(
    low: float | None,
    high: float | None,
    text: Callable[[float], str] = formatting.temperature,
) -> str:
    """Return "24.1 to 25.3 °C" with a dash; the unit stands after its number."""
    ends = [text(v).rpartition(" ") for v in (low, high) if v is not None]
    numbers = dict.fromkeys(number for number, _, _ in ends)
    return f"{formatting.DASH.join(numbers)} {ends[-1][2]}" if ends else ""


def battery_flow(
    power_w: float, text: Callable[[float], str] = formatting.fine_power
) -> str:
    """Return "charging 1.20 kW"; near zero only what it does."""
    if abs(power_w) < formatting.DEAD_BAND_W:
        return battery_word(BatteryState.IDLE)
    way = tr("discharging {power}") if power_w > 0 else tr("charging {power}")
    return way.format(power=text(power_w))


def grid_flow(
    power_w: float, text: Callable[[float], str] = formatting.fine_power
) -> str:
    """Return "exporting 1.20 kW"; near zero the grid is balanced."""
    if abs(power_w) < formatting.DEAD_BAND_W:
        return grid_direction(power_w)
    way = tr("exporting {power}") if power_w > 0 else tr("importing {power}")
    return way.format(power=text(power_w))


# What a device does, as a word with a shape; offline in the dark is asleep.


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


def inverter_sign(inverter: Inverter, alarms: Sequence[Alarm], seen: Seen) -> Sign:
    """Return an inverter's state; an active alarm of its own comes first."""
    serious = any(a.level is AlarmLevel.FAULT for a in alarms)
    if alarms or inverter.state is DeviceState.FAULT:
        fault = serious or inverter.state is DeviceState.FAULT
        times = [a.happened_at for a in alarms if a.happened_at is not None]
        since = formatting.clock(min(times), seen.now, seen.where) if times else ""
        return Sign(
            word=_fault_word(since) if fault else _alarm_word(since),
            shape=Shape.DIAMOND if fault else Shape.TRIANGLE,
            tone=Tone.BAD,
        )
    return _device(inverter.state, seen, status=inverter.status)


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


def accessory_sign(accessory: Accessory, seen: Seen) -> Sign | None:
    """Return what a data logger or wallbox does."""
    if accessory.state is DeviceState.UNKNOWN:
        return None
    if accessory.power_w is None:
        return _device(accessory.state, seen, running=_ONLINE, sleeps=False)
    running = _CHARGING if accessory.power_w > 0 else _READY
    return _device(accessory.state, seen, running=running, waiting=_FREE, sleeps=False)


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


def state_words(  # noqa: PLR0911 (a return per state)
    reading: Reading, state: StationState, now: datetime
) -> str | None:
    """Return a line that names what is wrong; None while all is well."""
    match state:
        case StationState.GRID_LOST:
            return tr("Grid lost")
        case StationState.FAULT:
            return tr("Fault: {name}").format(name=fault_name(reading))
        case StationState.SILENT:
            if is_old(reading, now) and reading.measured_at is not None:
                where = zone_of(reading)
                since = formatting.station_clock(reading.measured_at, now, where)
                return tr("No report since {clock}").format(clock=since)
            return tr("Inverter does not report")
        case StationState.WAITING:
            return tr("Inverter is waiting")
        case StationState.NIGHT:
            return trc("station state", "Night")
        case StationState.UNKNOWN:
            return tr("State unknown")
        case StationState.OK:
            return None


def fault_name(reading: Reading) -> str:
    """Return what the fault is called: the alarm's name before the device's."""
    alarm = next((it for it in reading.alarms if is_fault(it)), None)
    if alarm is not None:
        return formatting.name(alarm.name) or trc("what has a fault", "alarm")
    broken = next((it for it in reading.inverters if it.state == "fault"), None)
    if broken is None:
        return trc("what has a fault", "station")
    return formatting.name(broken.name) or trc("what has a fault", "inverter")


def grid_words(grid_w: float, in_unit: Callable[[float | None], str]) -> str:
    """Return "exporting 1.2 kW"; near zero the grid is balanced."""
    if abs(grid_w) < formatting.DEAD_BAND_W:
        return tr("grid balanced")
    return grid_flow(grid_w, in_unit)


def measured(reading: Reading, now: datetime, *, brief: bool = False) -> str:
    """Return "Measured 11:42 (3 min ago)"; if not brief, whose time that is."""
    since = age(reading, now)
    if since is None or reading.measured_at is None:
        return tr("Time of measurement unknown")
    clock = formatting.clock if brief else formatting.station_clock
    at = clock(reading.measured_at, portal_time(reading, now), zone_of(reading))
    # Translators: {clock} is "11:42" or "yesterday 11:42", {ago} "3 min ago".
    return tr("Measured {clock} ({ago})").format(clock=at, ago=formatting.ago(since))


def stale_words(reading: Reading) -> str:
    """Return what could not be renewed: "alarms, devices"."""
    known = ((it, _PARTS.get(it)) for it in reading.stale)
    return ", ".join(
        part if text is None else trc("part of a reading", text) for part, text in known
    )


def zone_of(reading: Reading) -> tzinfo | None:
    """Return the station's zone; None stands for this computer's."""
    return zone(reading.station.timezone)


def demo_word() -> str:
    """Return what marks invented figures."""
    # Translators: stands before or after the name of a station that is invented.
    return tr("DEMO")
