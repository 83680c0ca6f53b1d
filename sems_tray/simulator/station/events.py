"""What goes wrong in a scenario, and from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=5)
FAULT = "fault"
GRID_LOST = "grid-lost"
SILENT = "silent"
ALARM = "alarm"  # an alarm row, and nothing else
ONE_OFF = "one-off"  # one inverter is off, the others go on
DEAD = "dead"  # all panels give nothing, and no inverter says why
STUCK = "stuck"  # the battery stands still
SNOW = "snow"  # on the panels
PAUSE = "pause"  # the logger reports nothing, and the portal does not mind yet
RESTARTED = "restarted"  # an inverter's counters begin anew
FAULT_AGE = timedelta(minutes=25)
SILENT_AGE = timedelta(minutes=95)
_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One trouble of a station; ``until`` is None while nobody knows the end.

    ``device`` is the inverter's place in the station, the last one if None.  The
    portal lists its alarm ``alarm_after`` it began (None: never), under ``alarm_name``
    if that is not the usual one, and says that the grid is gone ``told_after``.
    ``meter_w`` is what a meter shows without a grid.
    """

    kind: str
    since: datetime
    until: datetime | None = None
    device: int | None = None
    alarm_after: timedelta | None = timedelta()
    alarm_name: str = ""  # see alarms.VAC_FAILURE
    told_after: timedelta = timedelta()
    meter_w: int = 0

    def holds(self, at: datetime) -> bool:
        """Say whether the trouble is there at an instant."""
        return self.since <= at and (self.until is None or at < self.until)

    def place(self, inverters: int) -> int:
        """Return which of the station's inverters it is about."""
        return inverters - 1 if self.device is None else self.device


class EventLog:
    """Events by the days on which they hold: a year of them has hundreds."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)
        self._of_day: dict[int, tuple[Event, ...]] = {}

    def around(self, at: datetime) -> tuple[Event, ...]:
        """Return the events that hold at some time of an instant's UTC day."""
        day = int(at.timestamp() // _DAY_S)
        if day not in self._of_day:
            start = datetime.fromtimestamp(day * _DAY_S, UTC)
            end = start + timedelta(days=1)
            self._of_day[day] = tuple(
                it
                for it in self._events
                if it.since < end and (it.until is None or start < it.until)
            )
        return self._of_day[day]


def floor_step(at: datetime) -> datetime:
    """Return the five-minute node at or before an instant."""
    seconds = at.timestamp()
    return at - timedelta(seconds=seconds % STEP.total_seconds())


def events_of(
    scenario: str, now: datetime, *, at_start: bool, recover_after_s: float | None
) -> tuple[Event, ...]:
    """Return the trouble that a scenario brings, if it brings one."""
    until = (
        None if recover_after_s is None else now + timedelta(seconds=recover_after_s)
    )
    if scenario == SILENT:
        since = floor_step(now - SILENT_AGE)
    elif scenario in {FAULT, GRID_LOST}:
        # Begun while running it may not change minutes that were already served.
        since = floor_step(now - FAULT_AGE if at_start else now)
    else:
        return ()
    return (Event(kind=scenario, since=since, until=until),)


def ended(event: Event, now: datetime) -> Event:
    """Return the event as over by now at the latest."""
    if event.until is not None and event.until <= now:
        return event
    return replace(event, until=max(now, event.since))


def holding(events: Iterable[Event], kind: str, at: datetime) -> Event | None:
    """Return the event of a kind that holds at an instant."""
    return next((e for e in events if e.kind == kind and e.holds(at)), None)
