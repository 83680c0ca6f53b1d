"""Follows one battery, reading by reading, to tell when it will be full or empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.battery_forecast import begin, estimate, seeded, step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sems_tray.domain.battery_forecast import Estimate, Estimator
    from sems_tray.domain.model import CurvePoint, Reading
    from sems_tray.domain.station_state import DarkAt


class BatteryWatch:
    """What was seen of the battery of the station that is shown."""

    def __init__(self) -> None:
        self._state: Estimator | None = None
        self._station = ""
        self._seen: Reading | None = None

    def follow(self, reading: Reading | None) -> None:
        """Fold a reading in; the same one twice says nothing new."""
        if reading is None or reading is self._seen:
            return
        self._seen = reading
        if reading.battery is None or reading.measured_at is None:
            self._state = None
            return
        station = reading.station
        if self._state is None or station.id != self._station:
            self._station = station.id
            self._state = begin(station.battery_kwh)
        self._state = step(
            self._state,
            reading.measured_at,
            reading.battery.soc_percent,
            reading.power.battery_w,
        )

    def seed(self, reading: Reading, today: Iterable[CurvePoint]) -> None:
        """Begin anew from a day's curve, then the reading."""
        self._station = reading.station.id
        self._state = seeded(begin(reading.station.battery_kwh), today)
        self._seen = None
        self.follow(reading)

    def estimate(
        self, dark_at: DarkAt, reserve_percent: float | None
    ) -> Estimate | None:
        """Return when the battery is full or at its reserve, if that can be told."""
        if self._state is None:
            return None
        return estimate(self._state, dark_at, reserve_percent)
