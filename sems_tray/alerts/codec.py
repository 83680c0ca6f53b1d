"""What of the alerts a restart must not forget, as plain JSON values and back.

What is damaged, or was written by a newer version, begins anew by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from .alert_center import AlertCenter
from .model import AlertState, AwareTime, Memory, Notice
from .muting import Acknowledged
from .outbox import Outbox
from .topics import restored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .muting import Muting


# Under these names the store keeps them, for no station in particular.
ALERTS, OUTBOX, MUTING, UNSEEN = "alerts", "outbox", "silence", "unseen"
NAMES = (ALERTS, OUTBOX, MUTING, UNSEEN)
T = TypeVar("T")


class _SavedAlerts(msgspec.Struct, frozen=True, kw_only=True):
    version: Literal[1] = 1
    adopting: bool
    memories: tuple[Memory, ...]


class _SavedOutbox(msgspec.Struct, frozen=True, kw_only=True):
    version: Literal[1] = 1
    owed: tuple[Notice, ...]
    told: tuple[tuple[str, str], ...]


class _SavedMuting(msgspec.Struct, frozen=True, kw_only=True):
    version: Literal[1] = 1
    snoozed_until: AwareTime | None
    acknowledged: tuple[tuple[str, str, str], ...]


def to_json(center: AlertCenter) -> Mapping[str, object]:
    """Return what a restart must not forget, by name."""
    return {
        ALERTS: alerts_to_json(center.alerts),
        OUTBOX: outbox_to_json(center.outbox),
        MUTING: muting_to_json(center.muting),
        UNSEEN: msgspec.to_builtins(center.unseen),
    }


def from_json(saved: Mapping[str, object], muting: Muting) -> AlertCenter:
    """Return what was saved, for a new run; the rest is as ``muting`` says."""
    return AlertCenter(
        alerts=restored(alerts_from_json(saved.get(ALERTS))),
        outbox=outbox_from_json(saved.get(OUTBOX)),
        muting=muting_from_json(saved.get(MUTING), muting),
        unseen=_read(saved.get(UNSEEN), tuple[tuple[str, str, str], ...]) or (),
    )


def alerts_to_json(state: AlertState) -> object:
    """Return what the rules remember as plain values."""
    return msgspec.to_builtins(
        _SavedAlerts(adopting=state.adopting, memories=state.memories)
    )


def alerts_from_json(saved: object) -> AlertState:
    """Return what the rules remember; ``None`` stands for the first start ever.

    A state that cannot be read announces nothing of what is already wrong: it was most
    likely announced before.
    """
    if saved is None:
        return AlertState()
    found = _read(saved, _SavedAlerts)
    if found is None:
        return AlertState(adopting=True)
    return AlertState(memories=found.memories, adopting=found.adopting)


def outbox_to_json(outbox: Outbox) -> object:
    """Return the outbox as plain values."""
    return msgspec.to_builtins(_SavedOutbox(owed=outbox.owed, told=outbox.told))


def outbox_from_json(saved: object) -> Outbox:
    """Return the outbox; an empty one if it cannot be read."""
    found = _read(saved, _SavedOutbox)
    return Outbox() if found is None else Outbox(owed=found.owed, told=found.told)


def muting_to_json(muting: Muting) -> object:
    """Return snooze and acknowledgements; quiet hours are among the settings."""
    known = ((it.station, it.topic, it.key) for it in muting.acknowledged)
    return msgspec.to_builtins(
        _SavedMuting(
            snoozed_until=muting.snoozed_until, acknowledged=tuple(sorted(known))
        )
    )


def muting_from_json(saved: object, muting: Muting) -> Muting:
    """Return ``muting`` with what was saved; as it is if that cannot be read."""
    found = _read(saved, _SavedMuting)
    if found is None:
        return muting
    return replace(
        muting,
        snoozed_until=found.snoozed_until,
        acknowledged=frozenset(
            Acknowledged(station=station, topic=topic, key=key)
            for station, topic, key in found.acknowledged
        ),
    )


def _read(saved: object, kind: type[T]) -> T | None:
    try:
        return msgspec.convert(saved, kind)
    except msgspec.ValidationError:
        return None
