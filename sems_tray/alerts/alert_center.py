"""Everything about alerts as one value that is folded: rules, muting, what is seen.

The pieces are pure apart from each other; this is their order after each poll, and
what of them a restart must not forget.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from .delivery import (
    Acknowledged,
    Muting,
    Outbox,
    RecordOnly,
    ShowNotification,
    deliver,
    notification_record,
    renewed,
)
from .engine import step, switched
from .model import AlertState, AwareTime, Kind, Level, Withdrawal
from .topics import restored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sems_tray.domain.energy import NotificationRecord
    from sems_tray.domain.model import Reading
    from sems_tray.domain.poll_result import PollFailed

    from .delivery import Delivery
    from .model import AlertRules, Context, Notice


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
    recorded = [
        it
        for it in deliveries
        if isinstance(it, RecordOnly)
        or (isinstance(it, ShowNotification) and not it.late)
    ]
    ended: list[Notice | Withdrawal] = [*withdrawals]
    ended += [it for it in notices if it.kind is Kind.CLEARED]
    return AlertUpdate(
        centre=replace(
            centre, outbox=outbox, unseen=_marked(centre.unseen, deliveries)
        ),
        deliveries=deliveries,
        notices=tuple(
            notification_record(it.notice, silenced=isinstance(it, RecordOnly))
            for it in recorded
        ),
        closed=tuple((it.station, it.topic, it.at) for it in ended),
    )


def _marked(
    unseen: tuple[tuple[str, str, str], ...], deliveries: tuple[Delivery, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Add what matters to what nobody has looked at yet."""
    found = {(station, topic): title for station, topic, title in unseen}
    for delivery in deliveries:
        if isinstance(delivery, Withdrawal):
            continue
        notice = delivery.notice
        matters = notice.kind is not Kind.CLEARED and notice.level >= Level.WARNING
        if matters:
            found[notice.station, notice.topic] = notice.title
    rows = [(*place, title) for place, title in found.items()]
    return tuple(rows[-_MOST_UNSEEN:])


# What a restart must not forget, as plain JSON values and back.
#
# What is damaged, or was written by a newer version, begins anew by itself.


# Under these names the store keeps it, for no station in particular.
ALERTS, OUTBOX, MUTING, UNSEEN = "alerts", "outbox", "silence", "unseen"
NAMES = (ALERTS, OUTBOX, MUTING, UNSEEN)
_VERSION = {"version": 1}
T = TypeVar("T")


class _SavedMuting(msgspec.Struct, frozen=True, kw_only=True):
    """Snooze and acknowledgements; quiet hours are among the settings."""

    snoozed_until: AwareTime | None
    acknowledged: tuple[tuple[str, str, str], ...]


def to_json(centre: AlertCenter) -> Mapping[str, object]:
    """Return what a restart must not forget, by name."""
    known = ((it.station, it.topic, it.key) for it in centre.muting.acknowledged)
    muting = _SavedMuting(
        snoozed_until=centre.muting.snoozed_until, acknowledged=tuple(sorted(known))
    )
    parts = {ALERTS: centre.alerts, OUTBOX: centre.outbox, MUTING: muting}
    saved = {name: _VERSION | msgspec.to_builtins(it) for name, it in parts.items()}
    return {**saved, UNSEEN: msgspec.to_builtins(centre.unseen)}


def from_json(saved: Mapping[str, object], muting: Muting) -> AlertCenter:
    """Return what was saved, for a new run; the rest is as ``muting`` says.

    A state that cannot be read announces nothing of what is already wrong: it was most
    likely announced before.  None stands for the first start ever.
    """
    alerts = _read(saved.get(ALERTS), AlertState)
    if alerts is None:
        alerts = AlertState(adopting=saved.get(ALERTS) is not None)
    known = _read(saved.get(MUTING), _SavedMuting)
    if known is not None:
        muting = replace(
            muting,
            snoozed_until=known.snoozed_until,
            acknowledged=frozenset(
                Acknowledged(station=station, topic=topic, key=key)
                for station, topic, key in known.acknowledged
            ),
        )
    return AlertCenter(
        alerts=restored(alerts),
        outbox=_read(saved.get(OUTBOX), Outbox) or Outbox(),
        muting=muting,
        unseen=_converted(saved.get(UNSEEN), tuple[tuple[str, str, str], ...]) or (),
    )


def _read(saved: object, kind: type[T]) -> T | None:
    """Return a part that this version wrote; None if it cannot be read."""
    known = isinstance(saved, dict) and saved.get("version") == _VERSION["version"]
    return _converted(saved, kind) if known else None


def _converted(saved: object, kind: type[T]) -> T | None:
    try:
        return msgspec.convert(saved, kind)
    except msgspec.ValidationError:
        return None
