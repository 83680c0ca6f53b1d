"""Counters of a period under way belong to the station's date of the measurement.

An inverter that sleeps goes on telling what it counted last: until it wakes its "today"
is yesterday's.  So far today it has made nothing if it has been dark since midnight; by
day nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .energy import day_span
from .model import NO_SUMS, DeviceState, EnergySums
from .station_state import (
    SILENT_AFTER,
    any_offline,
    darkness,
    portal_time,
    zero_offline_power,
)
from .time_zones import zone

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from .model import Energy, Inverter, Reading
    from .station_state import DarkAt


_HOUR = timedelta(hours=1)
# Counters have steps of 0.1 kWh.
_STEP_KWH = 0.15
# What a plant that sleeps, and has no battery, does not do.
_MADE = ("export_kwh", "self_use_kwh", "income")


def so_far(reading: Reading, at: datetime, dark_at: DarkAt) -> Reading:
    """Return the reading as it is true at ``at``, by the portal's clock."""
    where = zone(reading.station.timezone)
    if where is None:
        return reading
    today = _Today(at=at, where=where, dark_at=dark_at)
    return replace(
        reading,
        energy=_energy(reading, today),
        inverters=tuple(_inverter(it, reading, today) for it in reading.inverters),
    )


def came_before(reading: Reading, at: datetime) -> bool:
    """Say whether the reading came on an earlier date than ``at`` at the station."""
    where = zone(reading.station.timezone)
    came_at = portal_time(reading, reading.received_at)
    return where is not None and (
        came_at.astimezone(where).date() < at.astimezone(where).date()
    )


@dataclass(frozen=True, slots=True)
class _Today:
    at: datetime
    where: tzinfo
    dark_at: DarkAt

    def day(self, at: datetime | None = None) -> date:
        return (at or self.at).astimezone(self.where).date()

    def is_before(self, counted: datetime | None) -> bool:
        """Say whether counters are of an earlier date."""
        return counted is not None and self.day(counted) < self.day()

    def is_idle(self, inverter: Inverter, reading: Reading) -> bool:
        """Say whether an inverter has not been at work yet.

        Where it does not say when it counted, what the station measured last was its
        own, unless a meter goes on.  Without that it sleeps before dawn, and by day.
        """
        if inverter.counted_at is not None:
            return self.is_before(inverter.counted_at)
        if inverter.state is not DeviceState.OFFLINE or (reading.power.pv_w or 0.0) > 0:
            return False
        measured = reading.measured_at
        if measured is not None and self.at - measured > SILENT_AFTER:
            return self.is_before(measured)
        return self.is_sunless() or not self.dark_at(self.at)

    def is_sunless(self) -> bool:
        """Say whether it has been dark since midnight."""
        at, (start, _) = self.at, day_span(self.day(), self.where)
        while at > start:
            if not self.dark_at(at):
                return False
            at -= _HOUR
        return bool(self.dark_at(start))


def _energy(reading: Reading, today: _Today) -> Energy:
    energy = reading.energy
    counted = energy.counted_at or reading.measured_at
    if today.is_before(counted):
        energy = replace(energy, today=_anew(energy.today, reading, today))
    elif _all_idle(reading, today):
        # A day that tells of the sun before any inverter has woken is yesterday.
        stands = (energy.today.pv_kwh or 0.0) > _STEP_KWH
        begun = _anew(energy.today, reading, today) if stands else energy.today
        pv_kwh = _idle_kwh(begun.pv_kwh, today)
        energy = replace(energy, today=replace(begun, pv_kwh=pv_kwh))
    summed = energy.summed_at or counted
    if summed is None:
        return energy
    then, day = today.day(summed), today.day()
    if (then.year, then.month) < (day.year, day.month):
        begun = _anew(energy.month, reading, today) if day.day == 1 else NO_SUMS
        energy = replace(energy, month=begun)
    if then.year < day.year:
        first = (day.month, day.day) == (1, 1)
        begun = _anew(energy.year, reading, today) if first else NO_SUMS
        energy = replace(energy, year=begun)
    return energy


def _anew(sums: EnergySums, reading: Reading, today: _Today) -> EnergySums:
    """Return what is known of a period that nobody has measured yet."""
    if not today.is_sunless():
        return NO_SUMS
    names = () if reading.battery is not None else _MADE
    known = {it: 0.0 for it in names if getattr(sums, it) is not None}
    return EnergySums(pv_kwh=0.0, **known, currency=sums.currency)


def _inverter(inverter: Inverter, reading: Reading, today: _Today) -> Inverter:
    if inverter.today_kwh is None:
        return inverter
    energy = reading.energy
    counted = inverter.counted_at or energy.counted_at or reading.measured_at
    if today.is_idle(inverter, reading) or today.is_before(counted):
        return replace(inverter, today_kwh=_idle_kwh(inverter.today_kwh, today))
    told = energy.today.pv_kwh
    if inverter.state is DeviceState.OFFLINE and told is not None:
        wrong = inverter.today_kwh > told + _STEP_KWH
        return replace(inverter, today_kwh=None) if wrong else inverter
    return inverter


def _idle_kwh(told: float | None, today: _Today) -> float | None:
    """Return what an inverter has made that has not been at work yet."""
    return 0.0 if told == 0 or today.is_sunless() else None


def _all_idle(reading: Reading, today: _Today) -> bool:
    return (
        bool(reading.inverters)
        and not (reading.power.pv_w or 0.0) > 0
        and all(today.is_idle(it, reading) for it in reading.inverters)
    )


def shown_reading(reading: Reading, now: datetime, dark_at: DarkAt) -> Reading:
    """Return the reading as it is shown at a time.

    What is offline in the dark gives 0 W, and yesterday's energy is none of today's.
    What came today was told by the sun already: that a roof may sleep all day, under
    snow, is no proof that it made nothing.
    """
    at = portal_time(reading, now)
    shown = reading
    if any_offline(reading):
        shown = zero_offline_power(reading, dark=darkness(at, dark_at))
    return so_far(shown, at, dark_at) if came_before(reading, at) else shown
