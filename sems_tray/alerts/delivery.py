"""From notices to bubbles: show, keep silent, show later, close.

What quiet hours or a snooze held back is owed: it is shown once when they end, if it
is still true by then.  What ended meanwhile is only in the history, and so is its
all-clear.  Per-rule switches are the rules' own: what is switched off is not noticed
at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

from sems_tray.domain.energy import NotificationRecord

from .model import (
    Kind,
    Level,
    Notice,  # noqa: TC001 (msgspec reads the types of Outbox)
    Withdrawal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time, tzinfo

    from .model import Topic


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


def reason_to_mute(notice: Notice, muting: Muting, now: datetime) -> Reason | None:
    """Return why a notice is only for the history now; None for one to be shown.

    Quiet hours let the urgent pass, a snooze what needs the owner.
    """
    mark = Acknowledged(station=notice.station, topic=notice.topic, key=notice.key)
    if notice.kind is not Kind.CLEARED and mark in muting.acknowledged:
        return Reason.ACKNOWLEDGED
    if snoozed(muting, now) is not None and not notice.needs_owner:
        return Reason.SNOOZED
    quiet = muting.quiet is not None and muting.quiet.holds(now, muting.where)
    if quiet and notice.level < Level.URGENT:
        return Reason.QUIET_HOURS
    return None


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


_LATER = frozenset({Reason.QUIET_HOURS, Reason.SNOOZED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowNotification:
    """Show a bubble; ``late`` if it was owed and is in the history already."""

    notice: Notice
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOnly:
    """Keep a notice in the history only."""

    notice: Notice
    reason: Reason


# A withdrawal closes the bubble of its topic: it is true no more.
Delivery: TypeAlias = ShowNotification | RecordOnly | Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What is owed, and of which topics the owner was told."""

    owed: tuple[Notice, ...] = ()
    told: tuple[tuple[str, str], ...] = ()


def deliver(
    outbox: Outbox,
    notices: Iterable[Notice],
    withdrawals: Iterable[Withdrawal],
    muting: Muting,
    now: datetime,
) -> tuple[Outbox, tuple[Delivery, ...]]:
    """Return what to do with the outcome of a step, and with what was owed.

    Called after each step, and when a snooze or quiet hours may have ended.
    """
    found: list[Delivery] = []
    for gone in withdrawals:
        outbox, was_told = _over(outbox, (gone.station, gone.topic))
        if was_told:
            found.append(gone)
    for notice in notices:
        if notice.kind is Kind.CLEARED:
            outbox, more = _all_clear(outbox, notice, muting, now)
        elif notice.kind is Kind.NAMED:
            outbox, more = _named(outbox, notice)
        else:
            outbox, more = _new(outbox, notice, muting, now)
        found += more
    for notice in outbox.owed:
        reason = reason_to_mute(notice, muting, now)
        if reason is None:
            outbox = _told(outbox, notice)
            found.append(ShowNotification(notice=notice, late=True))
        elif reason not in _LATER:
            outbox = _without(outbox, _place(notice))
    return outbox, tuple(found)


def notification_record(notice: Notice, *, silenced: bool) -> NotificationRecord:
    """Return what the history keeps of a notice."""
    return NotificationRecord(
        station=notice.station,
        topic=notice.topic,
        at=notice.at,
        level=notice.level.word,
        title=notice.title,
        text=notice.text,
        silenced=silenced,
        closed_at=notice.at if notice.kind is Kind.CLEARED else None,
    )


def _new(
    outbox: Outbox, notice: Notice, muting: Muting, now: datetime
) -> tuple[Outbox, list[Delivery]]:
    reason = reason_to_mute(notice, muting, now)
    if reason is None:
        return _told(outbox, notice), [ShowNotification(notice=notice)]
    outbox = _without(outbox, _place(notice))
    if reason in _LATER:
        outbox = replace(outbox, owed=(*outbox.owed, notice))
    return outbox, [RecordOnly(notice=notice, reason=reason)]


def _named(outbox: Outbox, notice: Notice) -> tuple[Outbox, list[Delivery]]:
    """Put the name into the bubble, or into what is owed; it is no news."""
    owed = replace(notice, kind=Kind.RAISED)
    place = _place(notice)
    renewed = tuple(owed if _place(it) == place else it for it in outbox.owed)
    shown = place in outbox.told and renewed == outbox.owed
    more: list[Delivery] = [ShowNotification(notice=notice, late=True)] if shown else []
    return replace(outbox, owed=renewed), more


def _all_clear(
    outbox: Outbox, notice: Notice, muting: Muting, now: datetime
) -> tuple[Outbox, list[Delivery]]:
    outbox, was_told = _over(outbox, _place(notice))
    if not was_told:
        return outbox, [RecordOnly(notice=notice, reason=Reason.NOT_SHOWN_BEFORE)]
    reason = reason_to_mute(notice, muting, now)
    if reason is None:
        return outbox, [ShowNotification(notice=notice)]
    close = Withdrawal(station=notice.station, topic=notice.topic, at=notice.at)
    return outbox, [RecordOnly(notice=notice, reason=reason), close]


def _over(outbox: Outbox, place: tuple[str, str]) -> tuple[Outbox, bool]:
    was_told = place in outbox.told
    told = tuple(it for it in outbox.told if it != place)
    return replace(_without(outbox, place), told=told), was_told


def _told(outbox: Outbox, notice: Notice) -> Outbox:
    place = _place(notice)
    told = tuple(sorted({*outbox.told, place}))
    return replace(_without(outbox, place), told=told)


def _without(outbox: Outbox, place: tuple[str, str]) -> Outbox:
    owed = tuple(it for it in outbox.owed if _place(it) != place)
    return replace(outbox, owed=owed)


def _place(notice: Notice) -> tuple[str, str]:
    return notice.station, notice.topic
