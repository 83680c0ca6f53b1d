"""What to fetch of a station's past, in which order, and how fast.

Totals come first: they are few requests and most of what an owner asks for.  The newest
comes first, too.  What the history holds already is not fetched again, which makes a
back-fill resumable without any book-keeping but the history itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.energy import CurveStep, IncomeStep, MonthStep
from sems_tray.domain.poll_result import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sems_tray.domain.energy import MissingDay, PeriodStatistics, PeriodTotals, Step
    from sems_tray.domain.model import EnergySums
    from sems_tray.domain.poll_result import PollFailed


# A step is one to three requests; a poll makes as many at once every few minutes.
PACE = timedelta(seconds=5)
LOCAL_PACE = timedelta(seconds=0.3)  # a portal on this computer
_AFTER_FAILURE = timedelta(minutes=5)
# Troubles that go away by themselves.
_PASSING = {Trouble.THROTTLED, Trouble.OFFLINE, Trouble.UNREACHABLE}
# GoodWe has monitored inverters for less than that.
_OLDEST_YEARS = 25
# Under this name the store keeps, for each station, whether the whole past is wanted
# and the first month that was found.
PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search for a station's first month, year by year backwards.

    ``first`` is the earliest month found so far; ``year`` the next year to ask for,
    None when the search is over; ``empty`` counts years without anything.
    """

    year: int | None
    first: date | None = None
    empty: int = 0

    def after(self, found: PeriodStatistics) -> Search:
        """Return where the search stands after a year was asked for."""
        if self.year is None:
            return self
        months = [_month(it) for it in found.months if any_energy(it.sums)]
        if not months and any(any_energy(it.sums) for it in found.years):
            months = [date(self.year, 1, 1)]
        if not months:
            # Before the station was built; or early in January, and not a word yet.
            over = self.first is not None or self.empty > 0
            return replace(
                self, year=None if over else self.year - 1, empty=self.empty + 1
            )
        return Search(year=self.year - 1, first=min(months))

    def given_up(self, today: date) -> bool:
        """Say whether it leads nowhere: no station is that old."""
        return self.year is not None and self.year < today.year - _OLDEST_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPart:
    """A part of the past that is wanted; both dates are inclusive."""

    first: date
    last: date
    curves: bool = True
    totals: bool = True

    @property
    def months(self) -> int:
        """How many months it touches."""
        years = self.last.year - self.first.year
        return 12 * years + self.last.month - self.first.month + 1

    def wants(self, gap: MissingDay) -> bool:
        """Say whether what a date lacks is of this part."""
        inside = self.first <= gap.day <= self.last
        return inside and ((gap.curve and self.curves) or (gap.totals and self.totals))


# All there is.
WHOLE = PastPart(first=date.min, last=date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a back-fill is. ``total`` is None while the first month is looked for.

    ``failed`` says why it pauses or ended, ``trouble`` why the history cannot keep what
    comes; ``finished`` that it did not give up.
    """

    done: int = 0
    total: int | None = None
    at: Step | None = None
    failed: PollFailed | None = None
    finished: bool = False
    trouble: str = ""


def steps(gaps: Iterable[MissingDay]) -> tuple[Step, ...]:
    """Return what would fill the gaps: months, then date by date, the newest first."""
    rows = sorted(gaps, key=lambda it: it.day, reverse=True)
    found: list[Step] = [MonthStep(it.day.replace(day=1)) for it in rows if it.totals]
    for gap in rows:
        found += [IncomeStep(gap.day)] if gap.income else []
        found += [CurveStep(gap.day)] if gap.curve else []
    return tuple(dict.fromkeys(found))


def pause_after(progress: Progress, pace: timedelta) -> timedelta | None:
    """Return how long to wait before the next step; None if there is none.

    There is none after a failure that only the owner can mend.
    """
    failed = progress.failed
    if progress.finished:
        return None
    if progress.trouble:  # a disk that is full may have room later
        return _AFTER_FAILURE
    if failed is None:
        return pace
    if failed.trouble not in _PASSING:
        return None
    return max(failed.retry_after or timedelta(), _AFTER_FAILURE)


def first_month_of(state: object) -> date | None:
    """Return a station's first month by the stored state of its back-fill.

    None while the search for it is not over.
    """
    first = state.get("first") if isinstance(state, dict) else None
    try:
        return date.fromisoformat(first) if isinstance(first, str) else None
    except ValueError:
        return None


def _month(total: PeriodTotals) -> date:
    return date.fromisoformat(f"{total.key}-01")


def any_energy(sums: EnergySums) -> bool:
    """Say whether there was any: a row of zeros is also told of times before it."""
    return any((sums.pv_kwh, sums.load_kwh, sums.import_kwh, sums.export_kwh))
