"""A station that says nothing by daylight.

It is inferred, so the rule is slow to speak.  Night is never a fault.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.domain.failures import FailureCause
from sems_tray.domain.model import DeviceState
from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n import formatting

from .model import INVERTER, STATION, Level, Rule
from .rules_grid import GRID
from .topics import AT_ONCE, Finding, Needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.domain.model import Inverter, Reading
    from sems_tray.domain.poll_result import PollFailed

    from .model import AlertRules, Memory, Observation


SILENT = "silent"
_ONE = "silent:"
# Any day of this length has some daylight in it, wherever the station stands.
_SILENT_ANYWHERE = timedelta(hours=24)
_SAMPLES = 3
_OFFLINE_FOR = timedelta(minutes=20)
_ONE_OFFLINE_FOR = timedelta(minutes=30)

_SOMETHING_W = 50.0
# In low light an inverter sleeps on while its neighbour on another roof does not.
_ONE_OFFLINE_IN_LOW_LIGHT_FOR = timedelta(hours=2)
# Of the installed power: so much light may wake a roof, and so much wakes every one.
_LIT_SHARE = 0.02
_BRIGHT_SHARE = 0.05


def silent(look: Observation, memory: Memory) -> Iterator[Finding]:
    """Say whether the station, or one of its inverters, has gone silent."""
    yield from _station(look, memory)
    if not look.all_offline and "devices" not in look.reading.stale:
        for place, inverter in enumerate(look.reading.inverters, start=1):
            off = inverter.state is DeviceState.OFFLINE
            if off or memory.topic(_ONE + inverter.sn) is not None:
                yield _inverter(inverter, place, look, memory)


def _station(look: Observation, memory: Memory) -> Iterator[Finding]:
    measured_at = look.reading.measured_at
    said = partial(Finding, topic=SILENT, rule=Rule.SILENT, inferred=True)
    if not look.old and not look.all_offline:
        if measured_at is not None and memory.topic(SILENT) is not None:
            yield said(holds=False)
        return
    if memory.raised(GRID):
        return  # without mains there is often no router either
    last_sign = measured_at if look.old else memory.awake_at
    known_awake = last_sign is not None and look.same_daylight(last_sign)
    due = look.broad_daylight and (known_awake or look.late_morning())
    if look.dark is None:
        due = measured_at is not None and look.at - measured_at >= _SILENT_ANYWHERE
    if due or memory.raised(SILENT):
        lasting = timedelta() if look.old else _OFFLINE_FOR
        yield said(
            holds=True,
            needs=Needs(_SAMPLES, lasting),
            began=last_sign,
            device=INVERTER if len(look.reading.inverters) < 2 else STATION,  # noqa: PLR2004
        )


def _inverter(
    inverter: Inverter, place: int, look: Observation, memory: Memory
) -> Finding:
    holds: bool | None = None
    is_lit = partial(_others_see_sun, look.reading, inverter)
    if inverter.state is DeviceState.OFFLINE:
        light = look.fresh and look.broad_daylight and look.late_morning()
        awake = light and is_lit(_LIT_SHARE)
        holds = True if awake and not memory.raised(GRID) else None
    elif inverter.state is not DeviceState.UNKNOWN:
        holds = False
    is_bright = is_lit(_BRIGHT_SHARE)
    lasting = _ONE_OFFLINE_FOR if is_bright else _ONE_OFFLINE_IN_LOW_LIGHT_FOR
    return Finding(
        topic=_ONE + inverter.sn,
        rule=Rule.SILENT,
        holds=holds,
        inferred=True,
        needs=Needs(_SAMPLES, lasting),
        subject=formatting.name(inverter.name) or str(place),
        device=INVERTER,
    )


def _others_see_sun(reading: Reading, inverter: Inverter, share: float) -> bool:
    """Say whether the other inverters' panels make this share of the installed power.

    A hybrid's own power may come from its battery, and it is awake on a dull day on
    which an inverter without one sleeps on.
    """
    least_w = max(_SOMETHING_W, share * 1000 * (reading.station.capacity_kwp or 0))
    pv_w = reading.power.pv_w
    if pv_w is not None or reading.battery is not None:
        return (pv_w or 0.0) > least_w
    others = [it for it in reading.inverters if it.sn != inverter.sn]
    return any((it.power_w or 0) > least_w for it in others)


# GoodWe's service out of reach for long, and sign-ins that need the owner.


PORTAL = "portal"
SIGN_IN = "sign-in"
OWNERS = frozenset(
    {
        Trouble.REFUSED,
        Trouble.SIGN_IN,
        Trouble.AGREEMENT,
        Trouble.MFA,
        Trouble.CLOCK,
        Trouble.NO_STATION,
    }
)
_TWICE = Needs(2)
# A password that worked a moment ago is not wrong because of a stumble or two.
_AFTER_SUCCESS = Needs(3, timedelta(minutes=15))
_CAUSES = frozenset(it.value for it in FailureCause)


def failure(failed: PollFailed, memory: Memory, rules: AlertRules) -> Iterator[Finding]:
    """Say what a poll without a reading means.

    Until there was a first reading the sign-in dialog speaks for itself.  A computer
    without a network says nothing of GoodWe, and its owner knows.
    """
    trouble = failed.trouble
    if not memory.known or trouble is Trouble.OFFLINE:
        return
    if trouble in OWNERS:
        if memory.topic(PORTAL) is not None:  # it answers, if only to say no
            yield Finding(topic=PORTAL, rule=Rule.PORTAL, holds=False, quiet=True)
        yield Finding(
            topic=SIGN_IN,
            rule=Rule.SIGN_IN,
            holds=True,
            # After a refusal nothing is asked again, so there is no second sign.
            needs=_belief(trouble, memory),
            keys=(trouble.value,),
            name=trouble.value,
            detail=_cause(failed),
        )
        return
    changed = trouble is Trouble.PORTAL_CHANGED
    yield Finding(
        topic=PORTAL,
        rule=Rule.PORTAL,
        holds=True,
        inferred=True,
        needs=Needs(_SAMPLES, rules.portal_after),
        keys=("changed",) if changed else ("away",),
        name=trouble.value,
        detail=_cause(failed),
        pause=failed.retry_after or timedelta(),
    )


def _belief(trouble: Trouble, memory: Memory) -> Needs:
    """Return how often a trouble that is the owner's must be seen."""
    if trouble is Trouble.REFUSED:
        return AT_ONCE
    return _AFTER_SUCCESS if trouble is Trouble.SIGN_IN and memory.worked else _TWICE


def _cause(failed: PollFailed) -> str:
    """Return what is in the way, for our own sentence; else the trouble once more.

    The portal's words are left out: they may be a code, or foreign.
    """
    cause, _, _ = failed.detail.partition(": ")
    known = failed.trouble is Trouble.UNREACHABLE and cause in _CAUSES
    return cause if known else failed.trouble.value


def success(memory: Memory) -> Iterator[Finding]:
    """Say that a reading came: GoodWe answers, and to this account."""
    for topic, rule in ((PORTAL, Rule.PORTAL), (SIGN_IN, Rule.SIGN_IN)):
        if memory.topic(topic) is not None:
            yield Finding(topic=topic, rule=rule, holds=False, level=Level.INFO)
