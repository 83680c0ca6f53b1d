"""Was a day's power followed?  A night in which nothing is measured is no hole.

An inverter without a meter or a battery is off in the dark: its day runs from the first
light to the last.  A day that begins or ends in full light was not followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

QUARTER_S = 900
# Of the quarters of an hour that count.
_ENOUGH = 0.9
# So little is made in the first and in the last light, as a share of the day's best.
_FAINT = 0.1
_FAINT_W = 50.0
# An inverter reports some minutes late, and a poll may fall in between.
_LATE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What is held of a quarter of an hour: its most PV; was anything else measured?"""

    pv_w: float
    beside_pv: bool


def is_followed(quarters: Mapping[int, Quarter], count: int) -> bool:
    """Say whether ``count`` quarters of a day, by number, were followed.

    A meter or a battery is measured at night, too.
    """
    if covers(quarters, count):
        return True
    beside_pv = any(it.beside_pv for it in quarters.values())
    return not beside_pv and sun_is_followed(quarters, count)


def covers(quarters: Mapping[int, Quarter], count: int) -> bool:
    """Say whether nearly all quarters are held."""
    return len(quarters) >= count * _ENOUGH


def sun_is_followed(quarters: Mapping[int, Quarter], count: int) -> bool:
    """Say whether what the sun gave was followed, whatever is held of the night."""
    lit = sorted(number for number, it in quarters.items() if it.pv_w > 0)
    if not lit:
        return False
    first, last = lit[0], lit[-1]
    faint_w = max(_FAINT_W, _FAINT * max(it.pv_w for it in quarters.values()))

    def is_edge(number: int, beyond: int) -> bool:
        return quarters[number].pv_w <= faint_w or beyond in quarters

    begins = first == 0 or is_edge(first, first - 1)
    ends = last >= count - _LATE or is_edge(last, last + 1)
    held = sum(first <= number <= last for number in quarters)
    return begins and ends and held >= (last - first + 1) * _ENOUGH
