"""What a year must come to: the promises that a score keeps or breaks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .judge import Score

MOST_FALSE_H = 2.0
MOST_OFF = timedelta(minutes=15)
# Nobody sees the end of a pause before it is over, nor of a battery that has nothing to
# do: then the said duration lasts until there is something to see.
_UNSEEN_ENDS = {
    "throttled": timedelta(minutes=45),
    "battery stuck": timedelta(hours=24),
}


def broken(scores: Sequence[Score]) -> list[str]:
    """Return the promises that are not kept, in words."""
    found = []
    told = [it for score in scores for it in score.told]
    missed = [it for it in told if not it.once]
    if missed:
        found.append(f"{len(missed)} of {len(told)} faults were not told once")
    open_ = [it for it in told if len(it.cleared) != 1]
    if open_:
        found.append(f"{len(open_)} of {len(told)} faults were not cleared once")
    off = [
        told_of
        for told_of in told
        if (at_most := told_of.off) is not None
        and at_most > _UNSEEN_ENDS.get(told_of.fault.kind, MOST_OFF)
    ]
    if off:
        found.append(f"{len(off)} durations are more than 15 min off")
    false = sum(len(it.false_alarms) for it in scores)
    if false:
        found.append(f"{false} false alarms")
    for it in scores:
        hours = sum(it.false_h.values()) / max(it.days / 365, 1e-9)
        if hours > MOST_FALSE_H:
            found.append(f"{it.name}: {hours:.1f} h a year of false states by day")
    wrong = sum(sum(it.wrong.values()) for it in scores)
    if wrong:
        found.append(f"{wrong} figures differ from the books")
    return found
