"""What can be fetched of a station's past, one polite request or two at a time."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from .history import DayTotals, PeriodTotals

# Counters are wrong for a while after midnight (facts, section 3, "Midnight").
_SETTLED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class YearStep:
    """A year's totals and those of its months."""

    year: int


@dataclass(frozen=True, slots=True)
class MonthStep:
    """The totals of a month's days, and of the month; ``first`` is its first date."""

    first: date


@dataclass(frozen=True, slots=True)
class CurveStep:
    """The powers of one date."""

    day: date


@dataclass(frozen=True, slots=True)
class IncomeStep:
    """What a date earned, where its totals do not tell."""

    day: date


Step: TypeAlias = YearStep | MonthStep | CurveStep | IncomeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Totals as the portal tells them; final ones are of periods that are over.

    A period of which the portal knows nothing is left out.  ``zeros`` are a month's
    first days with no energy at all, ``zero_months`` such months, a year's first ones
    too: true if the station was there by then.
    """

    days: tuple[DayTotals, ...] = ()
    months: tuple[PeriodTotals, ...] = ()
    years: tuple[PeriodTotals, ...] = ()
    zeros: tuple[DayTotals, ...] = ()
    zero_months: tuple[PeriodTotals, ...] = ()


def month_end(day: date) -> date:
    """Return the last date of the month that holds a date."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def settled_until(now: datetime, where: tzinfo) -> date:
    """Return the first local date whose totals may still change: today, mostly."""
    return (now.astimezone(where) - _SETTLED).date()
