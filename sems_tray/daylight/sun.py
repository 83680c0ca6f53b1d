"""Is it dark at the station?  The sun's height where it stands.

Classic sends coordinates; SEMS+ only a time zone.  The roof's own production tells
best where the sun is (core.roof_place).  Until that is learned the zone's city stands
for the roof: the zone database names one for every zone.  A bare offset only tells the
longitude, roughly, and "UTC+00:00" nothing: the portal says it of stations anywhere
(facts, section 3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from sems_tray.domain.time_zones import zone

from .sun_height import sun_height_deg
from .waking import DARK_BELOW_DEG
from .zone_locations import city_of

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sems_tray.domain.model import Station

    from .roof_place import RoofPlace


# With the sun below it no roof makes anything.
HORIZON_DEG = 0.0
# Below this one a roof under thin snow or thick cloud makes nothing.
_DULL_BELOW_DEG = 10.0
# Zones reach far west of their meridian (Spain, western China, summer time), less east.
_LATITUDES = (-45.0, 0.0, 45.0)
_LONGITUDES_OFF = (-35.0, 0.0, 15.0)


@lru_cache(maxsize=16)  # every poll asks several times
def standing(station: Station, learned: RoofPlace | None) -> Station:
    """Return the station where its roof has learned to be, unless somebody told."""
    if learned is None or _is_told(station):
        return station
    return replace(station, latitude=learned.latitude, longitude=learned.longitude)


def is_dark(
    station: Station, at: datetime, below_deg: float = DARK_BELOW_DEG
) -> bool | None:
    """Say whether the sun stands so low; None where the place is too uncertain."""
    places = _places(station)
    verdicts = {sun_height_deg(at, *place) < below_deg for place in places}
    return verdicts.pop() if len(verdicts) == 1 else None


def height(station: Station, at: datetime) -> float | None:
    """Return the sun's height in degrees; None where the place is too uncertain."""
    places = _places(station)
    return sun_height_deg(at, *places[0]) if len(places) == 1 else None


def is_dull(station: Station, day: date, where: tzinfo) -> bool:
    """Say whether the sun stays so low on a local date that a roof may sleep on."""
    noon = datetime.combine(day, time(12), where)
    # Solar noon is hours off where a zone is wide.
    hours = (noon + timedelta(hours=n) for n in range(-4, 5))
    heights = [height(station, at) for at in hours]
    return all(it is not None and it < _DULL_BELOW_DEG for it in heights)


def _is_told(station: Station) -> bool:
    return station.latitude is not None and station.longitude is not None


def _places(station: Station) -> tuple[tuple[float, float], ...]:
    if station.latitude is not None and station.longitude is not None:
        return ((station.latitude, station.longitude),)
    where = zone(station.timezone)
    if isinstance(where, timezone):  # a bare offset: 15 degrees an hour
        longitude = where.utcoffset(None) / timedelta(hours=1) * 15
        if not longitude:
            return ()
        return tuple(
            (latitude, (longitude + off + 180) % 360 - 180)
            for latitude in _LATITUDES
            for off in _LONGITUDES_OFF
        )
    city = city_of(station.timezone or "")
    return () if city is None else (city,)
