"""Where the simulated stations stand, so that ``day`` is day whenever it starts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from .sun import elevation_deg, solar_hour

# Late morning: the roof is at work and the battery is still filling.
DAY_SOLAR_HOUR = 10.8
# Not the darkest hour: at midnight the portal's counters misbehave (facts, section 3)
# and the battery may be down to its reserve; late evening shows it at work.
NIGHT_LOCAL_HOUR = 21.75
DARK_DEG = -10.0
ODD_HOURS = (23.0, 0.5)
_OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """A city that names its own time zone; degrees north and east.

    A demo's clock is the computer's wherever its sun stands: any zone goes with any
    degrees, "UTC+05:30" too.
    """

    zone: str
    latitude_deg: float
    longitude_deg: float

    @property
    def timezone(self) -> tzinfo:
        """The zone's rules."""
        return _timezone(self.zone)

    @property
    def city(self) -> str:
        """The city's name for addresses."""
        return self.zone.rpartition("/")[2].replace("_", " ")


PLACES: tuple[Place, ...] = (
    Place("Pacific/Honolulu", 21.31, -157.86),
    Place("America/Los_Angeles", 34.05, -118.24),
    Place("America/Mexico_City", 19.43, -99.13),
    Place("America/New_York", 40.71, -74.01),
    Place("America/Sao_Paulo", -23.55, -46.63),
    Place("Atlantic/Azores", 37.74, -25.67),
    Place("Europe/Madrid", 40.42, -3.70),
    Place("Africa/Johannesburg", -26.20, 28.04),
    Place("Asia/Dubai", 25.20, 55.27),
    Place("Asia/Kolkata", 22.57, 88.36),
    Place("Asia/Bangkok", 13.75, 100.50),
    Place("Australia/Perth", -31.95, 115.86),
    Place("Asia/Tokyo", 35.68, 139.69),
    Place("Australia/Sydney", -33.87, 151.21),
    Place("Pacific/Auckland", -36.85, 174.76),
)
# Not offered by choice, but a test or an owner may pin them.
MORE_PLACES: tuple[Place, ...] = (
    Place("Europe/Amsterdam", 52.37, 4.90),
    Place("Europe/Berlin", 52.52, 13.40),
    Place("America/Santiago", -33.45, -70.67),
    Place("Africa/Cairo", 30.04, 31.24),
)


@lru_cache(maxsize=64)
def _timezone(name: str) -> tzinfo:
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return ZoneInfo(name)
    sign, hours, minutes = offset.groups()
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-span if sign == "-" else span)


def place_named(zone: str) -> Place:
    """Return the known place of a zone name."""
    for place in (*PLACES, *MORE_PLACES):
        if place.zone == zone:
            return place
    msg = f"no such place: {zone!r}"
    raise ValueError(msg)


def sunny_place(now: datetime) -> Place:
    """Return the place whose sun stands nearest to just past noon."""
    return min(
        PLACES,
        key=lambda p: _apart_h(solar_hour(p.longitude_deg, now), DAY_SOLAR_HOUR),
    )


def dark_place(now: datetime) -> Place:
    """Return a place deep in its evening; failing that the one with the lowest sun."""
    dark = [p for p in PLACES if _height_deg(p, now) < DARK_DEG]
    if not dark:
        return min(PLACES, key=lambda p: _height_deg(p, now))

    def oddness(place: Place) -> tuple[bool, float]:
        hour = _clock_hour(place, now)
        odd = hour >= ODD_HOURS[0] or hour < ODD_HOURS[1]
        return odd, _apart_h(hour, NIGHT_LOCAL_HOUR)

    return min(dark, key=oddness)


def others(than: Place, places: Iterable[Place] = PLACES) -> tuple[Place, ...]:
    """Return the rest of the places, the one half a world away first."""

    def nearness(place: Place) -> float:
        apart = abs(place.longitude_deg - than.longitude_deg)
        return -min(apart, 360 - apart)

    return tuple(sorted((p for p in places if p != than), key=nearness))


def _height_deg(place: Place, now: datetime) -> float:
    return elevation_deg(place.latitude_deg, place.longitude_deg, now)


def _clock_hour(place: Place, now: datetime) -> float:
    local = now.astimezone(place.timezone)
    return local.hour + local.minute / 60


def _apart_h(hour: float, target: float) -> float:
    apart = abs(hour - target) % 24
    return min(apart, 24 - apart)
