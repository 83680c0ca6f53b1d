"""Whether snow may lie on the panels: by the sun, where winters are and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .values import HeightAt

# The sun at noon: where it never stays this low there is no snow to speak of (beyond
# 37 degrees of latitude it does), and from this height on it melts.
_WINTER_NOON_DEG = 30.0
_SNOW_NOON_DEG = 45.0
_STEPS = 12
_SOLSTICES = ((6, 21), (12, 21))


def snow_is_likely(at: datetime, height_at: HeightAt) -> bool:
    """Say whether snow is a likely reason for a dark roof."""
    noon = _noon_deg(at, height_at)
    if noon is None or noon > _SNOW_NOON_DEG:
        return False
    solstices = (at.replace(month=month, day=day) for month, day in _SOLSTICES)
    lowest = (_noon_deg(it, height_at) for it in solstices)
    return min((it for it in lowest if it is not None), default=90) < _WINTER_NOON_DEG


def _noon_deg(at: datetime, height_at: HeightAt) -> float | None:
    """Return how high the sun stands at its highest within a day, roughly."""
    step = timedelta(days=1) / _STEPS
    heights = [height_at(at - step * n) for n in range(_STEPS)]
    return max((it for it in heights if it is not None), default=None)
