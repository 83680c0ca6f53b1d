"""The figures of a device in words: which way power flows, and spans of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words
from .directions import battery_word, grid_direction
from .language import mark, tr
from .model import BatteryState

if TYPE_CHECKING:
    from collections.abc import Callable

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
    return f"{words.fixed(value_mv / 1000, 3)} V"


def span(
    low: float | None,
    high: float | None,
    text: Callable[[float], str] = words.temperature,
) -> str:
    """Return "24.1 to 25.3 °C" with a dash; the unit stands after its number."""
    ends = [text(v).rpartition(" ") for v in (low, high) if v is not None]
    numbers = dict.fromkeys(number for number, _, _ in ends)
    return f"{words.DASH.join(numbers)} {ends[-1][2]}" if ends else ""


def battery_flow(
    power_w: float, text: Callable[[float], str] = words.fine_power
) -> str:
    """Return "charging 1.20 kW"; near zero only what it does."""
    if abs(power_w) < words.DEAD_BAND_W:
        return battery_word(BatteryState.IDLE)
    way = tr("discharging {power}") if power_w > 0 else tr("charging {power}")
    return way.format(power=text(power_w))


def grid_flow(power_w: float, text: Callable[[float], str] = words.fine_power) -> str:
    """Return "exporting 1.20 kW"; near zero the grid is balanced."""
    if abs(power_w) < words.DEAD_BAND_W:
        return grid_direction(power_w)
    way = tr("exporting {power}") if power_w > 0 else tr("importing {power}")
    return way.format(power=text(power_w))
