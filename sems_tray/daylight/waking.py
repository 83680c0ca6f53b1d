"""May a roof's inverters be asleep?  Its own light wakes them, not the sunrise.

An inverter without a battery lives on its panels.  When these give next to nothing, at
night as in fog, under snow or in a winter's low sun, it goes offline and so does what
it powers: the data logger.  A logger that dies stops in the midst of work instead.  So
a silence is a sleep if the last power before it was next to nothing or the sun was low
by then, and it lasts as long as the light may not suffice for this roof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sems_tray.domain.model import DeviceState, LastAwake
from sems_tray.domain.station_state import SILENT_AFTER, all_offline, is_old

from .sun import DARK_BELOW_DEG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sems_tray.domain.model import CurvePoint, Reading
    from sems_tray.domain.station_state import DarkAt
    from sems_tray.domain.statistics import UsualPower

    from .roof_place import RoofPlace


# Says whether the sun stands below a height; None where nobody can tell.
Below = Callable[["datetime", float], bool | None]

# Where nothing is learned yet, a thick overcast is reckoned with.
_CAREFUL_DEG = 10.0
# On the dullest day a roof is awake by this height, but for snow.
_MOST_DEG = 15.0
_DULL_FOR = timedelta(days=1)
# Tomorrow may be duller than most days of the fortnight.
_MOST_DAYS = 0.8
_DULLER_DEG = 2.0
_LATELY = timedelta(days=14)
_FEWEST = 6  # of mornings and evenings
_NIGHT = timedelta(hours=3)

# Where the sun climbs higher at noon, snow does not stay on a roof.
_SNOW_BELOW_NOON_DEG = 45.0
# A week of snow and of days too dull to melt it, and one clear day to wake.
_SNOW_FOR = timedelta(days=8)

# Shares of what a roof can make: next to nothing, and what no falling asleep leaves.
_DOZING_SHARE, _WORKING_SHARE = 0.02, 0.1
_DOZING_W, _LEAST_W = 50.0, 15.0
_ABOUT = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """What was learned of a roof's waking.

    ``height_deg`` is the height of the sun by which it usually is awake, ``dozing_w``
    the power at which it falls asleep, None while unknown.  ``last_awake`` is from the
    history, for a program that was not running then.
    """

    height_deg: float = _CAREFUL_DEG
    dozing_w: float | None = None
    last_awake: LastAwake | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What was learned of one station; None where too little is known.

    ``power`` is the PV power by the sun's height, ``charge`` the battery's by the hour,
    ``waking`` the light that wakes the roof, and ``place`` where the roof stands, by
    the hours of its production.  Learned in the network thread, about once a day, and
    handed as one value to whoever judges the station.
    """

    power: UsualPower | None = None
    waking: Waking | None = None
    charge: Mapping[int, float] | None = None
    place: RoofPlace | None = None


UNKNOWN = Habits()


def may_sleep(reading: Reading, below: Below, waking: Waking) -> DarkAt:
    """Return the question whether the roof's inverters may be asleep at a time.

    An inverter with a battery sleeps never: for it, dark is when the sun is down.
    Where nobody can tell the sun's height a roof that fell asleep may still sleep.
    """
    last = _last_sign(reading, waking)
    rests = reading.battery is None and _rests(reading)
    dozed = last is None or _is_next_to_nothing(reading, last, waking)
    sleeps = rests and (last is None or dozed or _sank(reading, last, below, waking))
    waits = _all_waiting(reading)

    def dark_at(at: datetime) -> bool | None:
        down = below(at, DARK_BELOW_DEG)
        if down or not sleeps:
            return down
        if waits or _under_snow(last, at, below):
            return True
        dull = dozed and last is not None and at - last.at < _DULL_FOR
        return below(at, _MOST_DEG if dull else waking.height_deg)

    return dark_at


def learned_waking(
    points: Iterable[CurvePoint],
    height_at: Callable[[datetime], float],
    step: timedelta,
) -> Waking | None:
    """Return what means over steps say of waking, oldest first; None for too little."""
    awake = [it for it in points if (it.power.pv_w or 0.0) > 0]
    if not awake:
        return None
    last = awake[-1]
    last_awake = LastAwake(at=last.at + step / 2, pv_w=last.power.pv_w)
    # A day that begins or ends at work is one that was not seen to its end.
    working_w = _WORKING_SHARE * max(it.power.pv_w or 0.0 for it in awake)
    # The far end of a step: by then it was awake, or not yet asleep.
    turns = [
        (point.at, height_at(point.at + way * step / 2), point.power.pv_w or 0.0)
        for day in _days(awake)
        for point, way in ((day[0], 1), (day[-1], -1))
        if (point.power.pv_w or 0.0) <= working_w
    ]
    recent = [it for it in turns if it[0] >= last.at - _LATELY]
    counted = recent if len(recent) >= _FEWEST else turns
    if len(counted) < _FEWEST:
        return Waking(last_awake=last_awake)
    _, heights, powers = (sorted(column) for column in zip(*counted, strict=True))
    high = int(_MOST_DAYS * (len(counted) - 1))
    height_deg = min(max(heights[high] + _DULLER_DEG, DARK_BELOW_DEG), _MOST_DEG)
    if counted is not recent:
        # Of late it seldom slept, as under a midnight sun: what wakes it out of a dull
        # sky is not known from another season's dusks.
        height_deg = max(height_deg, _CAREFUL_DEG)
    # A mean over the step of a slow dusk is nearest to the last power.
    return Waking(
        height_deg=height_deg,
        dozing_w=_ABOUT * powers[len(counted) - 1 - high],
        last_awake=last_awake,
    )


def _days(awake: Sequence[CurvePoint]) -> Iterable[Sequence[CurvePoint]]:
    """Return the stretches between nights."""
    starts = [
        number
        for number, (one, two) in enumerate(pairwise(awake), start=1)
        if two.at - one.at >= _NIGHT
    ]
    return (awake[a:b] for a, b in pairwise([0, *starts, len(awake)]))


def _rests(reading: Reading) -> bool:
    """Say whether nothing was heard of the whole roof when the portal last answered."""
    return all_offline(reading) or is_old(reading, reading.received_at)


def _last_sign(reading: Reading, waking: Waking) -> LastAwake | None:
    """Return the last that was heard of an inverter, from whoever knows it."""
    known = [it for it in (reading.last_awake, waking.last_awake) if it is not None]
    last = max(known, key=lambda sign: sign.at, default=None)
    measured_at = reading.measured_at
    if measured_at is None or not is_old(reading, reading.received_at):
        return last  # a meter goes on measuring while the inverter sleeps
    if last is None or measured_at - last.at > SILENT_AFTER:
        # What an inverter made before it went offline is not in this reading.
        pv_w = None if all_offline(reading) else reading.power.pv_w or None
        return LastAwake(at=measured_at, pv_w=pv_w)
    return last


def _is_next_to_nothing(reading: Reading, last: LastAwake, waking: Waking) -> bool:
    if last.pv_w is None:
        return False
    most_w = max(_size_w(reading) * _DOZING_SHARE, _DOZING_W)
    if waking.dozing_w is not None:
        most_w = min(most_w, max(waking.dozing_w, _LEAST_W))
    return last.pv_w <= most_w


def _sank(reading: Reading, last: LastAwake, below: Below, waking: Waking) -> bool:
    """Say whether the sun was so low that the roof may have fallen asleep with it.

    What was at work until then did not.
    """
    if 0 < _size_w(reading) * _WORKING_SHARE < (last.pv_w or 0.0):
        return False
    low = below(last.at, waking.height_deg)
    return last.pv_w is None if low is None else low


def _size_w(reading: Reading) -> float:
    return (reading.station.capacity_kwp or 0.0) * 1000


def _under_snow(last: LastAwake | None, at: datetime, below: Below) -> bool:
    """Say whether snow may lie on the roof, since it fell asleep.

    None outlasts a sun that does not go down.
    """
    if last is not None and at - last.at >= _SNOW_FOR:
        return False
    full = at.replace(minute=0, second=0, microsecond=0)  # the same for an hour's polls
    day = [full + timedelta(hours=hours) for hours in range(-12, 12)]
    return any(below(hour, DARK_BELOW_DEG) is not False for hour in day) and all(
        below(hour, _SNOW_BELOW_NOON_DEG) is not False for hour in day
    )


def _all_waiting(reading: Reading) -> bool:
    states = [it.state for it in reading.inverters] or [reading.station.state]
    return all(it is DeviceState.WAITING for it in states)
