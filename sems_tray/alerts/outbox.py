"""From notices to bubbles: show, keep silent, show later, close.

What quiet hours or a snooze held back is owed: it is shown once when they end, if it
is still true by then.  What ended meanwhile is only in the history, and so is its
all-clear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from sems_tray.domain.energy import NotificationRecord

from .model import Kind
from .muting import Muted, Reason, Shown, due

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .model import Notice, Withdrawal
    from .muting import Muting


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseNotification:
    """Close a topic's bubble: it is true no more."""

    station: str
    topic: str


Delivery: TypeAlias = ShowNotification | RecordOnly | CloseNotification


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
        found += (
            [CloseNotification(station=gone.station, topic=gone.topic)]
            if was_told
            else []
        )
    for notice in notices:
        if notice.kind is Kind.CLEARED:
            outbox, more = _all_clear(outbox, notice, muting, now)
        elif notice.kind is Kind.NAMED:
            outbox, more = _named(outbox, notice)
        else:
            outbox, more = _new(outbox, notice, muting, now)
        found += more
    for notice in outbox.owed:
        match due(notice, muting, now):
            case Shown():
                outbox = _told(outbox, notice)
                found.append(ShowNotification(notice=notice, late=True))
            case Muted(reason) if reason not in _LATER:
                outbox = _without(outbox, _place(notice))
    return outbox, tuple(found)


def given(notice: Notice, *, silenced: bool) -> NotificationRecord:
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
    match due(notice, muting, now):
        case Shown():
            return _told(outbox, notice), [ShowNotification(notice=notice)]
        case Muted(reason):
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
    match due(notice, muting, now):
        case Shown():
            return outbox, [ShowNotification(notice=notice)]
        case Muted(reason):
            close = CloseNotification(station=notice.station, topic=notice.topic)
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
