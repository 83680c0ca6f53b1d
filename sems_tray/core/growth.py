"""Totals are asked for less often than powers: what has been added to them since.

Every figure of a reading is then of the same time, that of its powers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .history import AMOUNTS
from .model import EnergySums

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .model import Powers

# Over more than that the powers at both ends say little of what was between them; the
# totals themselves are not older (design, section 3, "Politeness").
_LONGEST = timedelta(minutes=10)
_WH_PER_KWH = 1000


def energy_between(
    before: tuple[datetime | None, Powers], after: tuple[datetime | None, Powers]
) -> EnergySums:
    """Return the energy from one time to another, the powers changing evenly."""
    (start, was), (end, now) = before, after
    if start is None or end is None or not timedelta() < end - start <= _LONGEST:
        return EnergySums()
    hours = (end - start) / timedelta(hours=1)

    def mean_kwh(share: Callable[[Powers], float | None]) -> float | None:
        first, last = share(was), share(now)
        if first is None or last is None:
            return None
        return (first + last) / 2 * hours / _WH_PER_KWH

    return EnergySums(
        pv_kwh=mean_kwh(lambda it: _above(it.pv_w)),
        load_kwh=mean_kwh(lambda it: _above(it.load_w)),
        import_kwh=mean_kwh(lambda it: _above(it.grid_w, -1)),
        export_kwh=mean_kwh(lambda it: _above(it.grid_w)),
        charge_kwh=mean_kwh(lambda it: _above(it.battery_w, -1)),
        discharge_kwh=mean_kwh(lambda it: _above(it.battery_w)),
        self_use_kwh=mean_kwh(_own_use_w),
    )


def plus(sums: EnergySums, more: EnergySums) -> EnergySums:
    """Return the sums with what came on top; unknown stays unknown."""
    known = {
        name: round(value + extra, 3)
        for name in AMOUNTS
        if (value := getattr(sums, name)) is not None
        and (extra := getattr(more, name)) is not None
    }
    return replace(sums, **known)


def _above(watts: float | None, sign: int = 1) -> float | None:
    return None if watts is None else max(sign * watts, 0.0)


def _own_use_w(power: Powers) -> float | None:
    """Return what the house does not take from the grid."""
    if power.load_w is None or power.grid_w is None:
        return None
    return max(power.load_w - max(-power.grid_w, 0.0), 0.0)
