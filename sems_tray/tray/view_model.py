"""What the tray icon says, as a value: equal specs paint equal pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import BatteryState, StationState
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.station_state import age, direction
from sems_tray.domain.wording import demo_word, grid_words, measured, state_words
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr
from sems_tray.polling.other_stations import elsewhere_line, worst_first

if TYPE_CHECKING:
    from sems_tray.domain.model import Battery, Reading
    from sems_tray.domain.poll_result import PollFailed
    from sems_tray.polling.other_stations import StationSummary
    from sems_tray.polling.snapshot import MonitorSnapshot


class Face(StrEnum):
    """The body of the icon."""

    BATTERY = "battery"  # a gauge filled by `level`
    SUN = "sun"  # PV as a share of installed power, `level`
    NUMBER = "number"  # `text`, at most three characters ("76", "100", "3.2", "12")
    EMPTY = "empty"  # no reading yet


class Mark(StrEnum):
    """The mark on the body: each has a shape of its own, not only a colour."""

    NONE = "none"
    CHARGING = "charging"
    DISCHARGING = "discharging"


class Badge(StrEnum):
    """What is wrong (or why it is quiet), as a shape in the corner."""

    NONE = "none"
    NIGHT = "night"
    WAITING = "waiting"
    SILENT = "silent"  # the station stopped reporting
    OFFLINE = "offline"  # this computer has no network
    UNREACHABLE = "unreachable"  # GoodWe down, changed or not understood
    THROTTLED = "throttled"  # GoodWe asks for a pause
    SIGN_IN = "sign_in"
    FAULT = "fault"
    GRID_LOST = "grid_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class IconSpec:
    """Everything the painter needs, and nothing else.

    ``level`` is 0..100 in steps that show (None: unknown, draw the outline only).
    ``low`` paints the gauge in the warning colour.  ``faded`` means that the numbers
    are old.
    """

    face: Face = Face.EMPTY
    level: int | None = None
    text: str = ""
    mark: Mark = Mark.NONE
    badge: Badge = Badge.NONE
    low: bool = False
    faded: bool = False


# The icon's part of the view: which face, which mark, which badge.


LOW_SOC = 20.0
_FADED_AFTER = timedelta(minutes=15)
CALM = frozenset({StationState.NIGHT, StationState.WAITING})


class IconMode(StrEnum):
    """What the owner wants to see in the tray."""

    AUTO = "auto"
    BATTERY = "battery"
    SOC = "soc"
    PV = "pv"
    SHARE = "share"

    @classmethod
    def _missing_(cls, _: object) -> IconMode:
        """What a newer version named is automatic here."""
        return cls.AUTO


_MARKS: dict[BatteryState | None, Mark] = {
    BatteryState.CHARGING: Mark.CHARGING,
    BatteryState.DISCHARGING: Mark.DISCHARGING,
}


def charge_marker(reading: Reading) -> Mark:
    """Return whether the battery charges or discharges, dead band apart."""
    state = reading.battery.state if reading.battery else None
    return _MARKS.get(direction(reading.power.battery_w, state), Mark.NONE)


_STATE_BADGES = {
    StationState.GRID_LOST: Badge.GRID_LOST,
    StationState.FAULT: Badge.FAULT,
    StationState.SILENT: Badge.SILENT,
    StationState.WAITING: Badge.WAITING,
    StationState.NIGHT: Badge.NIGHT,
    StationState.OK: Badge.NONE,
    StationState.UNKNOWN: Badge.NONE,
}
_QUIET_BADGES = frozenset({Badge.NONE, Badge.NIGHT, Badge.WAITING})
_WORST_LAST = (Badge.SILENT, Badge.FAULT, Badge.GRID_LOST)
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


def icon_without_reading(inputs: TrayInputs) -> IconSpec:
    """Return the icon before the first reading."""
    badge = _with_others(Badge.NONE, inputs)
    if inputs.snapshot.failed is not None:
        badge = trouble_badge(inputs.snapshot.failed.trouble)
    return IconSpec(face=Face.EMPTY, badge=badge)


def icon_for_reading(
    reading: Reading, state: StationState, inputs: TrayInputs
) -> IconSpec:
    """Return the icon of a reading."""
    badge = _STATE_BADGES[state]
    if inputs.alert and badge in _QUIET_BADGES:
        badge = Badge.FAULT
    badge = _with_others(badge, inputs)
    if inputs.snapshot.failed is not None:
        badge = trouble_badge(inputs.snapshot.failed.trouble)
    since = age(reading, inputs.snapshot.now)
    old = since is not None and since > _FADED_AFTER and state not in CALM
    face, level, text = _face(reading, inputs.mode)
    battery_face = face is Face.BATTERY
    soc = reading.battery.soc_percent if reading.battery else None
    return IconSpec(
        face=face,
        level=level,
        text=text,
        mark=charge_marker(reading) if battery_face else Mark.NONE,
        badge=badge,
        low=battery_face and soc is not None and soc <= LOW_SOC,
        faded=old,
    )


def _with_others(badge: Badge, inputs: TrayInputs) -> Badge:
    """Return the worse badge: of the station that is shown, or of the others."""
    worst = worst_first(inputs.other_stations)
    if not worst:
        return badge
    other = _STATE_BADGES[worst[0].state]
    return other if _rank(other) > _rank(badge) else badge


def _rank(badge: Badge) -> int:
    return _WORST_LAST.index(badge) if badge in _WORST_LAST else -1


def _face(reading: Reading, mode: IconMode) -> tuple[Face, int | None, str]:
    battery = reading.battery
    match mode:
        case IconMode.SOC if battery is not None:
            return Face.NUMBER, None, _digits(battery.soc_percent)
        case IconMode.PV:
            return Face.NUMBER, None, _kilo(reading.power.pv_w)
        case _ if battery is not None and mode is not IconMode.SHARE:
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
    return round(max(0.0, min(100.0, pv_w / kwp / 10)))


def _digits(value: float | None) -> str:
    return formatting.DASH if value is None else formatting.fixed(value)


def _kilo(value_w: float | None) -> str:
    """Return kW in at most three characters: "0.4", "3.2", "12", "120"."""
    if value_w is None:
        return formatting.DASH
    kilo = max(0.0, value_w) / 1000
    return (
        formatting.fixed(kilo, 1) if kilo < 9.95 else formatting.fixed(min(kilo, 999))
    )


# What the tray says: the icon, the tooltip, the first lines of the menu.
#
# The whole view is made anew from the whole situation each time; whoever shows it
# compares it with the last one and changes only what differs.


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
class TrayInputs:
    """What the tray shows beside the station: the owner's choice, and what is wrong."""

    snapshot: MonitorSnapshot
    mode: IconMode = IconMode.AUTO
    alert: str = ""  # what is wrong, or was before the owner looked, as a line
    other_stations: tuple[StationSummary, ...] = ()


def tray_view(inputs: TrayInputs) -> TrayView:
    """Return what the tray shows."""
    reading, state = inputs.snapshot.shown, inputs.snapshot.state
    if reading is None or state is None:
        icon, lines = icon_without_reading(inputs), _lines_without(inputs)
    else:
        icon = icon_for_reading(reading, state, inputs)
        lines = _lines(reading, state, inputs)
    return TrayView(icon=icon, lines=_marked(lines, inputs))


def _marked(lines: tuple[str, ...], inputs: TrayInputs) -> tuple[str, ...]:
    if not inputs.snapshot.demo:
        return lines
    return (f"{demo_word()} · {lines[0]}", *lines[1:])


def _lines_without(inputs: TrayInputs) -> tuple[str, ...]:
    if inputs.snapshot.failed is None:
        return (tr("SEMS Tray: asking GoodWe …"), *_other_stations(inputs))
    return (*_trouble_lines(inputs.snapshot.failed, inputs), *_other_stations(inputs))


def _other_stations(inputs: TrayInputs) -> tuple[str, ...]:
    line = elsewhere_line(worst_first(inputs.other_stations), inputs.snapshot.now)
    return (line,) if line else ()


def _trouble_lines(failed: PollFailed, inputs: TrayInputs) -> tuple[str, ...]:
    title = trouble_words(failed.trouble).title
    if (
        inputs.snapshot.pause_until is not None
        and inputs.snapshot.pause_until > inputs.snapshot.now
    ):
        # Translators: {trouble} is a title, "No network"; {wait} is "40 s" or "5 min".
        text = tr("{trouble}, next try in {wait}")
        wait = formatting.wait(inputs.snapshot.pause_until - inputs.snapshot.now)
        return (text.format(trouble=title, wait=wait),)
    return (title,)


def _lines(
    reading: Reading, state: StationState, inputs: TrayInputs
) -> tuple[str, ...]:
    found = [*_other_stations(inputs), _headline(reading)]
    if inputs.snapshot.failed is not None:
        found = [*_trouble_lines(inputs.snapshot.failed, inputs), *found]
    elif warning := _warning(reading, state, inputs):
        found = [warning, *found]
    house = _house(reading, state)
    if house:
        found.append(house)
    today_kwh = reading.energy.today.pv_kwh
    if today_kwh is not None:
        found.append(tr("Today {energy}").format(energy=formatting.energy(today_kwh)))
    full, brief = (
        measured(reading, inputs.snapshot.now),
        measured(reading, inputs.snapshot.now, brief=True),
    )
    room = WINDOWS_TOOLTIP - len("\n".join([*found, ""]))
    return (*found, full if len(full) <= room else brief)


def _warning(reading: Reading, state: StationState, inputs: TrayInputs) -> str | None:
    """Return the station's state, unless that is well or calm and an alert is not."""
    if inputs.alert and (state is StationState.OK or state in CALM):
        return inputs.alert
    return state_words(reading, state, inputs.snapshot.now)


def _headline(reading: Reading) -> str:
    """Return the line that is complete in itself."""
    battery, pv_w, power_w = reading.battery, reading.power.pv_w, None
    arrow = {Mark.CHARGING: " ▲", Mark.DISCHARGING: " ▼"}.get(
        charge_marker(reading), ""
    )
    if battery is not None and arrow:
        power_w = reading.power.battery_w
    in_unit = formatting.powers(pv_w, power_w)
    pv = tr("PV {power}").format(power=in_unit(pv_w))
    if battery is None:
        return pv
    size = "" if power_w is None else f" {in_unit(power_w)}"
    charge = formatting.percent(battery.soc_percent)
    text = tr("Battery {percent}").format(percent=charge)
    return f"{text}{arrow}{size} · {pv}"


def _house(reading: Reading, state: StationState) -> str:
    power = reading.power
    parts = []
    in_unit = formatting.powers(power.load_w, power.grid_w, power.ev_w)
    if power.load_w is not None:
        parts.append(tr("House {power}").format(power=in_unit(power.load_w)))
    # A grid that is lost is not "balanced"; the line above says that it is lost.
    is_lost = (
        state is StationState.GRID_LOST
        and abs(power.grid_w or 0) < formatting.DEAD_BAND_W
    )
    if power.grid_w is not None and not is_lost:
        parts.append(grid_words(power.grid_w, in_unit))
    if power.ev_w:
        parts.append(tr("car {power}").format(power=in_unit(power.ev_w)))
    return " · ".join(parts)
