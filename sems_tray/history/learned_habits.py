"""What the history says of a station's habits."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from sems_tray.daylight.roof_place import roof_place, standing
from sems_tray.daylight.sun import height
from sems_tray.daylight.waking import Habits, learned_waking
from sems_tray.daylight.zone_locations import city_of
from sems_tray.domain.statistics import usual_charge, usual_power, working_days
from sems_tray.domain.time_zones import zone

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.daylight.roof_place import RoofPlace
    from sems_tray.domain.model import Station
    from sems_tray.storage.history.reader import HistoryReader


_LEARN_FROM = timedelta(days=60)
# Under a midnight sun and in a polar night only older months tell where a roof stands.
_PLACE_SPANS = 3
_LEARN_MIN = 5  # when a day begins and ends is to be known to minutes
_FEWEST_SAMPLES = 60  # five hours


def learned(reader: HistoryReader, station: Station, now: datetime) -> Habits:
    """Return what the last two months say. Raises StorageError.

    Coordinates of the station are those that the owner or the portal told.
    """
    points = reader.means(station.id, now - _LEARN_FROM, now, _LEARN_MIN)
    place = roof_place(points, city_of(station.timezone or ""))
    place = place or _earlier_place(reader, station, now)
    stands, where = standing(station, place), zone(station.timezone)
    power = waking = None
    if height(stands, now) is not None:
        height_at = cache(lambda at: height(stands, at) or 0.0)
        waking = learned_waking(points, height_at, timedelta(minutes=_LEARN_MIN))
        points = tuple(working_days(points, height_at, where))
        power = usual_power(points, height_at, fewest=_FEWEST_SAMPLES)
    charge = None if where is None else usual_charge(points, where)
    return Habits(power=power, charge=charge, waking=waking, place=place)


def _earlier_place(
    reader: HistoryReader, station: Station, now: datetime
) -> RoofPlace | None:
    """Return where the roof stands, by the latest of the months before."""
    for n in range(1, _PLACE_SPANS):
        until = now - _LEARN_FROM * n
        points = reader.means(station.id, until - _LEARN_FROM, until, _LEARN_MIN)
        place = roof_place(points, city_of(station.timezone or ""))
        if place is not None:
            return place
    return None
