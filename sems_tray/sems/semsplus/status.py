"""SEMS+ status numbers (facts, section 3, "Status numbers")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.core.model import BatteryState, DeviceState
from sems_tray.sems.numbers import integer

if TYPE_CHECKING:
    from sems_tray.sems.numbers import Leaf

_STATES = {
    0: DeviceState.OFFLINE,
    1: DeviceState.RUNNING,
    2: DeviceState.FAULT,
    3: DeviceState.WAITING,
    5: DeviceState.RUNNING,
}
_BATTERY = {6: BatteryState.CHARGING, 7: BatteryState.DISCHARGING}


def state_of(leaf: Leaf) -> DeviceState:
    """Return the state of a station or device; an unknown number is never a fault."""
    status = integer(leaf)
    if status is None:
        return DeviceState.UNKNOWN
    return _STATES.get(status, DeviceState.UNKNOWN)


def battery_state_of(leaf: Leaf) -> BatteryState | None:
    """Return what a battery system does; racks' other numbers say nothing of it."""
    status = integer(leaf)
    return None if status is None else _BATTERY.get(status)
