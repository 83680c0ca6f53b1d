"""Where the sun stands in the sky.

By the Astronomical Almanac's formulas of low precision: good to a hundredth of a degree
from 1950 to 2050, and quick enough for the thousands of points of a history.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from math import asin, atan2, cos, degrees, radians, sin, tan

_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAY_S = 86_400
# Below it the sun is not to be seen, and no formula is sure of the air.
_SUNK_DEG = -1.0


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
