"""What the history says of a station's habits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.habits import Habits
from sems_tray.core.model import CurvePoint
from sems_tray.core.records import usual_power
from sems_tray.sun import height

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.model import Station
    from sems_tray.store.history import HistoryReader

_LEARN_FROM = timedelta(days=60)
_LEARN_MIN = 15


def learned(reader: HistoryReader, station: Station, now: datetime) -> Habits:
    """Return what the last two months say. Raises KnownError."""
    if height(station, now) is None:
        return Habits()
    rows = reader.iter_rows(station.id, now - _LEARN_FROM, now, every_min=_LEARN_MIN)
    points = (
        CurvePoint(at=row.at + timedelta(minutes=_LEARN_MIN / 2), power=row.power)
        for row in rows
    )
    return Habits(power=usual_power(points, lambda at: height(station, at) or 0.0))
