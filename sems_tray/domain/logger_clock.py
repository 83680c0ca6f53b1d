"""How wrong the clock of a station's data logger is, learned from when reports come.

The portal stamps a report by the logger's clock.  A poll that finds a new report, and
the poll before that did not, say between which ages it came.  A clock that is right
brings reports of no age; where several in a row come at the same great age, or from
the future, the clock is wrong by that (or the time zone that the portal tells is).  A
logger that stalls brings none, and one that sends what it had stored brings ages that
shrink: from neither is anything learned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    Ages = tuple[timedelta, timedelta]  # more than the first, at most the second


# Under this name the store keeps how wrong the clock of each station's logger is.
LOGGER_CLOCK = "logger clock"

_REPORTS = 5
# Reports of older loggers are some minutes old when they come (facts, section 7).
_BEHIND_FROM = timedelta(minutes=20)
_AHEAD_FROM = timedelta(minutes=5)
_UNSTEADY = timedelta(seconds=30)
_CHANGED = timedelta(minutes=5)
# Summer time and zones are off by quarters of an hour, and by no more than this.
_QUARTER = timedelta(minutes=15)
_MOST = timedelta(hours=26)
# A report that nobody looked for longer than this may have come long ago.
_WATCHED = timedelta(minutes=45)
_MINUTE = timedelta(minutes=1)
_NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggerClock:
    """``behind`` is what a measured time lacks; below zero the clock runs ahead.

    ``renewed_at`` is when the newest report came, by the portal's clock, where that
    was seen.
    """

    behind: timedelta = _NONE
    renewed_at: datetime | None = None
    stamp: datetime | None = None  # of the newest report
    seen_at: datetime | None = None  # when it was last the newest
    ages: tuple[Ages, ...] = ()

    def corrected(self, stamp: datetime | None) -> datetime | None:
        """Return the true time of a stamp."""
        return None if stamp is None else stamp + self.behind


def after(clock: LoggerClock, stamp: datetime | None, now: datetime) -> LoggerClock:
    """Return the clock after a poll that found a stamp; ``now`` is the portal's."""
    if stamp is None:
        return clock
    known = replace(clock, stamp=stamp, seen_at=now)
    if clock.stamp is None or clock.seen_at is None or stamp == clock.stamp:
        return known
    if stamp < clock.stamp:  # the clock was set back: what was learned may not hold
        return replace(known, ages=())
    watched = now - clock.seen_at <= _WATCHED
    age = (clock.seen_at - stamp, now - stamp)
    known = replace(
        known,
        ages=(*clock.ages, age)[-_REPORTS:],
        renewed_at=now if watched else None,
    )
    if clock.behind > _NONE and now + _CHANGED < stamp + clock.behind:
        # Nothing is measured in the future: the clock has been set right.
        return replace(known, ages=(age,), behind=max(_found((age,)) or _NONE, _NONE))
    found = _found(known.ages) if len(known.ages) == _REPORTS else None
    if found is None or abs(found - clock.behind) < _CHANGED:
        return known
    return replace(known, behind=found)


def _found(ages: tuple[Ages, ...]) -> timedelta | None:
    """Return by how much the clock is behind; None where the ages do not agree."""
    least, most = max(age[0] for age in ages), min(age[1] for age in ages)
    if least > most + _UNSTEADY:
        return None
    if least < _BEHIND_FROM and most > -_AHEAD_FROM:
        return _NONE
    quarters = most // _QUARTER * _QUARTER
    found = quarters if quarters >= least else most // _MINUTE * _MINUTE
    return found if abs(found) <= _MOST else None


def to_json(behind_s: float) -> object:
    """Return what the history keeps of a clock; None for one that is right."""
    return {"behind_s": behind_s} if behind_s else None


def from_json(kept: object) -> timedelta:
    """Return by how much a clock was behind; anything odd is a clock that is right."""
    behind_s = kept.get("behind_s") if isinstance(kept, dict) else None
    if not isinstance(behind_s, int | float) or not isfinite(behind_s):
        return _NONE
    return timedelta(
        seconds=max(-_MOST.total_seconds(), min(behind_s, _MOST.total_seconds()))
    )


def words(behind: timedelta) -> str:
    """Return "60 min behind", "540 min ahead" or "right": for log and diagnostics."""
    minutes = round(behind / _MINUTE)
    if not minutes:
        return "right"
    return f"{abs(minutes)} min {'behind' if minutes > 0 else 'ahead'}"
