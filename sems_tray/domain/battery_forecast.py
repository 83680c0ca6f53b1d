"""When the battery will be full, or down to its reserve.

The portal seldom tells a battery's size, so it is learned: the energy between two steps
of the charge, as it is shown (whole percents, mostly), over so many percents.  Until
enough is known nothing is said; a told size serves meanwhile.

The present pace holds neither beyond sunset nor beyond sunrise.  While the sun is up it
turns a discharge soon, so of that only the next hour is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.i18n.formatting import DEAD_BAND_W

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .model import CurvePoint
    from .station_state import DarkAt


# The mean that is taken for "now", and how far apart samples may still be one stretch.
_RECENT = timedelta(minutes=5)
_LONGEST_GAP = timedelta(minutes=16)
_HOUR = timedelta(hours=1)
MOST = timedelta(hours=48)
_MOST_IN_SUNLIGHT = timedelta(hours=1)
_LOOK_EVERY = timedelta(minutes=15)
# With steps of 1 % fewer than this say too little; beyond the second the past fades.
_FEWEST_PERCENT = 5.0
_MOST_WEIGHT = 40.0
# A battery of 1 kWh to 10 MWh; anything else is a slip of a meter.
_PLAUSIBLE_WH = (10.0, 100_000.0)
_FULL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """When a charge is reached at the present pace."""

    at: datetime
    target_percent: float
    charging: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """What was seen of one battery; ``told_wh`` and ``learned_wh`` are for a percent.

    ``recent`` holds the powers of the last five minutes in the direction that holds.
    ``edge`` is the charge at the stretch's first step, ``since_wh`` the energy since.
    """

    told_wh: float | None = None
    learned_wh: float | None = None
    weight: float = 0.0
    at: datetime | None = None
    soc: float | None = None
    recent: tuple[tuple[datetime, float], ...] = ()
    edge: float | None = None
    since_wh: float = 0.0
    run_wh: float | None = None
    run_percent: float = 0.0

    @property
    def wh_per_percent(self) -> float | None:
        """Return the best that is known of the battery's size."""
        learned, _ = _merged(self)
        return self.told_wh if learned is None else learned


def begin(capacity_kwh: float | None = None) -> Estimator:
    """Return the state of one who has seen nothing, but may know the size."""
    told = None if capacity_kwh is None else capacity_kwh * 1000 / _FULL
    return Estimator(told_wh=told if told is not None and _plausible(told) else None)


def seeded(state: Estimator, points: Iterable[CurvePoint]) -> Estimator:
    """Fold the points of a day's curve into the state."""
    for sample in sorted(points, key=lambda point: point.at):
        state = step(state, sample.at, sample.soc_percent, sample.power.battery_w)
    return state


def step(
    state: Estimator, at: datetime, soc: float | None, battery_w: float | None
) -> Estimator:
    """Fold one sample into the state; what is unknown or not newer changes nothing."""
    if soc is None or battery_w is None or (state.at is not None and at <= state.at):
        return state
    gap = None if state.at is None else at - state.at
    way = _way(battery_w)
    same = bool(way and state.recent and way == _way(state.recent[-1][1]))
    if not same or gap is None or gap > _LONGEST_GAP:
        recent = ((at, battery_w),) if way else ()
        return replace(_settled(state), at=at, soc=soc, recent=recent)
    # In one direction, from the sample before to this one: a trapezium.
    wh = (abs(state.recent[-1][1]) + abs(battery_w)) / 2 * (gap / _HOUR)
    grown = replace(
        state,
        at=at,
        soc=soc,
        recent=(*(it for it in state.recent if it[0] > at - _RECENT), (at, battery_w)),
        since_wh=state.since_wh + wh,
    )
    return grown if soc == state.soc else _stepped(grown, state.soc, soc, way)


def estimate(
    state: Estimator, dark_at: DarkAt, reserve_percent: float | None = None
) -> Estimate | None:
    """Return when the battery is full or at its reserve; None if nobody can tell.

    Without a reserve nothing is said of a discharge: at what charge the inverter stops
    is not known.
    """
    found = _at_this_pace(state, reserve_percent)
    if found is None or state.at is None:
        return None
    return found if _holds(found, state.at, dark_at) else None


def _holds(found: Estimate, since: datetime, dark_at: DarkAt) -> bool:
    """Say whether the pace may last until then: light and dark do not change."""
    dark = dark_at(since)
    if dark is None:
        return False
    if not dark and not found.charging and found.at - since > _MOST_IN_SUNLIGHT:
        return False
    looks = range(1, int((found.at - since) / _LOOK_EVERY) + 1)
    times = (*(since + it * _LOOK_EVERY for it in looks), found.at)
    return all(dark_at(it) is dark for it in times)


def _at_this_pace(state: Estimator, reserve_percent: float | None) -> Estimate | None:
    wh, soc, at = state.wh_per_percent, state.soc, state.at
    if wh is None or soc is None or at is None or not state.recent:
        return None
    mean_w = sum(it for _, it in state.recent) / len(state.recent)
    charging = mean_w < 0
    target = _FULL if charging else reserve_percent
    if target is None or not 0 < soc < _FULL:
        return None
    percent = target - soc if charging else soc - target
    hours = percent * wh / abs(mean_w)
    if percent <= 0 or hours > MOST / _HOUR:
        return None
    return Estimate(
        at=at + timedelta(hours=hours), target_percent=target, charging=charging
    )


def _way(battery_w: float) -> int:
    if abs(battery_w) < DEAD_BAND_W:
        return 0
    return 1 if battery_w > 0 else -1


def _stepped(state: Estimator, before: float | None, soc: float, way: int) -> Estimator:
    """Take note that the shown charge changed."""
    if before is None or (soc - before) * way > 0:
        return replace(_settled(state), recent=state.recent)  # against the current
    if state.edge is None:
        return replace(state, edge=soc, since_wh=0.0)
    percent = abs(soc - state.edge)
    per = state.since_wh / percent
    if percent < _FEWEST_PERCENT or not _plausible(per):
        return state
    return replace(state, run_wh=per, run_percent=percent)


def _settled(state: Estimator) -> Estimator:
    """End a stretch: what it taught stays."""
    learned, weight = _merged(state)
    return Estimator(
        told_wh=state.told_wh,
        learned_wh=learned,
        weight=min(weight, _MOST_WEIGHT),
        at=state.at,
        soc=state.soc,
    )


def _merged(state: Estimator) -> tuple[float | None, float]:
    """Return the mean of the past and of this stretch, and what it rests on."""
    if state.run_wh is None or state.learned_wh is None:
        known = state.learned_wh if state.run_wh is None else state.run_wh
        return known, state.weight + state.run_percent
    weight = state.weight + state.run_percent
    total = state.learned_wh * state.weight + state.run_wh * state.run_percent
    return total / weight, weight


def _plausible(wh_per_percent: float) -> bool:
    least, most = _PLAUSIBLE_WH
    return least <= wh_per_percent <= most
