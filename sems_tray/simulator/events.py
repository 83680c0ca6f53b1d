"""What goes wrong in a scenario, and from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

STEP = timedelta(minutes=5)
FAULT = "fault"
GRID_LOST = "grid-lost"
SILENT = "silent"
FAULT_AGE = timedelta(minutes=25)
SILENT_AGE = timedelta(minutes=95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One trouble of a station; ``until`` is None while nobody knows the end."""

    kind: str
    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether the trouble is there at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


def floor_step(at: datetime) -> datetime:
    """Return the five-minute node at or before an instant."""
    seconds = at.timestamp()
    return at - timedelta(seconds=seconds % STEP.total_seconds())


def event_of(
    scenario: str, now: datetime, *, at_start: bool, recover_after_s: float | None
) -> Event | None:
    """Return the trouble that a scenario brings, or None."""
    until = (
        None if recover_after_s is None else now + timedelta(seconds=recover_after_s)
    )
    if scenario == SILENT:
        since = floor_step(now - SILENT_AGE)
    elif scenario in {FAULT, GRID_LOST}:
        # Begun while running it may not change minutes that were already served.
        since = floor_step(now - FAULT_AGE if at_start else now)
    else:
        return None
    return Event(kind=scenario, since=since, until=until)


def ended(event: Event, now: datetime) -> Event:
    """Return the event as over by now at the latest."""
    if event.until is not None and event.until <= now:
        return event
    return replace(event, until=max(now, event.since))


def holding(events: Iterable[Event], kind: str, at: datetime) -> Event | None:
    """Return the event of a kind that holds at an instant."""
    return next((e for e in events if e.kind == kind and e.holds(at)), None)
