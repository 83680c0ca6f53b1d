"""Is it dark at the station?  The sun's height by ``astral``, from where it stands.

Classic sends coordinates; SEMS+ only a time zone, whose city is near enough: the zone
database names one for every zone.  A bare offset only tells the longitude, roughly.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from sems_tray.core.zones import zone

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.model import Station

# Below this height the sun does not wake an inverter.
DARK_BELOW_DEG = 3.0
# Zones reach far west of their meridian (Spain, western China, summer time), less east.
_LATITUDES = (-45.0, 0.0, 45.0)
_LONGITUDES_OFF = (-35.0, 0.0, 15.0)
_PLACE = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def is_dark(station: Station, at: datetime) -> bool | None:
    """Say whether the sun is down; None where the station's place is too uncertain."""
    places = _places(station)
    verdicts = {_elevation(at, *place) < DARK_BELOW_DEG for place in places}
    return verdicts.pop() if len(verdicts) == 1 else None


def _elevation(at: datetime, latitude: float, longitude: float) -> float:
    from astral import Observer
    from astral.sun import elevation

    return elevation(Observer(latitude, longitude), at)


def _places(station: Station) -> tuple[tuple[float, float], ...]:
    if station.latitude is not None and station.longitude is not None:
        return ((station.latitude, station.longitude),)
    where = zone(station.timezone)
    if isinstance(where, timezone):  # a bare offset: 15 degrees an hour
        longitude = where.utcoffset(None) / timedelta(hours=1) * 15
        return tuple(
            (latitude, (longitude + off + 180) % 360 - 180)
            for latitude in _LATITUDES
            for off in _LONGITUDES_OFF
        )
    city = city_of(station.timezone or "")
    return () if city is None else (city,)


@lru_cache(maxsize=16)
def city_of(zone_name: str) -> tuple[float, float] | None:
    """Return the latitude and longitude of a zone's city, by the zone database."""
    table = resources.files("tzdata").joinpath("zoneinfo")
    rows = (
        line.split("\t")
        for line in table.joinpath("zone.tab").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )
    places = {row[2]: row[1] for row in rows}
    if zone_name not in places:  # an old name, such as Asia/Calcutta
        links = (
            line.split()
            for line in table.joinpath("tzdata.zi").read_text("utf-8").splitlines()
            if line.startswith("L ")
        )
        zone_name = {link[2]: link[1] for link in links}.get(zone_name, "")
    return _degrees(places.get(zone_name, ""))


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
