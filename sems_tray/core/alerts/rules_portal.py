"""GoodWe's service out of reach for long, and sign-ins that need the owner."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.outcome import Trouble
from sems_tray.core.troubles import Cause

from .fold import AT_ONCE, Finding, Needs
from .values import Level, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.core.outcome import Failed

    from .state import Memory
    from .values import AlertRules

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
_SAMPLES = 3
_TWICE = Needs(2)
# A password that worked a moment ago is not wrong because of a stumble or two.
_AFTER_SUCCESS = Needs(3, timedelta(minutes=15))
_CAUSES = frozenset(it.value for it in Cause)


def failure(failed: Failed, memory: Memory, rules: AlertRules) -> Iterator[Finding]:
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


def _cause(failed: Failed) -> str:
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
