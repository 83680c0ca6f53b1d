"""What the tray says: the icon, the tooltip, the first lines of the menu.

The whole view is made anew from the whole situation each time; whoever shows it
compares it with the last one and changes only what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from . import words
from .icon import Badge, Face, IconSpec, Mark
from .model import BatteryState, StationState
from .outcome import Trouble
from .troubles import words as trouble_words
from .verdict import age, asleep, darkness, is_fault, is_old, portal_time, state_of
from .zones import zone

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from .model import Battery, Reading
    from .outcome import Failed
    from .verdict import DarkAt

WINDOWS_TOOLTIP = 127
_LOW_SOC = 20.0
_FADED_AFTER = timedelta(minutes=15)
_CALM = frozenset({StationState.NIGHT, StationState.WAITING})


class IconMode(StrEnum):
    """What the owner wants to see in the tray."""

    AUTO = "auto"
    BATTERY = "battery"
    SOC = "soc"
    PV = "pv"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayView:
    """What the tray shows. ``lines`` are the tooltip's and the menu's first."""

    icon: IconSpec
    lines: tuple[str, ...]

    def tooltip(self, most: int | None = None) -> str:
        """Return the lines as one plain text; the last ones go if it is too long."""
        lines = list(self.lines)
        while most is not None and len(lines) > 1 and len("\n".join(lines)) > most:
            lines.pop()
        text = "\n".join(lines)
        return text if most is None else text[:most]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything the view is made of."""

    now: datetime
    dark_at: DarkAt
    reading: Reading | None = None
    failed: Failed | None = None
    pause_until: datetime | None = None
    mode: IconMode = IconMode.AUTO
    demo: bool = False


def tray_view(scene: Scene) -> TrayView:
    """Return what the tray shows."""
    if scene.reading is None:
        return TrayView(
            icon=_icon_without(scene), lines=_marked(_lines_without(scene), scene)
        )
    reading = sleeping(scene.reading, scene.now, scene.dark_at)
    state = state_of(reading, scene.now, scene.dark_at)
    return TrayView(
        icon=_icon(reading, state, scene),
        lines=_marked(_lines(reading, state, scene), scene),
    )


def sleeping(reading: Reading, now: datetime, dark_at: DarkAt) -> Reading:
    """Return the reading as it is shown: 0 W for what is offline in the dark."""
    return asleep(reading, dark=darkness(portal_time(reading, now), dark_at))


def _marked(lines: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    return (f"DEMO · {lines[0]}", *lines[1:]) if scene.demo else lines


def _lines_without(scene: Scene) -> tuple[str, ...]:
    if scene.failed is None:
        return ("SEMS Tray: asking GoodWe …",)
    return _trouble_lines(scene.failed, scene)


def _trouble_lines(failed: Failed, scene: Scene) -> tuple[str, ...]:
    title = trouble_words(failed.trouble).title
    if scene.pause_until is not None and scene.pause_until > scene.now:
        return (f"{title}, next try in {words.wait(scene.pause_until - scene.now)}",)
    return (title,)


def _lines(reading: Reading, state: StationState, scene: Scene) -> tuple[str, ...]:
    found = [_headline(reading)]
    if scene.failed is not None:
        found = [*_trouble_lines(scene.failed, scene), *found]
    elif warning := state_words(reading, state, scene.now):
        found = [warning, *found]
    house = _house(reading)
    if house:
        found.append(house)
    if reading.energy.today.pv_kwh is not None:
        found.append(f"Today {words.energy(reading.energy.today.pv_kwh)}")
    found.append(measured(reading, scene.now))
    return tuple(found)


def state_words(  # noqa: PLR0911 (a return per state)
    reading: Reading, state: StationState, now: datetime
) -> str | None:
    """Return a line that names what is wrong; None while all is well."""
    match state:
        case StationState.GRID_LOST:
            return "Grid lost"
        case StationState.FAULT:
            return f"Fault: {fault_name(reading)}"
        case StationState.SILENT:
            if is_old(reading, now) and reading.measured_at is not None:
                since = words.clock(reading.measured_at, now, zone_of(reading))
                return f"No report since {since}"
            return "Inverter does not report"
        case StationState.WAITING:
            return "Inverter is waiting"
        case StationState.NIGHT:
            return "Night"
        case StationState.UNKNOWN:
            return "State unknown"
        case StationState.OK:
            return None


def fault_name(reading: Reading) -> str:
    """Return what the fault is called: the alarm's name before the device's."""
    alarm = next((it for it in reading.alarms if is_fault(it)), None)
    if alarm is not None:
        return words.name(alarm.name) or "alarm"
    broken = next((it for it in reading.inverters if it.state == "fault"), None)
    return (words.name(broken.name) or "inverter") if broken else "station"


def _headline(reading: Reading) -> str:
    """Return the line that is complete in itself."""
    pv = f"PV {words.power(reading.power.pv_w)}"
    battery = reading.battery
    if battery is None:
        return pv
    arrow = {Mark.CHARGING: " ▲", Mark.DISCHARGING: " ▼"}.get(_mark(reading), "")
    power_w = reading.power.battery_w
    size = f" {words.power(power_w)}" if arrow and power_w is not None else ""
    return f"Battery {words.percent(battery.soc_percent)}{arrow}{size} · {pv}"


def _house(reading: Reading) -> str:
    power = reading.power
    parts = []
    if power.load_w is not None:
        parts.append(f"House {words.power(power.load_w)}")
    if power.grid_w is not None:
        parts.append(grid_words(power.grid_w))
    if power.ev_w:
        parts.append(f"car {words.power(power.ev_w)}")
    return " · ".join(parts)


def grid_words(grid_w: float) -> str:
    """Return "exporting 1.2 kW"; near zero the grid is balanced."""
    if abs(grid_w) < words.DEAD_BAND_W:
        return "grid balanced"
    return f"{'exporting' if grid_w > 0 else 'importing'} {words.power(grid_w)}"


def measured(reading: Reading, now: datetime) -> str:
    """Return "Measured 11:42 (3 min ago)"."""
    since = age(reading, now)
    if since is None or reading.measured_at is None:
        return "Time of measurement unknown"
    at = words.clock(reading.measured_at, portal_time(reading, now), zone_of(reading))
    return f"Measured {at} ({words.ago(since)})"


def zone_of(reading: Reading) -> tzinfo | None:
    """Return the station's zone; None stands for this computer's."""
    return zone(reading.station.timezone)


def _mark(reading: Reading) -> Mark:
    battery_w = reading.power.battery_w
    if battery_w is not None:
        if abs(battery_w) < words.DEAD_BAND_W:
            return Mark.NONE
        return Mark.DISCHARGING if battery_w > 0 else Mark.CHARGING
    state = reading.battery.state if reading.battery else None
    if state is BatteryState.CHARGING:
        return Mark.CHARGING
    return Mark.DISCHARGING if state is BatteryState.DISCHARGING else Mark.NONE


_STATE_BADGES = {
    StationState.GRID_LOST: Badge.GRID_LOST,
    StationState.FAULT: Badge.FAULT,
    StationState.SILENT: Badge.SILENT,
    StationState.WAITING: Badge.WAITING,
    StationState.NIGHT: Badge.NIGHT,
    StationState.OK: Badge.NONE,
    StationState.UNKNOWN: Badge.NONE,
}
_TROUBLE_BADGES = {
    Trouble.OFFLINE: Badge.OFFLINE,
    Trouble.UNREACHABLE: Badge.UNREACHABLE,
    Trouble.PORTAL_CHANGED: Badge.UNREACHABLE,
    Trouble.UNREADABLE: Badge.UNREACHABLE,
    Trouble.THROTTLED: Badge.THROTTLED,
}


def trouble_badge(trouble: Trouble) -> Badge:
    """Return the badge of a trouble: whatever the owner must sign in for has a key."""
    return _TROUBLE_BADGES.get(trouble, Badge.SIGN_IN)


def _icon_without(scene: Scene) -> IconSpec:
    badge = trouble_badge(scene.failed.trouble) if scene.failed else Badge.NONE
    return IconSpec(face=Face.EMPTY, badge=badge)


def _icon(reading: Reading, state: StationState, scene: Scene) -> IconSpec:
    badge = _STATE_BADGES[state]
    if scene.failed is not None:
        badge = trouble_badge(scene.failed.trouble)
    since = age(reading, scene.now)
    old = since is not None and since > _FADED_AFTER and state not in _CALM
    face, level, text = _face(reading, scene.mode)
    battery_face = face is Face.BATTERY
    soc = reading.battery.soc_percent if reading.battery else None
    return IconSpec(
        face=face,
        level=level,
        text=text,
        mark=_mark(reading) if battery_face else Mark.NONE,
        badge=badge,
        low=battery_face and soc is not None and soc <= _LOW_SOC,
        faded=old or scene.failed is not None,
    )


def _face(reading: Reading, mode: IconMode) -> tuple[Face, int | None, str]:
    battery = reading.battery
    match mode:
        case IconMode.SOC if battery is not None:
            return Face.NUMBER, None, _digits(battery.soc_percent)
        case IconMode.PV:
            return Face.NUMBER, None, _kilo(reading.power.pv_w)
        case IconMode.SHARE:
            return Face.SUN, _share(reading), ""
        case _ if battery is not None:
            return Face.BATTERY, _level(battery), ""
        case _:
            return Face.SUN, _share(reading), ""


def _level(battery: Battery) -> int | None:
    return None if battery.soc_percent is None else round(battery.soc_percent)


def _share(reading: Reading) -> int | None:
    """Return PV as a share of the installed power, in percent."""
    pv_w, kwp = reading.power.pv_w, reading.station.capacity_kwp
    if pv_w is None or not kwp:
        return None
    return max(0, min(100, round(pv_w / kwp / 10)))


def _digits(value: float | None) -> str:
    return words.DASH if value is None else words.fixed(value)


def _kilo(value_w: float | None) -> str:
    """Return kW in at most three characters: "0.4", "3.2", "12", "120"."""
    if value_w is None:
        return words.DASH
    kilo = max(0.0, value_w) / 1000
    return f"{kilo:.1f}" if kilo < 9.95 else f"{min(kilo, 999):.0f}"  # noqa: PLR2004
