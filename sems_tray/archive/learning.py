"""What the history says of a station's habits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.habits import Habits
from sems_tray.core.model import CurvePoint
from sems_tray.core.records import usual_power
from sems_tray.core.roof_place import roof_place
from sems_tray.places import city_of
from sems_tray.sun import height, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sems_tray.core.model import Station
    from sems_tray.store.history import HistoryReader

_LEARN_FROM = timedelta(days=60)
_POWER_MIN = 15
_PLACE_MIN = 5  # when a day begins and ends must be known to minutes


def learned(reader: HistoryReader, station: Station, now: datetime) -> Habits:
    """Return what the last two months say. Raises KnownError.

    Coordinates of the station are those that the owner or the portal told.
    """
    place = roof_place(
        _points(reader, station, now, _PLACE_MIN), city_of(station.timezone or "")
    )
    stands = standing(station, place)
    if height(stands, now) is None:
        return Habits(place=place)
    power = usual_power(
        _points(reader, station, now, _POWER_MIN), lambda at: height(stands, at) or 0.0
    )
    return Habits(power=power, place=place)


def _points(
    reader: HistoryReader, station: Station, now: datetime, every_min: int
) -> Iterator[CurvePoint]:
    rows = reader.iter_rows(station.id, now - _LEARN_FROM, now, every_min=every_min)
    for row in rows:
        middle = row.at + timedelta(minutes=every_min / 2)
        yield CurvePoint(at=middle, power=row.power)
