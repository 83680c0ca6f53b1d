"""The icon's part of the view: which face, which mark, which badge."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from . import words
from .elsewhere import worst_first
from .icon import Badge, Face, IconSpec, Mark
from .model import BatteryState, StationState
from .outcome import Trouble
from .verdict import age

if TYPE_CHECKING:
    from .model import Battery, Reading
    from .present import Scene

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


def mark_of(reading: Reading) -> Mark:
    """Return whether the battery charges or discharges, dead band apart."""
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


def icon_without(scene: Scene) -> IconSpec:
    """Return the icon before the first reading."""
    badge = _with_others(Badge.NONE, scene)
    if scene.failed is not None:
        badge = trouble_badge(scene.failed.trouble)
    return IconSpec(face=Face.EMPTY, badge=badge)


def icon_of(reading: Reading, state: StationState, scene: Scene) -> IconSpec:
    """Return the icon of a reading."""
    badge = _STATE_BADGES[state]
    if scene.alert and badge in _QUIET_BADGES:
        badge = Badge.FAULT
    badge = _with_others(badge, scene)
    if scene.failed is not None:
        badge = trouble_badge(scene.failed.trouble)
    since = age(reading, scene.now)
    old = since is not None and since > _FADED_AFTER and state not in CALM
    face, level, text = _face(reading, scene.mode)
    battery_face = face is Face.BATTERY
    soc = reading.battery.soc_percent if reading.battery else None
    return IconSpec(
        face=face,
        level=level,
        text=text,
        mark=mark_of(reading) if battery_face else Mark.NONE,
        badge=badge,
        low=battery_face and soc is not None and soc <= LOW_SOC,
        faded=old,
    )


def _with_others(badge: Badge, scene: Scene) -> Badge:
    """Return the worse badge: of the station that is shown, or of the others."""
    worst = worst_first(scene.elsewhere)
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
    return round(max(0.0, min(100.0, pv_w / kwp / 10)))


def _digits(value: float | None) -> str:
    return words.DASH if value is None else words.fixed(value)


def _kilo(value_w: float | None) -> str:
    """Return kW in at most three characters: "0.4", "3.2", "12", "120"."""
    if value_w is None:
        return words.DASH
    kilo = max(0.0, value_w) / 1000
    return words.fixed(kilo, 1) if kilo < 9.95 else words.fixed(min(kilo, 999))  # noqa: PLR2004
