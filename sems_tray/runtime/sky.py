"""Where a station stands, and whether it is dark there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sems_tray.daylight.waking import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.daylight.waking import Habits
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.station_state import DarkAt
    from sems_tray.storage.settings import Settings


class Sky:
    """The light at a station.

    Where it stands is told by the portal, else by the owner, else learned from the
    roof's production, else guessed from the time zone.  Whoever judges a station asks
    here whether it may be asleep, with what was learned of its habits.
    """

    def __init__(self, settings: Settings) -> None:
        self._habits: dict[str, Habits] = {}
        self.follow(settings)

    def follow(self, settings: Settings) -> None:
        """Take the place from changed settings."""
        self._place = settings.latitude, settings.longitude

    def learn(self, station_id: str, habits: Habits) -> None:
        """Take what was learned of a station; under a midnight sun a place is none."""
        known = self.habits(station_id)
        self._habits[station_id] = replace(habits, place=habits.place or known.place)

    def habits(self, station_id: str) -> Habits:
        """Return what a station usually does."""
        return self._habits.get(station_id, UNKNOWN)

    def dark(self, station: Station, at: datetime) -> bool | None:
        """Say whether the sun is down: no roof makes anything, whatever its habits."""
        from sems_tray.daylight.sun import HORIZON_DEG, is_dark

        return is_dark(self._placed(station), at, HORIZON_DEG)

    def dark_at(self, reading: Reading) -> DarkAt:
        """Return the question whether the station's inverters may be asleep.

        Nothing is computed before it is asked: a roof that is seen at work is awake.
        """

        @cache
        def answer() -> DarkAt:
            from sems_tray.daylight.sun import is_dark
            from sems_tray.daylight.waking import Waking, may_sleep

            station = self._placed(reading.station)
            waking = self.habits(station.id).waking or Waking()
            return may_sleep(reading, lambda at, deg: is_dark(station, at, deg), waking)

        def asked(at: datetime) -> bool | None:
            return answer()(at)

        return asked

    def height_at(self, reading: Reading) -> Callable[[datetime], float | None]:
        """Return the question how high the sun stands, in degrees."""
        from sems_tray.daylight.sun import height

        station = self._placed(reading.station)
        return lambda at: height(station, at)

    def at_told_place(self, station: Station) -> Station:
        """Return the station where the portal, else the owner, says that it stands."""
        latitude, longitude = self._place
        if station.latitude is not None or None in self._place:
            return station
        return replace(station, latitude=latitude, longitude=longitude)

    def _placed(self, station: Station) -> Station:
        from sems_tray.daylight.roof_place import standing

        told = self.at_told_place(station)
        return standing(told, self.habits(station.id).place)
