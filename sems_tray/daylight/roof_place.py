"""Where a roof stands, learned from the hours at which it produces.

The middle between the first and the last production of a day is the sun's noon there.
At a hundredth of the usual peak it is the whole sky that gives light, not the sun's
beam, so this holds wherever the panels face, and a full battery or a limit to export
does not end the day early.  An inverter that wakes too late for that is measured at a
higher level, less surely.  How long the day is tells the latitude, the better the
farther it is from the equinoxes; near them the time zone's city says more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from functools import lru_cache
from itertools import pairwise
from math import acos, cos, degrees, isfinite, radians, sin
from statistics import median
from typing import TYPE_CHECKING

from .sun import sun_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sems_tray.domain.model import CurvePoint, Station

    Point = tuple[datetime, float]  # time and PV power in W


FEWEST_DAYS = 2
_NIGHT = timedelta(hours=3)  # no production for so long parts two days
_BESIDE = timedelta(minutes=20)  # so far apart two points tell when a level was passed
_SHORTEST, _LONGEST = timedelta(hours=2), timedelta(hours=20)
_BRIGHT = 0.25  # a day with less of the usual peak says little
_LEAST_W = 10.0
_RISE = 4.0  # a first power beyond so many times the level came too late
# Clouds make days shorter: of neighbours only the longest count.
_NEIGHBOURS = timedelta(days=3)
_SHORTER = timedelta(minutes=30)
_MOST_APART_MIN = 40.0
_DAY_MIN = 24 * 60
_MIN_PER_DEG = 4.0
# Farther away the zone is not the roof's, and its city says nothing of the latitude.
_ZONE_REACH_DEG = 45.0
_LATITUDES = range(-66, 71)
_CITY_REACH_DEG = 8.0
_INHABITED = (35.0, 15.0)  # degrees from the equator, and how far around
_MISFIT_MIN = 20.0
_MOST_MISFIT_MIN = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoofPlace:
    """Where a roof stands; ``within_min`` is how far off its noon may be."""

    latitude: float
    longitude: float
    days: int
    within_min: float


@dataclass(frozen=True, slots=True)
class _Level:
    """A share of the peak, the sun's height at it, and how sure the noon is by it."""

    share: float
    height_deg: float
    height_off_deg: float
    within_min: float


_LEVELS = (
    _Level(0.01, 2.0, 2.0, 10.0),
    _Level(0.04, 4.0, 3.0, 20.0),
    _Level(0.15, 10.0, 4.0, 45.0),
)


@dataclass(frozen=True, slots=True)
class _Day:
    """From the first to the last production of one day."""

    first: datetime
    last: datetime

    @property
    def length(self) -> timedelta:
        return self.last - self.first

    @property
    def noon(self) -> datetime:
        return self.first + self.length / 2


@lru_cache(maxsize=16)  # every poll asks several times
def standing(station: Station, learned: RoofPlace | None) -> Station:
    """Return the station where its roof has learned to be, unless somebody told."""
    if learned is None or None not in {station.latitude, station.longitude}:
        return station
    return replace(station, latitude=learned.latitude, longitude=learned.longitude)


def roof_place(
    points: Iterable[CurvePoint], city: tuple[float, float] | None
) -> RoofPlace | None:
    """Return where the roof stands; None until a few good days are known.

    ``city`` is the latitude and longitude of the time zone's city.
    """
    known = sorted(
        (point.at.astimezone(UTC), point.power.pv_w)
        for point in points
        if point.power.pv_w is not None and isfinite(point.power.pv_w)
    )
    peak_w = _usual_peak(known)
    if peak_w < _LEAST_W:
        return None
    bright = _runs(known, _BRIGHT * peak_w)
    for level in _LEVELS:
        days, nightless = _days(known, level, peak_w)
        if len(days) >= max(FEWEST_DAYS, len(bright) / 2):
            return _place(_clear(days), level, city)
        if nightless:
            break  # not the inverter wakes late: the sun does not set
    return None


def _usual_peak(points: Sequence[Point]) -> float:
    """Return the highest power of a good day; a single absurd one does not count."""
    highest: dict[object, float] = {}
    for at, pv_w in points:
        highest[at.date()] = max(highest.get(at.date(), 0.0), pv_w)
    peaks = sorted(highest.values())
    return peaks[(len(peaks) - 1) * 3 // 4] if peaks else 0.0


def _runs(points: Sequence[Point], level_w: float) -> list[tuple[int, int]]:
    """Return the first and last index of each day above a level."""
    above = [n for n, (_, pv_w) in enumerate(points) if pv_w >= level_w]
    if not above:
        return []
    nights = [
        (one, other)
        for one, other in pairwise(above)
        if points[other][0] - points[one][0] >= _NIGHT
    ]
    firsts = [above[0], *(other for _, other in nights)]
    lasts = [*(one for one, _ in nights), above[-1]]
    return list(zip(firsts, lasts, strict=True))


def _days(
    points: Sequence[Point], level: _Level, peak_w: float
) -> tuple[list[_Day], bool]:
    """Return the days that were seen whole, and whether there were too long ones."""
    level_w = max(level.share * peak_w, _LEAST_W)
    found, nightless = [], False
    for first, last in _runs(points, level_w):
        if max(pv_w for _, pv_w in points[first : last + 1]) < _BRIGHT * peak_w:
            continue
        nightless = nightless or points[last][0] - points[first][0] > _LONGEST
        before = points[first - 1] if first else None
        after = points[last + 1] if last + 1 < len(points) else None
        began = _passed(points[first], before, level_w)
        ended = _passed(points[last], after, level_w)
        if began is None or ended is None:
            continue
        day = _Day(began, ended)
        if _SHORTEST <= day.length <= _LONGEST:
            found.append(day)
    return found, nightless


def _passed(bright: Point, dim: Point | None, level_w: float) -> datetime | None:
    """Return when a level was passed, between a point above it and one below.

    None where the point above is so high that the day was not seen to its end.
    """
    at, pv_w = bright
    if pv_w > _RISE * level_w:
        return None
    if dim is None or abs(dim[0] - at) > _BESIDE:
        return at
    return at + (dim[0] - at) * ((pv_w - level_w) / (pv_w - dim[1]))


def _clear(days: Sequence[_Day]) -> list[_Day]:
    """Return the days that clouds did not shorten."""
    return [
        day
        for day in days
        if day.length + _SHORTER
        >= max(it.length for it in days if abs(it.noon - day.noon) <= _NEIGHBOURS)
    ]


def _place(
    days: Sequence[_Day], level: _Level, city: tuple[float, float] | None
) -> RoofPlace | None:
    longitudes = [_longitude(day) for day in days]
    # Around the antimeridian: differences to one of them.
    off = [_turned(it - longitudes[0]) for it in longitudes]
    middle = median(off)
    apart_min = median(abs(it - middle) for it in off) * _MIN_PER_DEG
    if len(days) < FEWEST_DAYS or apart_min > _MOST_APART_MIN:
        return None
    longitude = _turned(longitudes[0] + middle)
    near = (
        city if city and abs(_turned(city[1] - longitude)) <= _ZONE_REACH_DEG else None
    )
    return RoofPlace(
        latitude=_latitude(days, level, near[0] if near else None),
        longitude=longitude,
        days=len(days),
        within_min=level.within_min + apart_min,
    )


def _longitude(day: _Day) -> float:
    noon = day.noon
    minutes = noon.hour * 60 + noon.minute + noon.second / 60
    equation, _ = sun_path(noon)
    return _turned((_DAY_MIN / 2 - minutes) / _MIN_PER_DEG - degrees(equation))


def _latitude(days: Sequence[_Day], level: _Level, city: float | None) -> float:
    """Return the latitude at which days are as long as these, kept near the city.

    The sun's height at the first and last production is not known either.
    """
    declinations = (sun_path(day.noon)[1] for day in days)
    seen = [
        (sin(seen_day), cos(seen_day), day.length / timedelta(minutes=1))
        for seen_day, day in zip(declinations, days, strict=True)
    ]
    steps = (level.height_off_deg * n / 2 for n in range(-4, 5))
    heights = [level.height_deg + it for it in steps]

    def misfit(latitude: float, height_deg: float) -> float:
        place, height = radians(latitude), sin(radians(height_deg))
        sin_place, cos_place = sin(place), cos(place)
        fit = 0.0
        for sin_sun, cos_sun, minutes in seen:
            part = (height - sin_place * sin_sun) / (cos_place * cos_sun)
            # For so long the sun stands higher than that.
            long_min = degrees(acos(max(-1.0, min(part, 1.0)))) * 2 * _MIN_PER_DEG
            fit += min(abs(long_min - minutes), _MOST_MISFIT_MIN)
        usual = (height_deg - level.height_deg) / level.height_off_deg
        if city is None:
            far = (abs(latitude) - _INHABITED[0]) / _INHABITED[1]
        else:
            far = (latitude - city) / _CITY_REACH_DEG
        return fit / _MISFIT_MIN + usual**2 + far**2

    best = min(
        ((it, height) for it in _LATITUDES for height in heights),
        key=lambda guess: misfit(*guess),
    )
    return float(best[0])


def _turned(angle_deg: float) -> float:
    """Return the same angle from -180 to 180 degrees."""
    return (angle_deg + 180) % 360 - 180
