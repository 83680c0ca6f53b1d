"""When a notice may be shown: quiet hours, snooze, acknowledgements.

Per-rule switches are the rules' own: what is switched off is not noticed at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from .model import Kind, Level, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time, tzinfo

    from .model import Notice, Topic


EVERY_DAY = frozenset(range(7))


# The longest that is offered is until seven tomorrow, asked for just after midnight;
# what lies further ahead was set by a clock that was wrong.
_LONGEST_SNOOZE = timedelta(hours=32)


class Reason(StrEnum):
    """Why a notice is not shown."""

    QUIET_HOURS = "quiet_hours"
    SNOOZED = "snoozed"
    ACKNOWLEDGED = "acknowledged"
    NOT_SHOWN_BEFORE = "not_shown_before"  # an all-clear of what nobody saw


class Snooze(Enum):
    """For how long notifications may be snoozed."""

    HALF_HOUR = timedelta(minutes=30)
    HOUR = timedelta(hours=1)
    EIGHT_HOURS = timedelta(hours=8)
    TOMORROW = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The notice is to be shown."""


@dataclass(frozen=True, slots=True)
class Muted:
    """The notice is only for the history."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From ``start`` to ``end`` by the wall clock; over midnight if the end is earlier.

    ``weekdays`` (Monday is 0) are those on which the quiet begins.  The same start and
    end are a whole day.
    """

    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY

    def holds(self, at: datetime, where: tzinfo | None) -> bool:
        """Say whether it is to be quiet; ``None`` is this computer's zone."""
        local = at.astimezone(where)
        clock, today = local.time(), local.weekday()
        yesterday = (local.date() - timedelta(days=1)).weekday()
        if self.start < self.end:
            return today in self.weekdays and self.start <= clock < self.end
        late = today in self.weekdays and clock >= self.start
        return late or (yesterday in self.weekdays and clock < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """One topic that the owner knows of, while its key stays what it is."""

    station: str
    topic: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Muting:
    """All that can keep a notice from being shown; ``where`` is the owner's zone."""

    quiet: QuietHours | None = None
    where: tzinfo | None = None
    snoozed_until: datetime | None = None
    acknowledged: frozenset[Acknowledged] = frozenset()


def due(notice: Notice, muting: Muting, now: datetime) -> Shown | Muted:
    """Say whether a notice is to be shown now.

    Quiet hours let the urgent pass, a snooze what needs the owner.
    """
    mark = Acknowledged(station=notice.station, topic=notice.topic, key=notice.key)
    if notice.kind is not Kind.CLEARED and mark in muting.acknowledged:
        return Muted(Reason.ACKNOWLEDGED)
    if snoozed(muting, now) is not None and not notice.needs_owner:
        return Muted(Reason.SNOOZED)
    quiet = muting.quiet is not None and muting.quiet.holds(now, muting.where)
    if quiet and notice.level < Level.URGENT:
        return Muted(Reason.QUIET_HOURS)
    return Shown()


def snoozed(muting: Muting, now: datetime) -> datetime | None:
    """Return until when notifications are snoozed; None if they are not."""
    until = muting.snoozed_until
    return until if until is not None and now < until <= now + _LONGEST_SNOOZE else None


def acknowledge(muting: Muting, station: str, topic: Topic) -> Muting:
    """Return the muting with one topic known to the owner until it changes."""
    mark = Acknowledged(station=station, topic=topic.id, key=topic.key)
    return replace(muting, acknowledged=muting.acknowledged | {mark})


def reminded(muting: Muting, station: str, topic_id: str) -> Muting:
    """Return the muting without what the owner knew of one topic."""
    kept = frozenset(
        mark
        for mark in muting.acknowledged
        if (mark.station, mark.topic) != (station, topic_id)
    )
    return replace(muting, acknowledged=kept)


def renewed(muting: Muting, ended: Iterable[Notice | Withdrawal]) -> Muting:
    """Return the muting without acknowledgements of what changed or is over.

    What only got its name stays known.
    """
    ended = tuple(ended)
    gone = {
        (mark.station, mark.topic)
        for mark in ended
        if isinstance(mark, Withdrawal) or mark.kind in {Kind.CHANGED, Kind.CLEARED}
    }
    named = {
        (topic.station, topic.topic): topic.key
        for topic in ended
        if not isinstance(topic, Withdrawal) and topic.kind is Kind.NAMED
    }
    kept = (
        replace(mark, key=named.get((mark.station, mark.topic), mark.key))
        for mark in muting.acknowledged
        if (mark.station, mark.topic) not in gone
    )
    return replace(muting, acknowledged=frozenset(kept))
