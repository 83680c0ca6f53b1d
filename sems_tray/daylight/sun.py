"""Where the sun stands in the sky, and is it dark at the station?

Classic sends coordinates; SEMS+ only a time zone.  The roof's own production tells
best where the sun is (``roof_place``).  Until that is learned the zone's city stands
for the roof: the zone database names one for every zone.  A bare offset only tells the
longitude, roughly, and "UTC+00:00" nothing: the portal says it of stations anywhere
(facts, section 3).

The sun goes by the Astronomical Almanac's formulas of low precision: good to a
hundredth of a degree from 1950 to 2050, and quick enough for the thousands of points
of a history.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from functools import lru_cache
from math import asin, atan2, cos, degrees, radians, sin, tan
from typing import TYPE_CHECKING

from sems_tray.domain.time_zones import zone

from .zone_locations import city_of

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sems_tray.domain.model import Station


# Below this height of the sun no inverter wakes.
DARK_BELOW_DEG = 3.0
# With the sun below it no roof makes anything.
HORIZON_DEG = 0.0
# Below this one a roof under thin snow or thick cloud makes nothing.
_DULL_BELOW_DEG = 10.0
# Zones reach far west of their meridian (Spain, western China, summer time), less east.
_LATITUDES = (-45.0, 0.0, 45.0)
_LONGITUDES_OFF = (-35.0, 0.0, 15.0)
_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAY_S = 86_400
# Below it the sun is not to be seen, and no formula is sure of the air.
_SUNK_DEG = -1.0


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


@lru_cache(1024)  # one instant is asked for at several places
def sun_path(at: datetime) -> tuple[float, float]:
    """Return the equation of time and the declination, both in radians."""
    days = (at - _EPOCH).total_seconds() / _DAY_S
    mean = radians(280.460 + 0.985_647_4 * days)
    anomaly = radians(357.528 + 0.985_600_3 * days)
    ecliptic = mean + radians(1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439 - 0.000_000_4 * days)
    ascension = atan2(cos(tilt) * sin(ecliptic), cos(ecliptic))
    ahead = mean - ascension
    return atan2(sin(ahead), cos(ahead)), asin(sin(tilt) * sin(ecliptic))


@lru_cache(1024)  # several rules ask for one instant, and again for hours around it
def sun_height_deg(at: datetime, latitude: float, longitude: float) -> float:
    """Return how high the sun seems to stand, refraction included."""
    equation, declination = sun_path(at)
    day = (at - _EPOCH).total_seconds() / _DAY_S  # from noon at Greenwich
    hour_angle = radians(360 * (day % 1) + longitude) + equation
    place = radians(latitude)
    height = degrees(
        asin(
            sin(place) * sin(declination)
            + cos(place) * cos(declination) * cos(hour_angle)
        )
    )
    return height + _refraction_deg(height)


def _refraction_deg(height_deg: float) -> float:
    """Return by how much the air lifts the sun, by Saemundsson's formula."""
    height_deg = max(height_deg, _SUNK_DEG)
    return 0.017 / tan(radians(height_deg + 10.3 / (height_deg + 5.11)))
