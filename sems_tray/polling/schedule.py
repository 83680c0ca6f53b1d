"""When to poll again: a cadence for good times, a back-off for bad ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sems_tray.domain.poll_result import PollOutcome


LIVE = timedelta(minutes=2)
LEAST_LIVE = timedelta(minutes=1)
MOST_LIVE = timedelta(minutes=30)
DEMO = timedelta(seconds=15)
WATCHED = timedelta(seconds=60)
DARK = timedelta(minutes=15)
DARK_WITH_BATTERY = timedelta(minutes=5)

FIRST_BACKOFF = timedelta(seconds=60)
MOST_BACKOFF = timedelta(minutes=15)
# Without a network nothing leaves the computer: look often whether it is back.
MOST_OFFLINE = timedelta(seconds=60)
THROTTLED = timedelta(seconds=300)  # what the client takes for a pause of no length
_MOST_DOUBLINGS = 3
_JITTER_SHARE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceInputs:
    """What the cadence depends on (design, section 3, "Politeness")."""

    live: timedelta = LIVE
    dark: bool | None = None
    has_battery: bool = False
    watched: bool = False
    throttled_today: int = 0
    demo: bool = False  # the portal is the program's own: nobody to be polite to


def period(situation: CadenceInputs) -> timedelta:
    """Return the time between two polls; repeated throttling slows the whole day."""
    if situation.demo:
        return DEMO
    if situation.watched:
        base = WATCHED
    elif situation.dark:
        base = DARK_WITH_BATTERY if situation.has_battery else DARK
    else:
        base = min(max(situation.live, LEAST_LIVE), MOST_LIVE)
    slowing = 1 << min(max(situation.throttled_today - 1, 0), _MOST_DOUBLINGS)
    return max(base, min(base * slowing, MOST_LIVE))


def next_delay(
    outcome: PollOutcome, situation: CadenceInputs, *, failures: int, jitter: float
) -> timedelta | None:
    """Return the wait before the next poll, or None to stop until asked.

    ``failures`` counts the polls in a row without a reading, this one included;
    ``jitter`` is in [0, 1).
    """
    match outcome:
        case PollSucceeded(pause=pause):
            return max(period(situation), pause or timedelta())
        case PollFailed(trouble=Trouble.REFUSED):
            return None
        case PollFailed(trouble=Trouble.THROTTLED, retry_after=wait):
            return max(wait or timedelta(), period(situation))
        case PollFailed(trouble=Trouble.OFFLINE):
            return min(backoff(failures, jitter), MOST_OFFLINE)
        case PollFailed(retry_after=wait):
            return max(backoff(failures, jitter), wait or timedelta())
        case _:
            assert_never(outcome)


def throttlings(
    before: Sequence[datetime], outcome: PollOutcome, now: datetime
) -> tuple[datetime, ...]:
    """Return when the portal asked for a pause today, this outcome included."""
    if isinstance(outcome, PollSucceeded):
        asked = outcome.pause is not None
    else:
        asked = outcome.trouble is Trouble.THROTTLED
    today = now.astimezone().date()
    times = (*before, now) if asked else tuple(before)
    return tuple(at for at in times if at.astimezone().date() == today)


def backoff(failures: int, jitter: float) -> timedelta:
    """Return 60 s doubling to 15 min, a little spread so that not all come at once."""
    base = FIRST_BACKOFF * (1 << min(max(failures - 1, 0), 10))
    return min(base * (1 + _JITTER_SHARE * jitter), MOST_BACKOFF)


TICK = timedelta(seconds=30)
_SLACK = timedelta(seconds=60)


def slept(last_tick_at: float, now: float) -> bool:
    """Say whether far more wall time (s) passed than one tick takes, or it ran back."""
    gap = timedelta(seconds=now - last_tick_at)
    return gap > TICK + _SLACK or gap < -_SLACK
