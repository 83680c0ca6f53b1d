"""Which way energy goes, as a value and as a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .language import markc, trc
from .model import BatteryState
from .words import DEAD_BAND_W

if TYPE_CHECKING:
    from collections.abc import Mapping

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
