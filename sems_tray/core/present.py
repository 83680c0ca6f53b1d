"""What the tray says: the icon, the tooltip, the first lines of the menu.

The whole view is made anew from the whole situation each time; whoever shows it
compares it with the last one and changes only what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import words
from .device_facts import grid_flow
from .elsewhere import elsewhere_line, worst_first
from .icon import Mark
from .language import markc, tr, trc
from .model import StationState
from .so_far import came_before, so_far
from .tray_icon import CALM, IconMode, icon_of, icon_without, mark_of
from .troubles import words as trouble_words
from .verdict import age, asleep, darkness, is_fault, is_old, portal_time, state_of
from .zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from .elsewhere import Elsewhere
    from .icon import IconSpec
    from .model import Reading
    from .outcome import Failed
    from .verdict import DarkAt

WINDOWS_TOOLTIP = 127
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
    elsewhere: tuple[Elsewhere, ...] = ()  # the stations that are not shown


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
    """Return the reading as it is shown at a time.

    What is offline in the dark gives 0 W, and yesterday's energy is none of today's.
    What came today was told by the sun already: that a roof may sleep all day, under
    snow, is no proof that it made nothing.
    """
    at = portal_time(reading, now)
    shown = asleep(reading, dark=darkness(at, dark_at))
    return so_far(shown, at, dark_at) if came_before(reading, at) else shown


def _marked(lines: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    if not scene.demo:
        return lines
    return (f"{demo_word()} · {lines[0]}", *lines[1:])


def demo_word() -> str:
    """Return what marks invented figures."""
    # Translators: stands before or after the name of a station that is invented.
    return tr("DEMO")


def _lines_without(scene: Scene) -> tuple[str, ...]:
    if scene.failed is None:
        return (tr("SEMS Tray: asking GoodWe …"), *_elsewhere(scene))
    return (*_trouble_lines(scene.failed, scene), *_elsewhere(scene))


def _elsewhere(scene: Scene) -> tuple[str, ...]:
    line = elsewhere_line(worst_first(scene.elsewhere), scene.now)
    return (line,) if line else ()


def _trouble_lines(failed: Failed, scene: Scene) -> tuple[str, ...]:
    title = trouble_words(failed.trouble).title
    if scene.pause_until is not None and scene.pause_until > scene.now:
        # Translators: {trouble} is a title, "No network"; {wait} is "40 s" or "5 min".
        text = tr("{trouble}, next try in {wait}")
        wait = words.wait(scene.pause_until - scene.now)
        return (text.format(trouble=title, wait=wait),)
    return (title,)


def _lines(reading: Reading, state: StationState, scene: Scene) -> tuple[str, ...]:
    found = [*_elsewhere(scene), _headline(reading)]
    if scene.failed is not None:
        found = [*_trouble_lines(scene.failed, scene), *found]
    elif warning := _warning(reading, state, scene):
        found = [warning, *found]
    house = _house(reading, state)
    if house:
        found.append(house)
    today_kwh = reading.energy.today.pv_kwh
    if today_kwh is not None:
        found.append(tr("Today {energy}").format(energy=words.energy(today_kwh)))
    full, brief = measured(reading, scene.now), measured(reading, scene.now, brief=True)
    room = WINDOWS_TOOLTIP - len("\n".join([*found, ""]))
    return (*found, full if len(full) <= room else brief)


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
            return tr("Grid lost")
        case StationState.FAULT:
            return tr("Fault: {name}").format(name=fault_name(reading))
        case StationState.SILENT:
            if is_old(reading, now) and reading.measured_at is not None:
                where = zone_of(reading)
                since = words.station_clock(reading.measured_at, now, where)
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
        return words.name(alarm.name) or trc("what has a fault", "alarm")
    broken = next((it for it in reading.inverters if it.state == "fault"), None)
    if broken is None:
        return trc("what has a fault", "station")
    return words.name(broken.name) or trc("what has a fault", "inverter")


def _headline(reading: Reading) -> str:
    """Return the line that is complete in itself."""
    battery, pv_w, power_w = reading.battery, reading.power.pv_w, None
    arrow = {Mark.CHARGING: " ▲", Mark.DISCHARGING: " ▼"}.get(mark_of(reading), "")
    if battery is not None and arrow:
        power_w = reading.power.battery_w
    in_unit = words.powers(pv_w, power_w)
    pv = tr("PV {power}").format(power=in_unit(pv_w))
    if battery is None:
        return pv
    size = "" if power_w is None else f" {in_unit(power_w)}"
    charge = words.percent(battery.soc_percent)
    text = tr("Battery {percent}").format(percent=charge)
    return f"{text}{arrow}{size} · {pv}"


def _house(reading: Reading, state: StationState) -> str:
    power = reading.power
    parts = []
    in_unit = words.powers(power.load_w, power.grid_w, power.ev_w)
    if power.load_w is not None:
        parts.append(tr("House {power}").format(power=in_unit(power.load_w)))
    # A grid that is lost is not "balanced"; the line above says that it is lost.
    is_lost = (
        state is StationState.GRID_LOST and abs(power.grid_w or 0) < words.DEAD_BAND_W
    )
    if power.grid_w is not None and not is_lost:
        parts.append(grid_words(power.grid_w, in_unit))
    if power.ev_w:
        parts.append(tr("car {power}").format(power=in_unit(power.ev_w)))
    return " · ".join(parts)


def grid_words(grid_w: float, in_unit: Callable[[float | None], str]) -> str:
    """Return "exporting 1.2 kW"; near zero the grid is balanced."""
    if abs(grid_w) < words.DEAD_BAND_W:
        return tr("grid balanced")
    return grid_flow(grid_w, in_unit)


def measured(reading: Reading, now: datetime, *, brief: bool = False) -> str:
    """Return "Measured 11:42 (3 min ago)"; if not brief, whose time that is."""
    since = age(reading, now)
    if since is None or reading.measured_at is None:
        return tr("Time of measurement unknown")
    clock = words.clock if brief else words.station_clock
    at = clock(reading.measured_at, portal_time(reading, now), zone_of(reading))
    # Translators: {clock} is "11:42" or "yesterday 11:42", {ago} "3 min ago".
    return tr("Measured {clock} ({ago})").format(clock=at, ago=words.ago(since))


def stale_words(reading: Reading) -> str:
    """Return what could not be renewed: "alarms, devices"."""
    known = ((it, _PARTS.get(it)) for it in reading.stale)
    return ", ".join(
        part if text is None else trc("part of a reading", text) for part, text in known
    )


def zone_of(reading: Reading) -> tzinfo | None:
    """Return the station's zone; None stands for this computer's."""
    return zone(reading.station.timezone)
