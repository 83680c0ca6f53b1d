"""Which part of the past is looked at, and what the store is asked for it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, assert_never

from .date_words import day_title, month_title
from .history import Period
from .language import trc
from .model import NO_SUMS
from .past import month_end

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from .history import DayTotals, Gap, PeriodTotals
    from .model import CurvePoint, EnergySums

_ONE_DAY = timedelta(days=1)
_OLDEST_YEARS = 25  # as in the search for a station's first month


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The day, month, year or lifetime that holds a date.

    The date stays as it is, so that a look at its month leads back to it.
    """

    kind: Period = Period.DAY
    day: date

    @property
    def key(self) -> str:
        """The period's name: "2026-06-21", "2026-06", "2026" or ""."""
        return self.kind.key(self.day)

    def holds(self, day: date) -> bool:
        """Say whether a date is part of it."""
        return self.kind.key(day) == self.key

    def same(self, other: Selection) -> bool:
        """Say whether both are about the same period."""
        return self.kind is other.kind and self.key == other.key

    def previous(self) -> Selection:
        """Return the period before; a lifetime has none."""
        return self._moved(-1)

    def next(self) -> Selection:
        """Return the period after; a lifetime has none."""
        return self._moved(1)

    def has_previous(self, first: date) -> bool:
        """Say whether something of the period before is on or after a date."""
        return self._is_bounded() and self.previous().key >= self.kind.key(first)

    def has_next(self, today: date) -> bool:
        """Say whether the period after has begun."""
        return self._is_bounded() and self.next().key <= self.kind.key(today)

    def clamped(self, first: date, today: date) -> Selection:
        """Return it with a date from the first to today."""
        return replace(self, day=min(max(self.day, first), today))

    def title(self) -> str:
        """Return "Sunday, 21 June 2026", "June 2026", "2026" or "Lifetime"."""
        match self.kind:
            case Period.DAY:
                return day_title(self.day)
            case Period.MONTH:
                return month_title(self.day)
            case Period.YEAR:
                return self.key
            case Period.TOTAL:
                return trc("period", "Lifetime")
            case _:
                assert_never(self.kind)

    def _is_bounded(self) -> bool:
        return self.kind is not Period.TOTAL

    def _moved(self, by: int) -> Selection:
        match self.kind:
            case Period.DAY:
                return replace(self, day=self.day + by * _ONE_DAY)
            case Period.MONTH:
                return replace(self, day=months_later(self.day, by))
            case Period.YEAR:
                return replace(self, day=months_later(self.day, 12 * by))
            case Period.TOTAL:
                return self
            case _:
                assert_never(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to read: the curve of a date, and the totals of spans of dates."""

    curve: date | None = None
    spans: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the store holds of it.

    ``months`` and ``years`` are all that are known; ``first`` the first date of which
    anything is known, ``began`` the station's first month once the search for it is
    over.  ``trouble`` says why nothing could be read.
    """

    points: tuple[CurvePoint, ...] = ()
    days: tuple[DayTotals, ...] = ()
    months: tuple[PeriodTotals, ...] = ()
    years: tuple[PeriodTotals, ...] = ()
    total: EnergySums = NO_SUMS
    first: date | None = None
    began: date | None = None
    trouble: str = ""

    def earliest(self, today: date) -> date:
        """Return the date before which there is nothing to look for."""
        if self.began is None:
            return date(today.year - _OLDEST_YEARS, 1, 1)
        return min(self.began, self.first or self.began)


class HistorySource(Protocol):
    """The store as the page asks it, for one station; quick, and never raises."""

    def read(self, wanted: Wanted) -> Held:
        """Return what is held."""

    def gaps(self, first: date, last: date) -> tuple[Gap, ...]:
        """Return the dates that could be fetched; none where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What time it is at the station."""

    now: datetime
    where: tzinfo
    settled: date  # the first date whose totals may still change

    @property
    def today(self) -> date:
        """The station's date."""
        return self.now.astimezone(self.where).date()


def wanted(selection: Selection, today: date) -> Wanted:
    """Return what is to be read for a selection and what it is compared with."""
    day = selection.day
    match selection.kind:
        case Period.DAY:
            first = min(day - _ONE_DAY, day.replace(day=1))
            return Wanted(curve=day, spans=((first, month_end(day)),))
        case Period.MONTH:
            before, year_ago = months_later(day, -1), months_later(day, -12)
            return Wanted(
                spans=(
                    (year_ago.replace(day=1), month_end(year_ago)),
                    (before.replace(day=1), month_end(day)),
                )
            )
        case Period.YEAR:
            return Wanted(spans=((date(day.year - 1, 1, 1), date(day.year, 12, 31)),))
        case Period.TOTAL:
            return Wanted(spans=((date(today.year - _OLDEST_YEARS, 1, 1), today),))
        case _:
            assert_never(selection.kind)


def months_later(day: date, count: int) -> date:
    """Return the date so many months later, or the last one of a shorter month."""
    number = day.year * 12 + day.month - 1 + count
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
