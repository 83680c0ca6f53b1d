"""Where the sun stands, from astral, quickly enough for a year of five-minute nodes."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import ModuleType

DEGREES_PER_MINUTE = 0.25


@dataclass(frozen=True, slots=True)
class SunDay:
    """The sun's path for one day: declination and the clock's lead over the sun."""

    sin_declination: float
    cos_declination: float
    equation_min: float


@cache
def _astral() -> tuple[ModuleType, ModuleType]:
    # Imported late: astral costs the start of every program that only names scenarios.
    from astral import julian, sun

    return julian, sun


def sun_day(noon: datetime) -> SunDay:
    """Return the path for the day around an instant."""
    julian, sun = _astral()
    century = julian.julianday_to_juliancentury(julian.julianday(noon))
    declination = math.radians(sun.sun_declination(century))
    return SunDay(math.sin(declination), math.cos(declination), sun.eq_of_time(century))


def hour_angle_deg(path: SunDay, longitude_deg: float, at: datetime) -> float:
    """Return how far the sun is past the south (or north) meridian, in degrees."""
    utc = at.astimezone(UTC)
    minutes = utc.hour * 60 + utc.minute + utc.second / 60
    solar_min = minutes + path.equation_min + 4 * longitude_deg
    return solar_min * DEGREES_PER_MINUTE - 180


def elevation_deg(latitude_deg: float, longitude_deg: float, at: datetime) -> float:
    """Return the sun's height at an instant in degrees, without refraction."""
    path = sun_day(at.astimezone(UTC))
    angle = math.radians(hour_angle_deg(path, longitude_deg, at))
    latitude = math.radians(latitude_deg)
    height = math.sin(latitude) * path.sin_declination + math.cos(
        latitude
    ) * path.cos_declination * math.cos(angle)
    return math.degrees(math.asin(max(-1.0, min(1.0, height))))


def solar_hour(longitude_deg: float, at: datetime) -> float:
    """Return the hour a sundial shows, 0 to 24."""
    path = sun_day(at.astimezone(UTC))
    return (hour_angle_deg(path, longitude_deg, at) / 15 + 12) % 24
