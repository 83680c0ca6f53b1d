"""Everything about alerts as one value that is folded: rules, muting, what is seen.

The pieces are pure apart from each other; this is their order after each poll.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .engine import step, switched
from .model import AlertState, Kind, Level
from .muting import Muting, renewed
from .outbox import (
    CloseNotification,
    Outbox,
    RecordOnly,
    ShowNotification,
    deliver,
    given,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.energy import NotificationRecord
    from sems_tray.domain.model import Reading
    from sems_tray.domain.poll_result import PollFailed

    from .model import AlertRules, Context, Notice, Withdrawal
    from .outbox import Delivery


_MOST_UNSEEN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCenter:
    """What is remembered. ``unseen`` are titles that ended before the owner looked."""

    alerts: AlertState = field(default_factory=AlertState)
    outbox: Outbox = field(default_factory=Outbox)
    muting: Muting = field(default_factory=Muting)
    unseen: tuple[tuple[str, str, str], ...] = ()  # station, topic, title


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUpdate:
    """What a step comes to: bubbles, and what the history keeps of it."""

    centre: AlertCenter
    deliveries: tuple[Delivery, ...] = ()
    notices: tuple[NotificationRecord, ...] = ()
    closed: tuple[tuple[str, str, datetime], ...] = ()


def polled(
    centre: AlertCenter, event: Reading | PollFailed, now: datetime, context: Context
) -> AlertUpdate:
    """Fold the outcome of a poll in."""
    alerts, notices, withdrawals = step(centre.alerts, event, now, context)
    muting = renewed(centre.muting, (*notices, *withdrawals))
    return _delivered(
        replace(centre, alerts=alerts, muting=muting), notices, withdrawals, now
    )


def ruled(centre: AlertCenter, rules: AlertRules, now: datetime) -> AlertUpdate:
    """Withdraw at once what is watched no more."""
    alerts, gone = switched(centre.alerts, now, rules)
    places = {(it.station, it.topic) for it in gone}
    unseen = tuple(it for it in centre.unseen if it[:2] not in places)
    muting = renewed(centre.muting, gone)
    return _delivered(
        replace(centre, alerts=alerts, muting=muting, unseen=unseen), (), gone, now
    )


def noted(centre: AlertCenter, station: str, topic: str) -> AlertCenter:
    """Note that the owner knows of one thing."""
    unseen = tuple(it for it in centre.unseen if it[:2] != (station, topic))
    return replace(centre, unseen=unseen)


def later(centre: AlertCenter, now: datetime) -> AlertUpdate:
    """Deliver what was owed, once a snooze or quiet hours are over."""
    return _delivered(centre, (), (), now)


def seen(centre: AlertCenter) -> AlertCenter:
    """Note that the owner looked."""
    return centre if not centre.unseen else replace(centre, unseen=())


def _delivered(
    centre: AlertCenter,
    notices: tuple[Notice, ...],
    withdrawals: tuple[Withdrawal, ...],
    now: datetime,
) -> AlertUpdate:
    outbox, deliveries = deliver(
        centre.outbox, notices, withdrawals, centre.muting, now
    )
    closed = [(it.station, it.topic, it.at) for it in withdrawals]
    closed += [
        (notice.station, notice.topic, notice.at)
        for notice in notices
        if notice.kind is Kind.CLEARED
    ]
    return AlertUpdate(
        centre=replace(
            centre, outbox=outbox, unseen=_marked(centre.unseen, deliveries)
        ),
        deliveries=deliveries,
        notices=tuple(
            given(delivery.notice, silenced=isinstance(delivery, RecordOnly))
            for delivery in deliveries
            if isinstance(delivery, RecordOnly)
            or (isinstance(delivery, ShowNotification) and not delivery.late)
        ),
        closed=tuple(closed),
    )


def _marked(
    unseen: tuple[tuple[str, str, str], ...], deliveries: tuple[Delivery, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Add what matters to what nobody has looked at yet."""
    found = {(station, topic): title for station, topic, title in unseen}
    for delivery in deliveries:
        if isinstance(delivery, CloseNotification):
            continue
        notice = delivery.notice
        matters = notice.kind is not Kind.CLEARED and notice.level >= Level.WARNING
        if matters:
            found[notice.station, notice.topic] = notice.title
    rows = [(*place, title) for place, title in found.items()]
    return tuple(rows[-_MOST_UNSEEN:])
