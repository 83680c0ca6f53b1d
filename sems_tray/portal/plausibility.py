"""Numbers that no station of this size can have are unknown, whatever their unit.

Portals tell W where kW are meant, or a counter's raw value: a thousand times too much.
The bounds are generous, since what is installed may be told wrongly or have grown; a
value beyond them is no measurement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sems_tray.domain.energy import AMOUNTS, POWERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from sems_tray.domain.model import (
        Accessory,
        BatteryPack,
        CurvePoint,
        Energy,
        EnergySums,
        Inverter,
        Meter,
        Powers,
    )

    Device = TypeVar("Device", BatteryPack, Meter, Accessory)


# Without a size: more than any station of an owner's.
_MOST_W = 50e6
# Of what is installed: a roof that grew fivefold; a day on which it never got dark.
_PV_SHARE = 5.0
# A roof takes nothing.  So far below zero are an inverter's own use and its sensors.
_OWN_USE_W = 100.0
_OWN_USE_SHARE = 0.01
_DAY_H = 24
# Installers leave a 1 where the size belongs: a roof on a house is always believed.
_ROOF_W = 20e3
_ROOF_DAY_KWH = 200.0
# A house may draw more than its small roof can give: a supply of 3 x 145 A is allowed
# to everybody.
_HOUSE_W = 100e3
_HOUSE_SHARE = 20.0

DAY, MONTH, YEAR = 1, 31, 366
_LIFETIME = 50 * YEAR


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that a station can make, and that it can use or move."""

    capacity_kwp: float | None = None

    @property
    def _pv_w(self) -> float:
        kwp = self.capacity_kwp
        return _MOST_W if kwp is None else max(_ROOF_W, _PV_SHARE * kwp * 1000)

    @property
    def _moved_w(self) -> float:
        kwp = self.capacity_kwp
        return _MOST_W if kwp is None else max(_HOUSE_W, _HOUSE_SHARE * kwp * 1000)

    def _made_kwh(self, days: int) -> float:
        kwp = _MOST_W / 1000 if self.capacity_kwp is None else self.capacity_kwp
        return max(_ROOF_DAY_KWH, kwp * _DAY_H) * days

    def powers(self, told: Powers) -> Powers:
        """Return the powers that can be."""
        moved = {it: _within(getattr(told, it), self._moved_w) for it in POWERS}
        return replace(told, **moved | {"pv_w": self._made_w(told.pv_w)})

    def _made_w(self, pv_w: float | None) -> float | None:
        own_use_w = max(_OWN_USE_W, _OWN_USE_SHARE * (self.capacity_kwp or 0.0) * 1000)
        if pv_w is None or not -own_use_w <= pv_w <= self._pv_w:
            return None
        return max(pv_w, 0.0)

    def curve(self, points: Iterable[CurvePoint]) -> tuple[CurvePoint, ...]:
        """Return a day's points with the powers that can be."""
        return tuple(replace(it, power=self.powers(it.power)) for it in points)

    def sums(self, told: EnergySums, days: int) -> EnergySums:
        """Return the energies that so many days can have."""
        moved = self._moved_w / 1000 * _DAY_H * days
        kwh = {
            name: _within(
                getattr(told, name), self._made_kwh(days) if name == "pv_kwh" else moved
            )
            for name in AMOUNTS
            if name != "income"
        }
        return replace(told, **kwh, currency=told.currency)

    def energy(self, told: Energy) -> Energy:
        """Return the energies of the four periods that can be."""
        return replace(
            told,
            today=self.sums(told.today, DAY),
            month=self.sums(told.month, MONTH),
            year=self.sums(told.year, YEAR),
            total=self.sums(told.total, _LIFETIME),
        )

    def inverter(self, told: Inverter) -> Inverter:
        """Return an inverter with what it can make; its AC may hold a discharge."""
        return replace(
            told,
            power_w=_within(told.power_w, self._moved_w),
            today_kwh=_within(told.today_kwh, self._made_kwh(DAY)),
            total_kwh=_within(told.total_kwh, self._made_kwh(_LIFETIME)),
            strings=tuple(
                replace(string, w=_within(string.w, self._pv_w))
                for string in told.strings
            ),
        )

    def device(self, told: Device) -> Device:
        """Return a battery, meter or charger with a power that can be."""
        power_w = _within(told.power_w, self._moved_w)
        return told if power_w == told.power_w else replace(told, power_w=power_w)


def _within(value: float | None, most: float) -> float | None:
    return None if value is None or abs(value) > most else value
