"""Classic status numbers (facts, section 3, "Status numbers")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.core.model import DeviceState
from sems_tray.sems.numbers import integer

if TYPE_CHECKING:
    from sems_tray.sems.numbers import Leaf

_STATES = {
    -1: DeviceState.OFFLINE,
    0: DeviceState.WAITING,
    1: DeviceState.RUNNING,
    2: DeviceState.FAULT,
}


def state_of(leaf: Leaf) -> DeviceState:
    """Return the state of a station or inverter; an unknown number is never a fault."""
    status = integer(leaf)
    if status is None:
        return DeviceState.UNKNOWN
    return _STATES.get(status, DeviceState.UNKNOWN)
