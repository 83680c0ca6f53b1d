"""Where time zones are: the zone database names a city with its place for each.

The classic API tells only how far a station's clock is from UTC now, which says nothing
of last summer.  Where it also tells the place, the nearest city whose clock shows the
same is taken to know the rest.
"""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from sems_tray.domain.time_zones import offset_name, zone

if TYPE_CHECKING:
    from datetime import tzinfo

    from sems_tray.domain.model import Station


_PLACE = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
# Farther away another country's rules would be a guess.
_NEAR_KM = 1500.0
_EARTH_KM = 6371.0


def zone_of(station: Station, now: datetime) -> tzinfo | None:
    """Return the station's zone with its past and future clock changes, if known."""
    told = zone(station.timezone)
    if not isinstance(told, timezone):
        return told
    if station.latitude is None or station.longitude is None:
        return told
    offset = told.utcoffset(None)
    for name, distance_km in _by_distance((station.latitude, station.longitude)):
        found = zone(name)
        if found is None or distance_km > _NEAR_KM:
            continue
        if now.astimezone(found).utcoffset() == offset:
            return found
    return told


def computer_zone() -> str:
    """Return the name of this computer's time zone, or how far it is from UTC now."""
    now = datetime.now().astimezone()
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked):
        found = zone(name) if "/" in name else None
        if found is not None and now.astimezone(found).utcoffset() == now.utcoffset():
            return name
    offset = now.utcoffset() or timedelta()
    return offset_name(offset / timedelta(hours=1)) or "UTC+00:00"


@lru_cache(maxsize=16)
def _by_distance(place: tuple[float, float]) -> tuple[tuple[str, float], ...]:
    rows = ((name, _km(place, city)) for name, city in _cities())
    return tuple(sorted(rows, key=lambda row: row[1])[:40])


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance on the globe (haversine)."""
    north, east = (radians(other[n] - one[n]) for n in (0, 1))
    part = sin(north / 2) ** 2
    part += cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(min(sqrt(part), 1.0))


@lru_cache(maxsize=16)
def city_of(zone_name: str) -> tuple[float, float] | None:
    """Return the latitude and longitude of a zone's city, by the zone database."""
    places = dict(_cities())
    if zone_name not in places:  # an old name, such as Asia/Calcutta
        links = (
            line.split()
            for line in _table("tzdata.zi").splitlines()
            if line.startswith("L ")
        )
        zone_name = {link[2]: link[1] for link in links}.get(zone_name, "")
    return places.get(zone_name)


def _cities() -> list[tuple[str, tuple[float, float]]]:
    rows = (
        line.split("\t")
        for line in _table("zone.tab").splitlines()
        if line and not line.startswith("#")
    )
    return [(row[2], place) for row in rows if (place := _degrees(row[1]))]


def _table(name: str) -> str:
    from importlib import resources  # slow to import, and most starts need no table

    return resources.files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")


def _degrees(text: str) -> tuple[float, float] | None:
    """Read ISO 6709: "+5222+00454" or "+404251-0740023"."""
    found = _PLACE.fullmatch(text)
    if not found:
        return None
    north, lat_d, lat_m, lat_s, east, lon_d, lon_m, lon_s = found.groups()
    latitude = int(lat_d) + int(lat_m) / 60 + int(lat_s or 0) / 3600
    longitude = int(lon_d) + int(lon_m) / 60 + int(lon_s or 0) / 3600
    return (
        -latitude if north == "-" else latitude,
        -longitude if east == "-" else longitude,
    )
