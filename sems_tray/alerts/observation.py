"""One reading, looked at the way the rules need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.station_state import all_offline, darkness, is_old, portal_time

from .topics import AT_ONCE, Needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sems_tray.domain.model import Alarm, Reading

    from .model import AlertRules, Context, Memory


# Low sun in fog may leave an inverter asleep: nothing is expected in the last hour of
# light, nor long into the morning of one that has not woken yet.
_BEFORE_DARK = timedelta(hours=1)
LATE_WAKING = timedelta(minutes=150)
_SAME_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A reading, the portal's time, and what follows from both.

    ``fresh`` says that its powers are of now, ``new`` that no earlier reading showed
    the same measurement.
    """

    reading: Reading
    context: Context
    at: datetime
    dark: bool | None
    old: bool
    new: bool

    @property
    def rules(self) -> AlertRules:
        """The owner's rules."""
        return self.context.rules

    @property
    def fresh(self) -> bool:
        """Whether the powers are of now."""
        return not self.old and self.reading.measured_at is not None

    @property
    def all_offline(self) -> bool:
        """Whether every inverter is offline; without a list the station tells."""
        return all_offline(self.reading)

    @property
    def broad_daylight(self) -> bool:
        """Whether the sun is up and stays up for a while; False if nobody knows."""
        ends = self.context.dark_at(self.at + _BEFORE_DARK)
        return self.dark is False and ends is False

    def late_morning(self) -> bool:
        """Say whether even a late riser must be awake."""
        dark_at = self.context.dark_at
        steps = (timedelta(), LATE_WAKING / 2, LATE_WAKING)
        return all(dark_at(self.at - back) is False for back in steps)

    def same_daylight(self, earlier: datetime) -> bool:
        """Say whether it was light then, and no night lies between."""
        recent = timedelta() <= self.at - earlier < _SAME_DAY
        return recent and darkness(earlier, self.context.dark_at) is False


def look_at(
    reading: Reading, memory: Memory, now: datetime, context: Context
) -> Observation:
    """Return the look of a reading."""
    at = portal_time(reading, now)
    return Observation(
        reading=reading,
        context=context,
        at=at,
        dark=darkness(at, context.dark_at),
        old=is_old(reading, now),
        new=reading.measured_at is not None
        and reading.measured_at != memory.measured_at,
    )


# The rows of the portal's alarm list, as the rules read them.


# The alarm list is asked for every 5 min: two lists and more must lack the row,
# at night, when the program polls every 15 min, three.
VANISHED = Needs(3, timedelta(minutes=10))
# The portal may serve an older copy of the list once or twice.
_FROM_AN_OLD_LIST = Needs(3)


def happening(alarm: Alarm) -> str:
    """Return the mark of one occurrence of an alarm."""
    at = alarm.happened_at
    return f"{alarm.id}@{'' if at is None else int(at.timestamp())}"


def belief(rows: Sequence[Alarm], memory: Memory) -> Needs:
    """Return how often rows must be seen: those once recovered more often."""
    returned = all(happening(it) in memory.closed for it in rows)
    return _FROM_AN_OLD_LIST if rows and returned else AT_ONCE


def earliest(rows: Iterable[Alarm]) -> datetime | None:
    """Return when the first of some alarms happened."""
    return min((it.happened_at for it in rows if it.happened_at), default=None)
