"""What the tray says: the icon, the tooltip, the first lines of the menu.

The whole view is made anew from the whole situation each time; whoever shows it
compares it with the last one and changes only what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import words
from .icon import Mark
from .model import StationState
from .tray_icon import CALM, IconMode, icon_of, icon_without, mark_of
from .troubles import words as trouble_words
from .verdict import age, asleep, darkness, is_fault, is_old, portal_time, state_of
from .zones import zone

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from .icon import IconSpec
    from .model import Reading
    from .outcome import Failed
    from .verdict import DarkAt

WINDOWS_TOOLTIP = 127


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
    alert: str = ""  # what is wrong, or was before the owner looked, as a line


def tray_view(scene: Scene) -> TrayView:
    """Return what the tray shows."""
    if scene.reading is None:
        return TrayView(
            icon=icon_without(scene), lines=_marked(_lines_without(scene), scene)
        )
    reading = sleeping(scene.reading, scene.now, scene.dark_at)
    state = state_of(reading, scene.now, scene.dark_at)
    return TrayView(
        icon=icon_of(reading, state, scene),
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
    elif warning := _warning(reading, state, scene):
        found = [warning, *found]
    house = _house(reading)
    if house:
        found.append(house)
    if reading.energy.today.pv_kwh is not None:
        found.append(f"Today {words.energy(reading.energy.today.pv_kwh)}")
    found.append(measured(reading, scene.now))
    return tuple(found)


def _warning(reading: Reading, state: StationState, scene: Scene) -> str | None:
    """Return the station's state, unless that is well or calm and an alert is not."""
    if scene.alert and (state is StationState.OK or state in CALM):
        return scene.alert
    return state_words(reading, state, scene.now)


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
    arrow = {Mark.CHARGING: " ▲", Mark.DISCHARGING: " ▼"}.get(mark_of(reading), "")
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
