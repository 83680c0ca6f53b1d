"""What the history says of a station's habits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.habits import Habits
from sems_tray.core.model import CurvePoint
from sems_tray.core.records import usual_power
from sems_tray.core.roof_place import roof_place
from sems_tray.core.waking import learned_waking
from sems_tray.places import city_of
from sems_tray.sun import height, standing

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.model import Station
    from sems_tray.store.history import HistoryReader

_LEARN_FROM = timedelta(days=60)
_LEARN_MIN = 5  # when a day begins and ends is to be known to minutes
_FEWEST_SAMPLES = 60  # five hours


def learned(reader: HistoryReader, station: Station, now: datetime) -> Habits:
    """Return what the last two months say. Raises KnownError.

    Coordinates of the station are those that the owner or the portal told.
    """
    rows = reader.iter_rows(station.id, now - _LEARN_FROM, now, every_min=_LEARN_MIN)
    step = timedelta(minutes=_LEARN_MIN)
    points = [CurvePoint(at=row.at + step / 2, power=row.power) for row in rows]
    place = roof_place(points, city_of(station.timezone or ""))
    stands = standing(station, place)
    if height(stands, now) is None:
        return Habits(place=place)

    def height_at(at: datetime) -> float:
        return height(stands, at) or 0.0

    return Habits(
        power=usual_power(points, height_at, fewest=_FEWEST_SAMPLES),
        waking=learned_waking(points, height_at, step),
        place=place,
    )
