"""The hours of one local date on a line: 23, 24 or 25 of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from .history import day_span
from .language import tr

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

STEPS_H = (1, 2, 3, 4, 6, 12)
# Zones are whole quarters of an hour from UTC, and so are the clock's jumps.
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour of the local clock and its true time."""

    at: datetime
    text: str


def hours(day: date, where: tzinfo, step_h: int) -> tuple[Hour, ...]:
    """Return every so many hours of the local clock, and the end of the day as "24".

    An hour that the clock skips is missing; one that it repeats is there twice.
    """
    start, end = day_span(day, where)
    found = []
    for n in range((end - start) // _QUARTER):
        at = start + n * _QUARTER
        local = at.astimezone(where)
        if local.minute == 0 and local.hour % step_h == 0:
            found.append(Hour(at, f"{local:%H}"))
    return (*found, Hour(end, "24"))


def clock_text(at: datetime, where: tzinfo) -> str:
    """Return "02:30", and in an hour that comes twice which of the two it is."""
    local = at.astimezone(where)
    other = local.replace(fold=1 - local.fold)
    if local.utcoffset() == other.utcoffset():
        return f"{local:%H:%M}"
    # The clock goes back from summer to winter: the first pass is summer's.
    text = tr("{clock} winter time") if local.fold else tr("{clock} summer time")
    return text.format(clock=f"{local:%H:%M}")


def same_clock(at: datetime) -> datetime:
    """Return a time as UTC, in which differences are true ones.

    Python subtracts two times of one zone by their clocks, across its jumps.
    """
    return at.astimezone(UTC)
