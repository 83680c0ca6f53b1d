"""What the history says of a station's usual power."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.model import CurvePoint
from sems_tray.core.records import usual_power
from sems_tray.sun import height

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.model import Station
    from sems_tray.core.records import UsualPower
    from sems_tray.store.history import HistoryReader

_LEARN_FROM = timedelta(days=60)
_LEARN_MIN = 15


def can_learn(station: Station, now: datetime) -> bool:
    """Say whether the sun's height is known where the station is."""
    return height(station, now) is not None


def learned(reader: HistoryReader, station: Station, now: datetime) -> UsualPower:
    """Return the usual power, of the last two months. Raises KnownError."""
    rows = reader.iter_rows(station.id, now - _LEARN_FROM, now, every_min=_LEARN_MIN)
    points = (
        CurvePoint(at=row.at + timedelta(minutes=_LEARN_MIN / 2), power=row.power)
        for row in rows
    )
    return usual_power(points, lambda at: height(station, at) or 0.0)
